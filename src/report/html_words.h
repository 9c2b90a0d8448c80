/* A harness's dictionary on its page: the tokens that its engines get, from where, and how many inputs of its corpus have them. */
#ifndef REPORT_HTML_WORDS_H
#define REPORT_HTML_WORDS_H

#include "base/buf.h"

struct html_word {
	/* as in a dictionary's quotes; from may be "" */
	char *token, *from;
	/* of the inputs that were looked at, those that have it */
	size_t inputs;
};

/* All of it is owned; {0} is empty. */
struct html_words {
	struct html_word *v;
	size_t n, cap;
	size_t looked_at;
};

void html_words_release(struct html_words *w);
/* A section; it says what to do where there is no dictionary. */
void html_words_add(struct buf *b, const struct html_words *w, const char *harness);

#endif
