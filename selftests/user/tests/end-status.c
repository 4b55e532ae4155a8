// SPDX-License-Identifier: GPL-2.0
/* A device end's control side: status, features, configuration, faults, specs. */
#include "lib.h"

#define ON(bit)	(virt_end_status(guest.end) & VIRTIO_CONFIG_S_##bit)

static void negotiate(u64 features)
{
	virt_end_set_status(guest.end, 0);
	virt_end_features(guest.end);
	virt_end_accept(guest.end, features);
	virt_end_set_status(guest.end,
			    NEGOTIATING | VIRTIO_CONFIG_S_FEATURES_OK);
}

TEST(features_that_were_not_offered)
{
	guest_make("ubd1=test");
	CHECK_EQ(virt_end_features(guest.end), RING_ALL | BIT_ULL(3));
	negotiate(RING_ALL | BIT_ULL(3));
	CHECK(ON(FEATURES_OK));
	CHECK_EQ(virt_end_accept(guest.end, RING_ALL), -EBUSY);
	negotiate(RING_ALL | BIT_ULL(4));
	CHECK(!ON(FEATURES_OK));
	negotiate(RING_ALL & ~BIT_ULL(VIRTIO_F_VERSION_1));
	CHECK(!ON(FEATURES_OK));
	guest_close();
}

TEST(features_switched_off_by_the_spec)
{
	guest_make("ubd1=test,event_idx=0,host=yes,indirect=0");
	CHECK_EQ(virt_end_features(guest.end),
		 BIT_ULL(VIRTIO_F_VERSION_1) | BIT_ULL(3));
	guest_close();
}

TEST(status_bits_stay_until_a_reset)
{
	guest_make("ubd1=test");
	negotiate(RING_ALL);
	virt_end_set_status(guest.end, VIRTIO_CONFIG_S_ACKNOWLEDGE |
			    VIRTIO_CONFIG_S_NEEDS_RESET);
	CHECK_EQ(virt_end_status(guest.end),
		 NEGOTIATING | VIRTIO_CONFIG_S_FEATURES_OK);
	virt_end_set_status(guest.end, 0);
	CHECK_EQ(virt_end_status(guest.end), 0);
	guest_close();
}

TEST(configuration)
{
	u8 in[4] = { 1, 2, 3, 4 }, out[32];

	guest_make("ubd1=test");
	CHECK_EQ(virt_end_write_config(guest.end, 12, in, 4), 0);
	CHECK_EQ(virt_end_write_config(guest.end, 13, in, 4), -EINVAL);
	CHECK_EQ(virt_end_write_config(guest.end, 17, in, 0), -EINVAL);
	CHECK_EQ(virt_end_write_config(guest.end, ~0UL, in, 4), -EINVAL);
	memset(out, 0xee, sizeof(out));
	CHECK_EQ(virt_end_read_config(guest.end, 0, out, 32), 16);
	CHECK(!memcmp(out + 12, in, 4) && out[16] == 0xee);
	CHECK_EQ(virt_end_read_config(guest.end, 14, out, 32), 2);
	CHECK_EQ(out[0], 3);
	CHECK_EQ(virt_end_read_config(guest.end, 16, out, 32), 0);
	guest_close();
}

static void spec(const char *text, const char *wanted)
{
	char buf[256];

	guest_make(text);
	virt_end_spec(guest.end, buf, sizeof(buf));
	CHECK_HAS(buf, wanted);
	CHECK_EQ(strlen(buf), strlen(wanted));
	guest_close();
}

TEST(spec_that_would_make_it_again)
{
	spec("ubd1=test", "test");
	spec("ubd1=test,64M", "test,64M");
	spec("ubd1=test,64M,ro,a=b,host=1,fault=silent",
	     "test,64M,ro,a=b,host=1,fault=silent");
	spec("ubd1=test,a=b", "test,a=b");
}

static void fault(const char *text, int wanted)
{
	struct virt_why why = { };

	CHECK_EQ(virt_end_fault_set(guest.end, text, &why), wanted);
	CHECK(!!why.text[0] == !!wanted);
}

TEST(faults_are_armed_and_counted)
{
	static char page[PAGE_SIZE];
	u8 config[16];

	guest_make("ubd1=test");
	fault("frobnicate", -EINVAL);
	fault("", -EINVAL);
	fault("config-lies 1 2", -EINVAL);
	fault("config-lies x", -EINVAL);
	fault("config-lies 0", -EINVAL);
	virt_end_fault_show(guest.end, page);
	CHECK_HAS(page, "none\n");
	fault("config-lies 2\n", 0);
	virt_end_fault_show(guest.end, page);
	CHECK_HAS(page, "config-lies armed for 2 struck 0\n");
	virt_end_read_config(guest.end, 0, config, 16);
	CHECK_EQ(config[7], 0xff);
	virt_end_read_config(guest.end, 0, config, 16);
	CHECK_EQ(config[7], 0xff);
	virt_end_read_config(guest.end, 0, config, 16);
	CHECK_EQ(config[7], 0);
	virt_end_fault_show(guest.end, page);
	CHECK_HAS(page, "config-lies off struck 2\n");
	fault("config-lies", 0);
	fault("none", 0);
	virt_end_read_config(guest.end, 0, config, 16);
	CHECK_EQ(config[7], 0);
	guest_close();
}

TEST(device_that_vanishes)
{
	guest_open(8);
	guest_desc(guest.desc, 0, GUEST_DATA, 16, VRING_DESC_F_WRITE, 0);
	CHECK_EQ(virt_end_usable(guest.end), 0);
	fault("gone", 0);
	CHECK_EQ(virt_end_usable(guest.end), -ENODEV);
	guest_add(0);
	guest_kick();
	CHECK_EQ(guest.used->idx, 0);
	guest_close();
}

TEST(device_that_asks_for_a_reset)
{
	static struct virt_end_buf buf;

	guest_open(8);
	fault("needs-reset", 0);
	CHECK(ON(NEEDS_RESET));
	CHECK_EQ(guest.config_events, 1);
	guest_desc(guest.desc, 0, GUEST_DATA, 16, VRING_DESC_F_WRITE, 0);
	guest_add(0);
	guest_kick();
	CHECK(!virt_end_pop(guest.end, 0, &buf));
	CHECK_EQ(guest.used->idx, 0);
	CHECK_EQ(virt_end_set_status(guest.end, 0), 0);
	CHECK(!ON(NEEDS_RESET));
	guest_close();
}

TEST(reset_that_is_not_confirmed)
{
	guest_open(8);
	fault("reset-stuck", 0);
	CHECK_EQ(virt_end_set_status(guest.end, 0), -ETIMEDOUT);
	CHECK(ON(DRIVER_OK));
	virt_end_cut(guest.end);
	guest_desc(guest.desc, 0, GUEST_DATA, 16, VRING_DESC_F_WRITE, 0);
	guest_add(0);
	guest_kick();
	CHECK_EQ(guest.used->idx, 0);
	guest_close();
}
