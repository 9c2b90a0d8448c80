/* What is listened for in a line: handlers' triggers, phrases that a table row says all about, signals in words. */
#ifndef CRASH_PHRASE_H
#define CRASH_PHRASE_H

#include "base/strv.h"

struct crash_parser;

/* A trigger's handler: `at` is where the trigger's text begins. True: the line is done with. */
typedef bool (*line_fn)(struct crash_parser *p, struct strv line, size_t at);

enum trigger_where {
	AT_WORD,  /* not behind a letter, digit or underscore */
	AT_START, /* of the line, but for white space and a logger's prefix */
};

struct trigger {
	const char *text;
	enum trigger_where where;
	line_fn fn;
};

enum phrase_flags {
	PHRASE_READ = 1,
	PHRASE_WRITE = 2,
	PHRASE_SURVIVED = 4,  /* the process may have gone on */
	PHRASE_NOTE = 8,      /* ends nothing by itself */
	PHRASE_ALONE = 16,    /* no stack comes with a later signal */
	PHRASE_DEBUG = 32,    /* compiled out of release builds */
	PHRASE_ONCE = 64,     /* said again further on: only the first counts */
	PHRASE_ADDRESS = 128, /* the first 0x behind the phrase is the faulting address */
	PHRASE_SIZE = 256,    /* the first number behind the phrase is the size */
	PHRASE_WHOLE = 512,   /* the message is the phrase and what follows it, not only that */
	PHRASE_LINE = 1024,   /* the message is the line */
	PHRASE_LEAK = 2048,
	PHRASE_SIGNAL = 4096, /* a bare signal, not its cause */
	PHRASE_WILD = 8192,   /* the address wasn't canonical */
};

/* All about a phrase that a program prints when it fails. */
struct phrase {
	const char *head, *kind;
	unsigned flags;
	const char *must; /* has to stand in the rest of the line; NULL: nothing */
	const char *from; /* the message begins behind this; NULL: behind the head */
	const char *to;   /* and ends before it; NULL: at the line's end */
	const char *not_; /* mustn't stand in the line */
};

struct phrase_table {
	const char *who; /* the report's sanitizer */
	enum trigger_where where;
	const struct phrase *rows;
	size_t n;
};

/* What a C library, shell or runtime calls a signal, in any language. */
struct signal_word {
	const char *text;
	int signal;
};

enum byte_class { BYTE_WORD = 1, BYTE_STARTS = 2 /* a phrase may begin with it */ };

struct phrase_item {
	uint64_t head, mask; /* its first eight bytes, and which of them it has */
	const char *text;
	enum trigger_where where;
	int next; /* of the same hash; -1: none */
	const struct trigger *trigger;
	const struct phrase *phrase;
	const char *who;
	const struct signal_word *word;
};

enum { PHRASE_BUCKETS = 2048, PHRASE_SIEVE = 1 << 14 };

struct phrase_index {
	unsigned char byte[256];           /* of enum byte_class */
	uint64_t sieve[PHRASE_SIEVE / 64]; /* which hashes of three bytes some phrase begins with */
	short first[PHRASE_BUCKETS];
	struct phrase_item item[1280];
	int n;
};

/* Of the first three bytes, which tell most phrases apart. */
static inline unsigned phrase_hash(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	return (u[0] + u[1] * 37u + u[2] * 1031u) % PHRASE_BUCKETS;
}

static inline unsigned phrase_sieve(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	return (u[0] * 509u + u[1] * 61u + u[2] * 8191u) % PHRASE_SIEVE;
}

/* Up to eight bytes as a number, those that aren't there as 0. */
static inline uint64_t head_of(const char *s, size_t n)
{
	uint64_t v = 0;

	if (n >= 8)
		memcpy(&v, s, 8);
	else
		memcpy(&v, s, n);
	return v;
}

static inline uint64_t head_mask(size_t n)
{
	char bytes[8] = { 0 };

	memset(bytes, 0xff, n < 8 ? n : 8);
	return head_of(bytes, 8);
}

#endif
