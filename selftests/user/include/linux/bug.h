/* SPDX-License-Identifier: GPL-2.0 */
/* linux/bug.h - a warning fails the test that did not ask for it */
#ifndef _USER_LINUX_BUG_H
#define _USER_LINUX_BUG_H

void user_warn(const char *file, int line, const char *what);

/* Each time, not once: a test counts them. */
#define WARN_ON_ONCE(cond) ({						\
	int warn_on = !!(cond);						\
	if (warn_on)							\
		user_warn(__FILE__, __LINE__, #cond);			\
	__builtin_expect(warn_on, 0); })

#endif
