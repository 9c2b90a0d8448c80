/* What a harness's page in a report says of its dictionary: the one that its engines got last. */
#ifndef CLI_REPORT_WORDS_H
#define CLI_REPORT_WORDS_H

#include "project/project.h"
#include "report/html_words.h"

/* The caller releases *out; it is empty where none was made, or the harness isn't there any more. */
void report_words(const struct project *p, const char *harness, struct html_words *out);

#endif
