/* The parts of a text, by its brackets, quotes, separators, tags and indentation: what structure.c changes. */
#ifndef THRESH_RT_PARTS_H
#define THRESH_RT_PARTS_H

#include <stdint.h>
#include <stddef.h>

#define THRESH_RT_PARTS 512
/* of a longer input the rest has no parts */
#define THRESH_RT_PARTS_LOOKED (32u << 10)

enum thresh_rt_part_kind {
	GROUP, /* brackets and what is in them */
	ITEM,  /* between separators; a tag */
	VALUE, /* behind ':' or '='; between tags */
	KEY,
	STRING, /* with its quotes */
	LINE,   /* with those further in below it */
	ELEMENT,
	KINDS
};

struct thresh_rt_part {
	uint32_t from, to;
	uint8_t kind;
	uint8_t sep; /* between it and its like; 0: nothing */
};

struct thresh_rt_parts {
	const uint8_t *s; /* borrowed */
	uint32_t size;    /* as far as was looked */
	unsigned n;
	struct thresh_rt_part part[THRESH_RT_PARTS];
};

static inline int thresh_rt_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Fills *p: no parts where it isn't text. None of them is empty. */
void thresh_rt_parts_look(struct thresh_rt_parts *p, const uint8_t *s, size_t size);

#endif
