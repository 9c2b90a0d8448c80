/*
 * Bytes that say where other bytes are. What is deleted moves all behind it, so places that are named by their distance
 * from the start have to come down along.
 */
#ifndef MINIMIZE_REFS_H
#define MINIMIZE_REFS_H

#include "minimize/reduce.h"

enum refs {
	REFS_NONE,
	REFS_DNS, /* two bytes, big end first, the upper two bits set: a message's compressed names */
	REFS_BIG,    /* four bytes, big end first */
	REFS_LITTLE, /* and small end first: tables of a file's parts */
	REFS_FORMS
};

/* The forms that the input seems to have, REFS_NONE first; how many. */
size_t refs_present(const struct reducer *r, enum refs forms[REFS_FORMS]);
/* [from, from + n) of p's len bytes is about to go: what names a place behind it names it by n less. True: some did. */
bool refs_shift(unsigned char *p, size_t len, enum refs form, size_t from, size_t n);

#endif
