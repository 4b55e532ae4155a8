// SPDX-License-Identifier: GPL-2.0
/* harness.c - runs the points of a test file and speaks KTAP, one level in */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

#define TESTS_MAX	64
#define FAILED		1
/* seconds of a processor: several times what the slowest point takes */
#define SECONDS_MAX	120
/* who only waits is ended later: beside guests, which go first, all takes its time */
#define PATIENCE	5

static struct {
	const char *name;
	void (*fn)(void);
} tests[TESTS_MAX];
static unsigned int nr_tests;
static u64 random_seed;
static __thread u64 random_state;

void test_add(const char *name, void (*fn)(void))
{
	if (nr_tests == TESTS_MAX)
		abort();
	tests[nr_tests].name = name;
	tests[nr_tests++].fn = fn;
}

/* _exit(): leaks behind a failure are no news. */
void test_fail(const char *file, int line, const char *fmt, ...)
{
	const char *base = strrchr(file, '/');
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	printf("%s:%d: %s\n", base ? base + 1 : file, line, text);
	fflush(stdout);
	_exit(FAILED);
}

void test_has(const char *file, int line, const char *text, const char *part)
{
	if (!strstr(text, part))
		test_fail(file, line, "\"%s\" does not say \"%s\"", text, part);
}

void test_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

unsigned long test_number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : otherwise;
}

void random_start(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	random_seed = test_number("SEED", now.tv_nsec ^ now.tv_sec << 20);
	random_state = random_seed;
	test_note("SEED=%llu", random_seed);
}

void random_thread(unsigned int nr)
{
	random_state = random_seed + nr * 0x100000001b3ULL;
}

/* splitmix64 */
u64 random_u64(void)
{
	u64 z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

u32 random_below(u32 limit)
{
	return (random_u64() >> 32) * limit >> 32;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Show what the point says, as KTAP diagnosis; false when its time is over. */
static bool relay(int fd, double end)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	bool line_start = true;
	char buf[4096];
	ssize_t i, n;

	for (;;) {
		double left = end - now();

		if (left <= 0)
			return false;
		if (poll(&p, 1, left * 1000 + 1) <= 0)
			continue;
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		for (i = 0; i < n; i++) {
			if (line_start)
				fputs("    # ", stdout);
			line_start = buf[i] == '\n';
			putchar(buf[i]);
		}
	}
	if (!line_start)
		putchar('\n');
	return true;
}

static bool run(unsigned int i)
{
	unsigned long seconds = test_number("SECONDS_MAX", SECONDS_MAX);
	int status = 0, fds[2];
	bool in_time;
	pid_t pid;

	fflush(stdout);
	if (pipe(fds))
		return false;
	pid = fork();
	if (pid < 0)
		return false;
	if (!pid) {
		struct rlimit limit = { seconds, seconds + 1 };

		setrlimit(RLIMIT_CPU, &limit);
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		dup2(fds[1], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		tests[i].fn();
		fflush(stdout);
		exit(0);
	}
	close(fds[1]);
	in_time = relay(fds[0], now() + PATIENCE * seconds);
	close(fds[0]);
	if (!in_time) {
		kill(pid, SIGKILL);
		printf("    # no end after %lu seconds\n", PATIENCE * seconds);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		printf("    # no end after %lu seconds of a processor\n", seconds);
	else if (!WIFEXITED(status))
		printf("    # killed by signal %d\n", WTERMSIG(status));
	else if (WEXITSTATUS(status) > FAILED)
		printf("    # exit status %d: a sanitizer's report\n",
		       WEXITSTATUS(status));
	return in_time && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* NAME [POINT]: all points, or one; the line that ends the file is run's. */
int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : NULL;
	unsigned int i, n = 0;
	bool good = true;

	printf("    KTAP version 1\n    1..%u\n", only ? 1 : nr_tests);
	for (i = 0; i < nr_tests; i++) {
		bool ok;

		if (only && strcmp(only, tests[i].name))
			continue;
		ok = run(i);
		good &= ok;
		printf("    %s %u %s\n", ok ? "ok" : "not ok", ++n,
		       tests[i].name);
	}
	if (!n)
		printf("    # no point %s in this file\n", only ? only : "");
	return good && n ? 0 : FAILED;
}
