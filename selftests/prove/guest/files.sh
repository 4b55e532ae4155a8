# SPDX-License-Identifier: GPL-2.0
# Files that the host wrote have their sums here; what is changed here the host
# looks at afterwards.
# modules: ext4
# time: 300
. /bed/tests/guest/lib/prove.sh
plan 8
A=$(address disk0)
modprobe ext4
free_functions "$A" && load
wait_for 20 ours "$A"
expect "virtio_blk is not loaded" no_virtio_blk
is "the disk is ubd0" "$(name_at "$A")" ubd0
links

expect "the image can be mounted" mount -t ext4 /dev/ubd0 /mnt
cd /mnt || exit
begin=$(now_ms)
expect "every file has its sum" sha256sum -s -c /bed/files/manifest
tell "$(wc -l </bed/files/manifest) files ($(du -sm . | cut -f 1) MB) verified in $((($(now_ms) - begin) / 1000)) s"
is "and there is no other" "$(find . -type f | wc -l)" "$(wc -l </bed/files/manifest)"
begin=$(now_ms)
expect "files are changed, added, removed, renamed" sh /bed/files/change . /bed/files/manifest
cd / || exit
expect "it can be unmounted" umount /mnt
tell "changed and unmounted in $((($(now_ms) - begin) / 1000)) s; QEMU saw $(host stats disk0 rd_bytes) bytes read, $(host stats disk0 wr_bytes) written, $(host stats disk0 flush_operations) flushes"
expect "the device is Connected" in_state ubd0 Connected
