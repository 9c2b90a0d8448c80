/*
 * A folder of pages that takes the place of an earlier one, whole or not at all. A folder that holds anything but what was
 * written by this is refused and stays as it is.
 */
#ifndef REPORT_SITE_H
#define REPORT_SITE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"

struct site {
	/* where it will be, and where it is made */
	char *path, *fresh;
	/* of files in it, as "bug/0123.html" */
	struct strlist names;
};

/* Refusals are usage errors that name what is in the way. Ended by site_close in any case. */
int site_open(struct site *s, const char *path, struct err *err);
/* name: may have one folder in front. */
int site_put(struct site *s, const char *name, const struct buf *text, struct err *err);
/* To the disk, then into its place. */
int site_take_place(struct site *s, struct err *err);
/* What didn't take its place is removed. */
void site_close(struct site *s);

#endif
