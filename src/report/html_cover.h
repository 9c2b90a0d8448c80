/* The lines that a harness's corpus reaches, as they were last measured, on its page: whose, which files, what blocks it. */
#ifndef REPORT_HTML_COVER_H
#define REPORT_HTML_COVER_H

#include "base/buf.h"

struct html_cover_file {
	char *path;
	size_t lines, covered;
};

struct html_cover_whose {
	/* "own", "harness", "third-party" */
	const char *whose;
	size_t lines, covered, files;
};

/* A condition that only came out one way. */
struct html_cover_blocker {
	/* "src/x.c:3:7", its line, and what lies behind it, in words */
	char *place, *source, *behind;
	bool never_true;
	uint64_t times;
};

/* All of it is owned; {0} is empty. */
struct html_cover {
	struct html_cover_whose whose[3];
	size_t n_whose;
	/* the project's own, or the harness where there is none; the most uncovered lines first */
	struct html_cover_file *files;
	size_t n_files, cap_files;
	/* by what lies behind */
	struct html_cover_blocker *blockers;
	size_t n_blockers, cap_blockers;
	/* lines, since the measurement before; since_ms 0: there was none */
	size_t lost, gained;
	uint64_t since_ms;
};

void html_cover_release(struct html_cover *c);
/* A section; nothing where nothing was measured. harness: as the commands name it. */
void html_cover_add(struct buf *b, const struct html_cover *c, const char *harness);

#endif
