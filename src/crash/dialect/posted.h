/* Dialects of reports as people post them: other tools, handlers of their own, allocators, runners, shells. */
#ifndef CRASH_DIALECT_POSTED_H
#define CRASH_DIALECT_POSTED_H

#include "crash/phrase.h"

/* Tables of phrases, one a file. */
extern const struct phrase_table project_phrases, project_line_phrases;

/* outcome.c: how a process ended, told from outside */
bool outcome_name(struct crash_parser *p, struct strv line, size_t at);
bool outcome_signal(struct crash_parser *p, struct strv line, size_t at);
bool outcome_exit(struct crash_parser *p, struct strv line, size_t at);
bool outcome_return(struct crash_parser *p, struct strv line, size_t at);
bool outcome_code(struct crash_parser *p, struct strv line, size_t at);
bool outcome_make(struct crash_parser *p, struct strv line, size_t at);
bool outcome_error(struct crash_parser *p, struct strv line, size_t at);
bool outcome_wait_status(struct crash_parser *p, struct strv line, size_t at);
bool outcome_systemd(struct crash_parser *p, struct strv line, size_t at);
bool outcome_short_name(struct crash_parser *p, struct strv line, size_t at);
const char *ntstatus_kind(uint64_t code);

#endif
