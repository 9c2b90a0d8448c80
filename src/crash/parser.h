/* Report text -> reports. The text is hostile: bounded work per byte, no recursion on its structure. */
#ifndef CRASH_PARSER_H
#define CRASH_PARSER_H

#include "base/strv.h"
#include "crash/report.h"

/*
 * Incremental parser: memory is flat in the size of the log. Reports come in the order of the log;
 * the first fatal one decides, the others are kept.
 */
struct crash_parser;
struct crash_parser *crash_parser_new(void);
void crash_parser_feed(struct crash_parser *p, const void *text, size_t n);
/*
 * All reports, to be freed with crash_reports_free. Never NULL, n >= 1: a log without a report gives one of
 * kind "no-crash". The parser is freed. main_index is the one that decides.
 */
struct crash_report **crash_parser_end(struct crash_parser *p, size_t *n, size_t *main_index);
/* The deciding report of a whole text in memory; free with crash_report_free. Never NULL. */
struct crash_report *crash_parse(struct strv text);
/*
 * The same of what a process printed that we saw end: its sanitizer's report ended it, so of equal ones the last decides.
 * One before it is what the process was made to print, an input that quotes a report.
 */
struct crash_report *crash_parse_ended(struct strv text);
/* There is more than notes in such a text. */
bool crash_text_fails(struct strv text);

#endif
