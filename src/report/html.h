/* The report as a folder of pages: what is where, and which bugs have a page of their own. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/err.h"
#include "report/html_bug.h"
#include "report/html_cover.h"
#include "report/html_words.h"

struct html_opts {
	/* the folder; as site.h says */
	const char *dir;
	/* at most so many bugs have a page of their own, the worst first */
	size_t pages;
	/*
	 * What is known of a bug beside its record, valid until the next call; 1: it's gone by now, and has no more than that.
	 * -1 ends it.
	 */
	int (*bug)(void *arg, const char *id, struct html_bug *out, struct err *err);
	/* What a harness's corpus reaches; released here. */
	void (*cover)(void *arg, const char *harness, struct html_cover *out);
	/* Its dictionary; released here. */
	void (*words)(void *arg, const char *harness, struct html_words *out);
	void *arg;
};

int html_write(const struct model *m, const struct html_opts *opts, struct err *err);

#endif
