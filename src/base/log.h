/* The log: standard error, one line each, control bytes escaped. Results never go here. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/strv.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* LOG_INFO at start. */
void log_set_level(enum log_level level);
/* Also append JSON lines {"time","level","pid","msg"} to this descriptor (-1: stop). */
void log_set_json(int fd);
void log_error(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_info(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_debug(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* A line that is no message of the log, for people: harmless already, without its end. */
void log_line(struct strv text);
/*
 * A line of progress, cut to the terminal's width, which the next one or a log line of any process overwrites; only on a
 * terminal that can wipe a line, else nothing.
 */
void log_progress(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The same of parts, the first most important: those that fit whole, two blanks between. The first is cut where it must be. */
void log_progress_parts(const char *const *parts, size_t n);
/* Wipe it: what comes next is a result. */
void log_progress_end(void);
/* Another process shows its progress on this terminal: none of ours from now on. */
void log_progress_off(void);

#endif
