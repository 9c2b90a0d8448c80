/*
 * Loaded by afl-fuzz (not by a target): hands it what other engines add to the shared corpus, within about a second.
 * afl-fuzz itself looks at foreign folders every half a minute at best, and only between passes. As a "custom
 * mutator" it is asked at each queue entry how many inputs it has; the answer is the number of files not handed over
 * yet, mostly 0. What afl-fuzz finds interesting among them goes into its queue like anything it made itself.
 *
 * Behind those come mutations of the entry's structure, where it has one (structure.c), or of the harness's own mutator, where
 * it has one (ask_mutator.c): for each entry as many as have paid so far, twice as many where one of the last was kept.
 *
 * Environment: THRESH_IMPORT_DIR, THRESH_IMPORT_KNOWN: the folder, and a file of the names that afl-fuzz has; THRESH_MUTATE_EXE,
 * the target that has a mutator or cross-over of its own; THRESH_MUTATE_MAX, THRESH_MUTATE_MEMORY: an input's length in bytes,
 * and that process's memory in MiB.
 */
#include "thresh_rt_mutate.h"
#include "thresh_rt_structure.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAX_AT_ONCE 256
/* structural mutations of an entry; afl-fuzz's own are some hundred */
#define STRUCTURE_MIN 8
#define STRUCTURE_FIRST 64
#define STRUCTURE_MAX 512
/* of the harness's own there are no others beside it */
#define OWN_MIN 32
/* of so many mutations one is a cross-over, where the harness has that alone: as often as libFuzzer's */
#define CROSS_OVER_EACH 13
#define NAME_HEX 40 /* a file of the corpus is named by the SHA-1 of its bytes */

struct name {
	char hex[NAME_HEX];
};

struct import {
	int dir;
	struct timespec mtime; /* of the directory, when it was last read */
	time_t looked;
	struct name *seen; /* an open-addressing table; an empty slot starts with NUL */
	size_t n_seen, cap;
	struct name todo[MAX_AT_ONCE];
	size_t n_todo, next;
	unsigned char *data; /* of the last file handed over */
	size_t data_cap;
	/* such mutations for an entry, and how many of them are still to come */
	uint32_t energy, left;
	struct thresh_rt_asked own;
	uint64_t seed;
	unsigned char room[THRESH_RT_STRUCTURE_MAX];
};

/* What afl-fuzz looks up by name. */
void *afl_custom_init(void *afl, unsigned int seed);
uint32_t afl_custom_fuzz_count(void *data, const unsigned char *buf, size_t buf_size);
size_t afl_custom_fuzz(void *data, unsigned char *buf, size_t buf_size, unsigned char **out,
	unsigned char *add, size_t add_size, size_t max_size);
unsigned char afl_custom_queue_new_entry(
	void *data, const unsigned char *name, const unsigned char *parent);
void afl_custom_deinit(void *data);

static int is_unit(const char *name)
{
	return strlen(name) == NAME_HEX && strspn(name, "0123456789abcdef") == NAME_HEX;
}

static size_t slot_of(const struct import *im, const char *name)
{
	uint64_t h = 14695981039346656037ULL;
	size_t i;

	for (i = 0; i < NAME_HEX; i++)
		h = (h ^ (unsigned char)name[i]) * 1099511628211ULL;
	for (i = (size_t)h & (im->cap - 1); im->seen[i].hex[0]; i = (i + 1) & (im->cap - 1))
		if (memcmp(im->seen[i].hex, name, NAME_HEX) == 0)
			break;
	return i;
}

static int grow(struct import *im)
{
	struct import bigger = *im;
	size_t i;

	if (im->n_seen * 2 < im->cap)
		return 0;
	bigger.cap = im->cap ? im->cap * 2 : 4096;
	bigger.seen = calloc(bigger.cap, sizeof(*bigger.seen));
	if (!bigger.seen)
		return -1;
	for (i = 0; i < im->cap; i++)
		if (im->seen[i].hex[0])
			bigger.seen[slot_of(&bigger, im->seen[i].hex)] = im->seen[i];
	free(im->seen);
	*im = bigger;
	return 0;
}

/* 1 when it is new. */
static int note(struct import *im, const char *name)
{
	size_t i;

	if (grow(im) < 0)
		return 0;
	i = slot_of(im, name);
	if (im->seen[i].hex[0])
		return 0;
	memcpy(im->seen[i].hex, name, NAME_HEX);
	im->n_seen++;
	return 1;
}

/* The names in a file, one a line: those that afl-fuzz has from its -i, and those it isn't to have. */
static void know(struct import *im, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[NAME_HEX + 2];

	if (!f) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (is_unit(line))
			note(im, line);
	}
	fclose(f);
}

/* Collect up to MAX_AT_ONCE names not seen before; the rest is found by the next look. */
static void look(struct import *im)
{
	int fd = openat(im->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent *e;
	struct stat st;
	DIR *d;

	if (fd < 0)
		return;
	d = fdopendir(fd);
	if (!d) {
		close(fd);
		return;
	}
	if (fstat(fd, &st) == 0)
		im->mtime = st.st_mtim;
	im->n_todo = im->next = 0;
	while ((e = readdir(d))) {
		if (!is_unit(e->d_name))
			continue;
		if (im->n_todo == MAX_AT_ONCE) {
			im->mtime.tv_sec = 0; /* look again */
			break;
		}
		if (note(im, e->d_name))
			memcpy(im->todo[im->n_todo++].hex, e->d_name, NAME_HEX);
	}
	closedir(d);
}

static uint64_t number(const char *name)
{
	const char *s = getenv(name);

	return s ? strtoull(s, NULL, 10) : 0;
}

static void begin_own(struct import *im)
{
	const char *exe = getenv("THRESH_MUTATE_EXE");

	im->own.max = (uint32_t)number("THRESH_MUTATE_MAX");
	im->own.memory_mb = (unsigned long)number("THRESH_MUTATE_MEMORY");
	if (exe)
		thresh_rt_ask_begin(&im->own, exe);
}

void *afl_custom_init(void *afl, unsigned int seed)
{
	const char *path = getenv("THRESH_IMPORT_DIR"), *known = getenv("THRESH_IMPORT_KNOWN");
	struct import *im = calloc(1, sizeof(*im));

	(void)afl;
	if (!im)
		return NULL;
	thresh_rt_structure_words(getenv(THRESH_RT_WORDS));
	im->seed = seed;
	begin_own(im);
	im->energy = STRUCTURE_FIRST;
	im->dir = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (known)
		know(im, known);
	im->looked = time(NULL);
	return im;
}

/* How many inputs of others there are to hand over. */
static uint32_t waiting(struct import *im)
{
	time_t now = time(NULL);
	struct stat st;

	if (im->next < im->n_todo)
		return (uint32_t)(im->n_todo - im->next);
	if (im->dir < 0 || now == im->looked)
		return 0;
	im->looked = now;
	/* a directory's time says when a name was added; one that is new in this very second may get more */
	if (fstat(im->dir, &st) < 0 ||
		(st.st_mtim.tv_sec == im->mtime.tv_sec && st.st_mtim.tv_nsec == im->mtime.tv_nsec &&
			now > st.st_mtim.tv_sec + 2))
		return 0;
	look(im);
	return (uint32_t)im->n_todo;
}

uint32_t afl_custom_fuzz_count(void *data, const unsigned char *buf, size_t buf_size)
{
	struct import *im = data;

	im->left = 0;
	thresh_rt_ask_forget(&im->own);
	if (im->own.has & THRESH_RT_HAS_MUTATOR) {
		im->left = im->energy > OWN_MIN ? im->energy : OWN_MIN;
		im->energy -= (im->energy - STRUCTURE_MIN) / 4;
	} else if (im->own.has || thresh_rt_structure_has(buf, buf_size)) {
		thresh_rt_structure_keep(buf, buf_size);
		im->left = im->energy;
		/* unless one of them is kept */
		im->energy -= (im->energy - STRUCTURE_MIN) / 4;
	}
	return waiting(im) + im->left;
}

/* afl-fuzz keeps an input: of ours, if there are some to come still (that the last one was, can't be told from its own). */
unsigned char afl_custom_queue_new_entry(
	void *data, const unsigned char *name, const unsigned char *parent)
{
	struct import *im = data;

	(void)name;
	(void)parent;
	if (im->left && im->next >= im->n_todo)
		im->energy = im->energy * 2 < STRUCTURE_MAX ? im->energy * 2 : STRUCTURE_MAX;
	return 0;
}

static size_t load(struct import *im, const struct name *name, size_t max)
{
	char path[NAME_HEX + 1];
	struct stat st;
	size_t size = 0;
	int fd;

	memcpy(path, name->hex, NAME_HEX);
	path[NAME_HEX] = '\0';
	fd = openat(im->dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size <= max) {
		size = (size_t)st.st_size;
		if (size > im->data_cap) {
			unsigned char *more = realloc(im->data, size);

			if (more) {
				im->data = more;
				im->data_cap = size;
			} else {
				size = 0;
			}
		}
		if (size && read(fd, im->data, size) != (ssize_t)size)
			size = 0;
	}
	close(fd);
	return size;
}

/* Which way it goes is the seed's to say. */
static size_t mutate(struct import *im, unsigned char *buf, size_t buf_size, unsigned char **out,
	unsigned char *add, size_t add_size, size_t max_size)
{
	uint64_t seed = im->seed++;
	const uint8_t *made = im->room;
	size_t size;

	if ((im->own.has & THRESH_RT_HAS_MUTATOR) || (im->own.has && seed % CROSS_OVER_EACH == 0))
		size = thresh_rt_ask(&im->own, buf, buf_size, add, add_size, (uint32_t)seed, &made);
	else
		size = thresh_rt_structure(buf, buf_size, im->room, max_size, seed);
	if (size)
		*out = (unsigned char *)(uintptr_t)made;
	return size;
}

size_t afl_custom_fuzz(void *data, unsigned char *buf, size_t buf_size, unsigned char **out,
	unsigned char *add, size_t add_size, size_t max_size)
{
	struct import *im = data;
	size_t size = 0;

	while (!size && im->next < im->n_todo)
		size = load(im, &im->todo[im->next++], max_size);
	if (size) {
		*out = im->data;
		return size;
	}
	/* nothing after all: afl-fuzz wants a buffer in any case, and skips no bytes */
	*out = buf;
	if (!im->left)
		return 0;
	im->left--;
	return mutate(im, buf, buf_size, out, add, add_size, max_size);
}

void afl_custom_deinit(void *data)
{
	struct import *im = data;

	if (!im)
		return;
	thresh_rt_ask_end(&im->own);
	if (im->dir >= 0)
		close(im->dir);
	free(im->seen);
	free(im->data);
	free(im);
}
