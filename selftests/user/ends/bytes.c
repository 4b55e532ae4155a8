// SPDX-License-Identifier: GPL-2.0
/* bytes.c - what moves and sums bytes in the kernel, for device ends under test */
#include <linux/kfifo.h>
#include <linux/uio.h>
#include <net/checksum.h>

#include "harness.h"

void iov_iter_kvec(struct iov_iter *i, int direction, const struct kvec *kvec,
		   unsigned long nr, size_t count)
{
	*i = (struct iov_iter) {
		.direction = direction,
		.kvec = kvec,
		.nr = nr,
		.count = count,
	};
}

/* One step of at most @bytes, which are at @place; 0: the end. */
static size_t step(struct iov_iter *i, size_t bytes, u8 **place)
{
	size_t n = min_t(size_t, bytes, i->count);

	while (n && i->nr && i->at == i->kvec->iov_len) {
		i->kvec++;
		i->nr--;
		i->at = 0;
	}
	/* a count that is more than there is would be a bug of the end */
	CHECK(!n || i->nr);
	if (!n)
		return 0;
	n = min_t(size_t, n, i->kvec->iov_len - i->at);
	*place = (u8 *)i->kvec->iov_base + i->at;
	i->at += n;
	i->count -= n;
	return n;
}

size_t copy_from_iter(void *to, size_t bytes, struct iov_iter *i)
{
	size_t done = 0, n;
	u8 *place;

	CHECK_EQ(i->direction, ITER_SOURCE);
	for (; (n = step(i, bytes - done, &place)); done += n)
		memcpy((u8 *)to + done, place, n);
	return done;
}

size_t copy_to_iter(const void *from, size_t bytes, struct iov_iter *i)
{
	size_t done = 0, n;
	u8 *place;

	CHECK_EQ(i->direction, ITER_DEST);
	for (; (n = step(i, bytes - done, &place)); done += n)
		memcpy(place, (const u8 *)from + done, n);
	return done;
}

void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	size_t n;
	u8 *place;

	for (; (n = step(i, bytes, &place)); bytes -= n)
		;
}

unsigned int user_fifo_in(struct user_fifo *f, u8 *data, unsigned int size,
			  const u8 *from, unsigned int n)
{
	unsigned int at = f->in % size, first;

	n = min_t(unsigned int, n, size - (f->in - f->out));
	first = min_t(unsigned int, n, size - at);
	memcpy(data + at, from, first);
	memcpy(data, from + first, n - first);
	f->in += n;
	return n;
}

unsigned int user_fifo_out(struct user_fifo *f, const u8 *data,
			   unsigned int size, u8 *to, unsigned int n)
{
	unsigned int at = f->out % size, first;

	n = min_t(unsigned int, n, f->in - f->out);
	first = min_t(unsigned int, n, size - at);
	memcpy(to, data + at, first);
	memcpy(to + first, data, n - first);
	f->out += n;
	return n;
}

/* RFC 1071, of bytes in the order of the wire */
__wsum csum_partial(const void *data, int len, __wsum sum)
{
	u64 total = sum;
	u16 word;

	for (; len > 1; len -= 2, data += 2) {
		memcpy(&word, data, 2);
		total += word;
	}
	if (len)
		total += cpu_to_le16(*(const u8 *)data);
	while (total >> 32)
		total = (u32)total + (total >> 32);
	return total;
}

__sum16 csum_fold(__wsum sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}
