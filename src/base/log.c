/*
 * The log on standard error. Each line is one write, so that lines of several processes don't mix; what a target may
 * have printed into it is escaped here, for all callers.
 */
#include "base/prelude.h"
#include "base/log.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/columns.h"
#include "base/escape.h"
#include "base/io.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static enum log_level max_level = LOG_INFO;
static int json_fd = -1;
static bool progress_shown, progress_off;

void log_set_level(enum log_level level)
{
	max_level = level;
}

void log_set_json(int fd)
{
	json_fd = fd;
}

/* The log has nowhere to complain to. */
static void write_line(int fd, const struct buf *b)
{
	(void)!io_write(fd, b->s, b->len);
}

static void add_json_string(struct buf *b, struct strv v)
{
	struct buf clean = BUF_INIT;

	escape_utf8(&clean, v);
	buf_addch(b, '"');
	for (size_t i = 0; i < clean.len; i++) {
		unsigned char c = (unsigned char)clean.s[i];

		if (c == '"' || c == '\\')
			buf_addf(b, "\\%c", c);
		else if (c < 32)
			buf_addf(b, "\\u%04x", c);
		else
			buf_addch(b, c);
	}
	buf_addch(b, '"');
	buf_release(&clean);
}

/* That of standard error, where a line can be wiped; 0: none. Asked each time, since it may have been resized. */
static size_t terminal_columns(void)
{
	const char *term = getenv("TERM");
	struct winsize ws = { 0 };

	if (!isatty(STDERR_FILENO) || !term || !*term || strcmp(term, "dumb") == 0)
		return 0;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col ? ws.ws_col : 80;
}

/* Also where we showed none: a worker's line comes behind the progress of the process that started it. */
static void clear_progress(struct buf *line)
{
	if (terminal_columns())
		buf_adds(line, "\r\033[K");
	progress_shown = false;
}

/* Broken on a terminal where it is too wide. */
void log_line(struct strv text)
{
	struct buf line = BUF_INIT;
	size_t columns = terminal_columns();

	clear_progress(&line);
	if (columns)
		columns_wrap(&line, text, columns);
	else
		buf_addv(&line, text);
	buf_addch(&line, '\n');
	write_line(STDERR_FILENO, &line);
	buf_release(&line);
}

PRINTF_LIKE(2, 0) static void vlog(enum log_level level, const char *fmt, va_list ap)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };
	struct buf msg = BUF_INIT, line = BUF_INIT;

	if (level > max_level && json_fd < 0)
		return;
	buf_vaddf(&msg, fmt, ap);
	if (level <= max_level) {
		buf_adds(&line, "thresh: ");
		if (level != LOG_INFO)
			buf_addf(&line, "%s: ", names[level]);
		escape_term_text(&line, strv_n(msg.s, msg.len));
		log_line(strv_n(line.s, line.len));
	}
	if (json_fd >= 0) {
		char when[CLOCK_ISO_LEN];

		clock_iso(clock_wall_ms(), when);
		buf_reset(&line);
		buf_addf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"pid\":%ld,\"msg\":", when,
			names[level], (long)getpid());
		add_json_string(&line, strv_n(msg.s, msg.len));
		buf_adds(&line, "}\n");
		write_line(json_fd, &line);
	}
	buf_release(&msg);
	buf_release(&line);
}

void log_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_ERROR, fmt, ap);
	va_end(ap);
}

void log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_WARN, fmt, ap);
	va_end(ap);
}

void log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_INFO, fmt, ap);
	va_end(ap);
}

void log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vlog(LOG_DEBUG, fmt, ap);
	va_end(ap);
}

/* 0: nothing is to be shown. */
static size_t progress_columns(void)
{
	return progress_off || max_level < LOG_INFO ? 0 : terminal_columns();
}

/* Harmless text, cut. */
static void show_progress(struct strv text, size_t columns)
{
	struct buf line = BUF_INIT;

	/* over the old one, so that nothing flickers; never into the last column, behind which some terminals wrap */
	buf_adds(&line, "\r");
	buf_addv(&line, strv_sub(text, 0, columns_fitting(text, columns - 1)));
	buf_adds(&line, "\033[K");
	write_line(STDERR_FILENO, &line);
	progress_shown = true;
	buf_release(&line);
}

void log_progress(const char *fmt, ...)
{
	struct buf msg = BUF_INIT, safe = BUF_INIT;
	size_t columns = progress_columns();
	va_list ap;

	if (!columns)
		return;
	va_start(ap, fmt);
	buf_vaddf(&msg, fmt, ap);
	va_end(ap);
	escape_term(&safe, strv_n(buf_str(&msg), msg.len));
	show_progress(strv_n(buf_str(&safe), safe.len), columns);
	buf_release(&msg);
	buf_release(&safe);
}

void log_progress_parts(const char *const *parts, size_t n)
{
	struct buf all = BUF_INIT, one = BUF_INIT;
	size_t columns = progress_columns(), used = 0, width;

	if (!columns)
		return;
	for (size_t i = 0; i < n; i++) {
		buf_reset(&one);
		escape_term(&one, strv_of(parts[i]));
		width = columns_width(strv_n(buf_str(&one), one.len));
		if (!one.len || (used && used + 2 + width > columns - 1))
			continue;
		buf_adds(&all, used ? "  " : "");
		buf_adds(&all, one.s);
		used += width + (used ? 2 : 0);
	}
	show_progress(strv_n(buf_str(&all), all.len), columns);
	buf_release(&all);
	buf_release(&one);
}

void log_progress_end(void)
{
	struct buf line = BUF_INIT;

	if (!progress_shown)
		return;
	clear_progress(&line);
	write_line(STDERR_FILENO, &line);
	buf_release(&line);
}

void log_progress_off(void)
{
	progress_off = true;
}
