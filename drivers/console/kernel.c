// SPDX-License-Identifier: GPL-2.0
/*
 * kernel.c - a terminal as the kernel's console: what it prints, and SysRq
 *
 * printk() may be called anywhere, and the host may not listen: what does not fit
 * into the ring within PATIENCE is left out, and that is said as soon as there is
 * room again. When the kernel panics nobody else takes what the device has read,
 * so we look ourselves, and for no longer than that either; then the queue is given up
 * for the device's emergency register. That also takes the kernel's very last words, when
 * the machine stops and the device has no queues any more.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/sysrq.h>
#include <linux/tty_driver.h>

#include "console.h"

/* How long a message may wait for room, and in a panic for the host: in us. */
#define PATIENCE	100000
#define PANIC_PATIENCE	200000
#define STEP		10

/* Ctrl-O, as hvc has it: the next key is a SysRq command */
#define SYSRQ_KEY	0x0f

static struct vcon_port *port_of(struct vcon_kernel *kernel)
{
	return kernel->face->port;
}

/* Bytes to the device past its queue, one by one, where it knows that (5.3.4). */
static u32 emergency(struct vcon_face *face, const u8 *bytes, u32 n)
{
	struct virt_dev *vdev = face->port->vcon->vdev;
	u32 i;

	if (!virt_dev_has(vdev, VIRTIO_CONSOLE_F_EMERG_WRITE))
		return 0;
	for (i = 0; i < n; i++) {
		__le32 wr = cpu_to_le32(bytes[i]);

		if (virt_dev_write_config_now(vdev,
					      offsetof(struct virtio_console_config, emerg_wr),
					      &wr, sizeof(wr)))
			break;
	}
	return i;
}

/* The queue is stuck for good, in a panic, or closed: what waits goes past it, then this. */
static u32 go_past(struct vcon_kernel *kernel, const u8 *bytes, u32 n)
{
	u32 done = vcon_tx_rescue(&port_of(kernel)->tx, kernel->face, emergency);

	n = emergency(kernel->face, bytes, n);
	if (done || n)
		kernel->past = true;
	return n;
}

/* The machine stops or starts anew, and the device is reset already. */
static bool has_shut_down(struct vcon_tx *tx)
{
	return system_state >= SYSTEM_HALT && system_state <= SYSTEM_RESTART &&
	       vcon_tx_sleeps(tx);
}

/* Gives how many bytes are on their way, or with the host. */
static u32 send(struct vcon_kernel *kernel, const u8 *bytes, u32 n)
{
	struct vcon_tx *tx = &port_of(kernel)->tx;
	bool panic = oops_in_progress;
	u32 patience = panic ? PANIC_PATIENCE : PATIENCE, done = 0;

	if (has_shut_down(tx))
		return go_past(kernel, bytes, n);
	/* the device is lost: nobody ever makes room */
	if (kernel->stalled || !vcon_tx_alive(tx))
		patience = 0;
	for (;;) {
		done += vcon_tx_try(tx, kernel->face, bytes + done, n - done);
		/* in a panic nobody else gives the device its next piece */
		if (done == n && (!panic || !vcon_tx_waiting(tx)))
			return done;
		if (patience < STEP)
			break;
		patience -= STEP;
		udelay(STEP);
	}
	kernel->stalled = true;
	return panic ? done + go_past(kernel, bytes + done, n - done) : done;
}

static void say(struct vcon_kernel *kernel, const u8 *bytes, u32 n)
{
	kernel->lost += n - send(kernel, bytes, n);
}

static void say_what_is_missing(struct vcon_kernel *kernel)
{
	char text[64];
	u32 n;

	n = scnprintf(text, sizeof(text),
		      "\r\n** %lu bytes of the log are missing here **\r\n",
		      kernel->lost);
	if (vcon_tx_room(&port_of(kernel)->tx) < n)
		return;
	kernel->stalled = false;
	kernel->lost = 0;
	say(kernel, text, n);
}

/* console.write(): any context; the kernel calls one at a time. */
static void print(struct console *console, const char *text, unsigned int n)
{
	struct vcon_kernel *kernel = console->data;
	const char *end;

	/* room may have come since */
	vcon_tx_try(&port_of(kernel)->tx, kernel->face, NULL, 0);
	if (kernel->lost)
		say_what_is_missing(kernel);
	else if (!kernel->past || !oops_in_progress)
		kernel->stalled = false;
	while (n) {
		end = memchr(text, '\n', n);
		say(kernel, text, end ? end - text : n);
		if (!end)
			break;
		say(kernel, "\r\n", 2);
		n -= end + 1 - text;
		text = end + 1;
	}
}

static struct tty_driver *device(struct console *console, int *index)
{
	struct vcon_kernel *kernel = console->data;

	*index = console->index;
	return kernel->driver;
}

/**
 * vcon_kernel_prepare() - before anybody can see the terminal
 * @kernel: its state, zeroed
 * @face: the terminal
 * @driver: the terminal's driver
 * @index: its number
 *
 * Context: any.
 */
void vcon_kernel_prepare(struct vcon_kernel *kernel, struct vcon_face *face,
			 struct tty_driver *driver, unsigned int index)
{
	kernel->face = face;
	kernel->driver = driver;
	kernel->console = (struct console){
		.name = "con",
		.write = print,
		.device = device,
		.flags = CON_PRINTBUFFER,
		.index = index,
		.data = kernel,
	};
}

/**
 * vcon_kernel_add() - the kernel may print on a terminal
 * @kernel: prepared
 *
 * It does at once when the command line has console=conN, or when it has no other
 * console; or somebody was quicker than we, and has said so by the attribute.
 *
 * Context: process, may sleep.
 */
void vcon_kernel_add(struct vcon_kernel *kernel)
{
	struct vcon *vcon = port_of(kernel)->vcon;

	mutex_lock(&vcon->use_lock);
	if (!vcon_kernel_is_on(kernel) && !vcon_use_kernel(kernel->face)) {
		register_console(&kernel->console);
		if (!vcon_kernel_is_on(kernel))
			vcon_unuse_kernel(kernel->face);
	}
	mutex_unlock(&vcon->use_lock);
}

/* Is it one now? */
bool vcon_kernel_is_on(struct vcon_kernel *kernel)
{
	return kernel->console.flags & CON_ENABLED;
}

static void switch_off(struct vcon_kernel *kernel)
{
	lockdep_assert_held(&port_of(kernel)->vcon->use_lock);
	if (!vcon_kernel_is_on(kernel))
		return;
	unregister_console(&kernel->console);
	/* or it would be one again as soon as it is registered */
	kernel->console.flags &= ~CON_ENABLED;
	vcon_unuse_kernel(kernel->face);
}

static int switch_on(struct vcon_kernel *kernel)
{
	int err;

	lockdep_assert_held(&port_of(kernel)->vcon->use_lock);
	if (vcon_kernel_is_on(kernel))
		return 0;
	err = vcon_use_kernel(kernel->face);
	if (err)
		return err;
	/* nobody need have asked for it on the command line */
	kernel->console.flags = CON_PRINTBUFFER | CON_ENABLED;
	register_console(&kernel->console);
	return 0;
}

/**
 * vcon_kernel_set() - begin to print on a terminal, or cease to
 * @kernel: prepared
 * @on: begin
 *
 * Context: process, may sleep.
 * Return: 0, -EIO when the device is broken, -ENODEV when it is going or gone.
 */
int vcon_kernel_set(struct vcon_kernel *kernel, bool on)
{
	struct vcon *vcon = port_of(kernel)->vcon;
	int err = 0;

	mutex_lock(&vcon->use_lock);
	if (!on)
		switch_off(kernel);
	else
		err = kernel->dead ? -ENODEV : switch_on(kernel);
	mutex_unlock(&vcon->use_lock);
	return err;
}

/* The kernel prints there no more, and never will. */
void vcon_kernel_del(struct vcon_kernel *kernel)
{
	struct vcon *vcon = port_of(kernel)->vcon;

	mutex_lock(&vcon->use_lock);
	switch_off(kernel);
	kernel->dead = true;
	mutex_unlock(&vcon->use_lock);
}

/**
 * vcon_kernel_input() - find SysRq in what was typed
 * @kernel: of the terminal
 * @c: a byte
 *
 * Context: any; one caller at a time.
 * Return: true when the byte is not for the terminal's readers.
 */
bool vcon_kernel_input(struct vcon_kernel *kernel, u8 c)
{
	if (!IS_ENABLED(CONFIG_MAGIC_SYSRQ) || !vcon_kernel_is_on(kernel))
		return false;
	if (!kernel->sysrq) {
		kernel->sysrq = c == SYSRQ_KEY;
		return kernel->sysrq;
	}
	kernel->sysrq = false;
	if (c == SYSRQ_KEY)
		return false;
	handle_sysrq(c);
	return true;
}
