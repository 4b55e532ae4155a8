/* SPDX-License-Identifier: GPL-2.0 */
/*
 * liar.h - a driver that lies to a device end, and who judges what the end did
 *
 * Its memory is one block: data, some that can only be read, and the queues. Before the
 * end runs the block is copied; afterwards nothing may differ but what the end was
 * allowed to write, every buffer that it took must be sound in the copy, and every one
 * that it gave back must be one that it had, with no more bytes than there was room for.
 * What it found unsound makes it ask for a reset, and it has to say why.
 */
#ifndef _USER_ENDS_LIAR_H
#define _USER_ENDS_LIAR_H

#include "lib.h"

#define LIAR_QUEUES	5
#define LIAR_DESCS	128		/* the longest queue */
#define LIAR_BASE	0x40000000ULL
#define LIAR_OUT	LIAR_BASE	/* the device reads */
#define LIAR_IN		(LIAR_OUT + 4096)	/* it writes */
#define LIAR_ROM	(LIAR_IN + 3072)
#define LIAR_RINGS	(LIAR_ROM + 1024)	/* a queue, then its tables */
#define LIAR_RING	8192
#define LIAR_TABLES	4096		/* in there */
#define LIAR_TABLE	16		/* entries of each, and tables */
#define LIAR_CHANGES	64

/* What the driver does wrong in a queue; the ends' own lies come behind these. */
enum {
	LIE_ADDRESS,
	LIE_LENGTH,
	LIE_FLAGS,
	LIE_NEXT,
	LIE_LOOP,
	LIE_TABLE,
	LIE_TABLE_ENTRY,
	LIE_RINGS,
	LIE_RANDOM,
	LIE_WHILE_READ,
	LIE_HEAD,
	LIE_TWICE,
	LIE_INDEX,
	LIE_FEATURES,
	LIE_CONTROL_SIDE,
	LIES_OF_QUEUES
};

/* their names, and why they break an end */
#define LIAR_NAMES							\
	"address", "length", "flags", "next", "a loop", "a table",	\
	"an entry of a table", "into the rings", "random descriptors",	\
	"changed while it is read", "head", "made available twice",	\
	"available index", "features", "the control side"
#define LIAR_REASONS							\
	"buffers available, room for", ", the last is ",		\
	"has an empty segment",						\
	"has readable segments behind writable ones",			\
	"points outside of memory", "is longer than 4 GiB",		\
	"has a table inside a table",					\
	"has a table, which was not agreed on",				\
	"goes on behind a table", "goes on outside of its table",	\
	"is a loop", "has a table of a wrong length",			\
	"has a table larger than the queue",				\
	"has a table outside of memory"

/**
 * struct liar_offer - a buffer, as the rules read it
 * @out: bytes that the device may read
 * @in: bytes that it may write
 * @bytes: the first of the bytes to read
 * @nr_bytes: how many of them
 * @answer: address of the first byte to write
 */
struct liar_offer {
	u64 out;
	u64 in;
	u8 bytes[24];
	unsigned int nr_bytes;
	u64 answer;
};

/**
 * struct liar_seg - a segment to offer
 * @addr: address
 * @len: bytes
 * @write: the device may write it
 */
struct liar_seg {
	u64 addr;
	u32 len;
	bool write;
};

/**
 * struct liar_queue - one queue
 * @size: its length, 0: it is not there
 * @stride: descriptors of one buffer; heads are multiples of it
 * @desc: where its descriptors are
 * @avail: available ring
 * @used: used ring
 * @avail_idx: next place in it
 * @popped: entries that the end has taken, as far as was judged
 * @used_idx: entries that it gave back
 * @with_device: made available and not given back
 * @held: taken, and not given back
 * @offer: what was offered with each head that is held
 */
struct liar_queue {
	unsigned int size;
	unsigned int stride;
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	u16 avail_idx;
	u16 popped;
	u16 used_idx;
	bool with_device[LIAR_DESCS];
	bool held[LIAR_DESCS];
	struct liar_offer offer[LIAR_DESCS];
};

/**
 * struct liar - one driver and its device end
 * @end: the end
 * @size: bytes of its memory
 * @mem: where it is
 * @before: a copy of it from before the end ran
 * @writable: which bytes the end may write; more than that is held may be
 * @nr_queues: queues of the end
 * @max_size: the longest queue that the end has
 * @queue: them
 * @features: agreed on
 * @indirect: tables were
 * @starting: the transport looks up the rings
 * @unknown: the end was told to write into a ring, or of more buffers than there
 *	     are: nothing follows from what is there
 * @unsound: a lie may wait in a queue for the end to look
 * @config_events: since the start
 * @changes: what was changed while the end read it
 * @nr_changes: how many
 * @on_used: the end gave this buffer back
 */
struct liar {
	struct virt_end *end;
	size_t size;
	char *mem;
	char *before;
	char *writable;
	unsigned int nr_queues;
	unsigned int max_size;
	struct liar_queue queue[LIAR_QUEUES];
	u64 features;
	bool indirect;
	bool starting;
	bool unknown;
	bool unsound;
	unsigned int config_events;
	struct {
		u16 *at;
		u16 was;
	} changes[LIAR_CHANGES];
	unsigned int nr_changes;
	void (*on_used)(struct liar *l, unsigned int queue, unsigned int head,
			u32 len);
};

/**
 * struct liar_score - what was told and what became of it
 * @names: of each lie; ends with NULL
 * @reasons: why an end may ask for a reset; ends with NULL
 * @own_reasons: from this one on it had taken the buffer, which is sound
 * @told: how often each lie was
 * @broke_for: and broke the end
 * @reason: how often each reason was given
 * @starts: times that a driver began anew
 * @taken: buffers that were taken
 * @returned: and given back
 */
struct liar_score {
	const char *const *names;
	const char *const *reasons;
	unsigned int own_reasons;
	unsigned long told[32];
	unsigned long broke_for[32];
	unsigned long reason[32];
	unsigned long starts;
	unsigned long taken;
	unsigned long returned;
};

extern struct liar_score score;

/* liar.c: its life */
void liar_make(struct liar *l, const char *spec);
void liar_destroy(struct liar *l);
/* reset the end and agree on @features; queues of @size, or of any */
void liar_start(struct liar *l, u64 features, unsigned int size);
bool liar_broken(const struct liar *l);
void *liar_mem(const struct liar *l, u64 addr);
/* the table of a head, which no other one of its queue has, if that is short */
u64 liar_table(const struct liar *l, const struct liar_queue *q,
	       unsigned int head);
/* may the device read or write there? */
bool liar_may(const struct liar *l, u64 addr, u64 len, bool write);
/* a head that is not with the device; false: all are */
bool liar_free_head(const struct liar_queue *q, unsigned int *head);
/* write down a sound buffer; liar_add() makes it available */
void liar_offer(struct liar *l, struct liar_queue *q, unsigned int head,
		const struct liar_seg *seg, unsigned int n);
void liar_add(struct liar_queue *q, unsigned int head);

/* liar-tell.c: lies */
/* whatever waits is read only once: no loops, no table of two buffers */
bool liar_is_plain(const struct liar *l);
/* to the buffer at @head, before or after it is made available */
void liar_mutate(struct liar *l, struct liar_queue *q, unsigned int head,
		 unsigned int lie);
void liar_mutate_ring(struct liar *l, struct liar_queue *q, unsigned int head,
		      unsigned int lie);
/* to the end, beside its queues */
void liar_control_side(struct liar *l);
/* features that do not suit must not be agreed on */
void liar_odd_features(struct liar *l);

/* liar-judge.c: what the end made of it */
/* run what the ends have to do, until there is nothing */
void liar_run(struct liar *all, unsigned int n);
/* true: the end asks for a reset, as it should */
bool liar_judge(struct liar *l, unsigned int lie);
/**
 * struct liar_proof - a test of one kind of end
 * @lies: how many; LIES= instead
 * @kinds: of lies
 * @open: make the end, and whatever belongs to it
 * @tell: one lie, and what became of it
 * @close: the end goes
 */
struct liar_proof {
	unsigned long lies;
	unsigned int kinds;
	void (*open)(void);
	void (*tell)(unsigned int lie);
	void (*close)(void);
};

/* a test that did not reach all of score has tested nothing, and fails */
void liar_prove(const struct liar_proof *proof);

#endif
