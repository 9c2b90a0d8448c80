/* A bug's page. */
#ifndef REPORT_HTML_BUG_H
#define REPORT_HTML_BUG_H

#include "crash/crash.h"
#include "report/model.h"
#include "report/snippet.h"

/* What is known of a bug beside its record; all borrowed, and hostile. What isn't known is NULL. */
struct html_bug {
	const struct crash_report *report;
	const struct buf *input;
	const unsigned char *essential;
	const char *input_path, *input_lost, *test_dir, *origin, *note, *matrix;
	const struct site_rec *sites;
	size_t n_sites;
	/* the project's directory, and which files may be opened */
	const char *root;
	snippet_readable_fn readable;
	const void *readable_arg;
};

/* The whole page; appended. */
void html_bug_page(struct buf *b, const struct model *m, const struct model_bug *bug,
	const struct html_bug *d);

#endif
