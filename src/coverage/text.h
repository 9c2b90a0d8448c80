/* Sources that coverage names, by line; read once each. */
#ifndef COVERAGE_TEXT_H
#define COVERAGE_TEXT_H

#include "base/strv.h"

struct coverage_texts;

struct coverage_texts *coverage_texts_new(void);
void coverage_texts_free(struct coverage_texts *t);
/* Without its end of line; empty where there is no such file or line. Valid until coverage_texts_free. */
struct strv coverage_text_line(struct coverage_texts *t, const char *path, unsigned line);
/* It can be read. */
bool coverage_text_there(struct coverage_texts *t, const char *path);

#endif
