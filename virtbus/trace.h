/* SPDX-License-Identifier: GPL-2.0 */
/*
 * trace.h - tracepoints of the bus
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM virtbus

#if !defined(_VIRTBUS_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VIRTBUS_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(virtbus_state,
	TP_PROTO(const char *name, const char *from, const char *to),
	TP_ARGS(name, from, to),
	TP_STRUCT__entry(
		__string(name, name)
		__string(from, from)
		__string(to, to)
	),
	TP_fast_assign(
		compat_assign_str(name, name);
		compat_assign_str(from, from);
		compat_assign_str(to, to);
	),
	TP_printk("%s: %s -> %s", __get_str(name), __get_str(from),
		  __get_str(to))
);

TRACE_EVENT(virtbus_refused,
	TP_PROTO(const char *name, const char *door, const char *why),
	TP_ARGS(name, door, why),
	TP_STRUCT__entry(
		__string(name, name)
		__string(door, door)
		__string(why, why)
	),
	TP_fast_assign(
		compat_assign_str(name, name);
		compat_assign_str(door, door);
		compat_assign_str(why, why);
	),
	TP_printk("%s: %s: %s", __get_str(name), __get_str(door),
		  __get_str(why))
);

#endif /* _VIRTBUS_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
