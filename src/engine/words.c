/* From lines to what they say of a failing input. */
#include "base/prelude.h"
#include "engine/words.h"
#include "base/hash.h"
#include "base/num.h"
#include <stdio.h>

#define REPORT_MAX ((size_t)256 << 10)
#define PRIOR_MAX ((size_t)1 << 10)
#define BASE64_MAX ((size_t)8 << 10)

/* A report begins with one of these. */
static bool begins_report(struct strv line)
{
	return (strv_starts(line, "==") &&
		       (strv_contains(line, "ERROR: ") || strv_contains(line, "WARNING: ") ||
			       strv_contains(line, "Sanitizer has encountered a fatal error"))) ||
	       strv_contains(line, ": runtime error: ") || strv_contains(line, ":DEADLYSIGNAL");
}

/* What follows it is libFuzzer's own. */
static bool ends_report(struct strv line)
{
	return strv_starts(line, "MS: ") || strv_starts(line, "stat::") ||
	       strv_starts(line, "artifact_prefix=");
}

/* libFuzzer's own lines of progress come between what is said and what is said later. */
static void take_prior(struct words *w, struct strv line)
{
	if (strv_starts(line, "#") || strv_starts(line, "INFO: ") || w->prior.len > PRIOR_MAX)
		buf_reset(&w->prior);
	else if (!w->open && line.len < PRIOR_MAX)
		buf_addf(&w->prior, STRV_FMT "\n", STRV_ARG(line));
}

static void open_report(struct words *w)
{
	struct strv so_far = strv_n(buf_str(&w->report), w->report.len);

	/* the headline of a signal is announced by another line */
	if (!w->open || !strv_contains(so_far, ":DEADLYSIGNAL")) {
		buf_reset(&w->report);
		buf_add(&w->report, buf_str(&w->prior), w->prior.len);
	}
	buf_reset(&w->prior);
	w->open = true;
}

static void take_report(struct words *w, struct strv line)
{
	if (begins_report(line))
		open_report(w);
	else if (ends_report(line))
		w->open = false;
	if (w->open && w->report.len + line.len < REPORT_MAX) {
		buf_addv(&w->report, line);
		buf_addch(&w->report, '\n');
	}
}

/* "... Test unit written to PATH/crash-<sha1>" */
static void take_name(struct words *w, struct strv line)
{
	static const char mark[] = "Test unit written to ";
	size_t at = strv_find(line, mark), slash;
	struct strv path;

	if (at == SIZE_MAX)
		return;
	path = strv_trim(strv_from(line, at + sizeof(mark) - 1));
	slash = strv_rchr(path, '/');
	if (slash != SIZE_MAX)
		path = strv_from(path, slash + 1);
	if (path.len > SHA1_HEX - 1 && path.len < sizeof(w->name))
		snprintf(w->name, sizeof(w->name), STRV_FMT, STRV_ARG(path));
}

static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

static void decode(struct strv text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < text.len; i++) {
		int d = base64_digit(text.s[i]);

		if (d < 0)
			return;
		bits = bits << 6 | (uint32_t)d;
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_addch(out, (int)(bits >> n & 255));
		}
	}
}

/* The bytes count only when they are those of the name. */
static void take_bytes(struct words *w, struct strv line)
{
	char hex[SHA1_HEX];
	size_t n = strlen(w->name);

	if (!strv_skip(&line, "Base64: ") || line.len > BASE64_MAX || n < SHA1_HEX - 1)
		return;
	buf_reset(&w->input);
	decode(strv_trim(line), &w->input);
	hash_sha1(buf_str(&w->input), w->input.len, hex);
	if (strcmp(w->name + n - (SHA1_HEX - 1), hex) != 0)
		buf_reset(&w->input);
}

void words_line(struct words *w, struct strv line)
{
	take_report(w, line);
	take_prior(w, line);
	take_name(w, line);
	take_bytes(w, line);
}

void words_reset(struct words *w)
{
	buf_reset(&w->report);
	buf_reset(&w->prior);
	buf_reset(&w->input);
	w->open = false;
	w->name[0] = '\0';
}

void words_release(struct words *w)
{
	buf_release(&w->report);
	buf_release(&w->prior);
	buf_release(&w->input);
	*w = (struct words)WORDS_INIT;
}

bool words_number(struct strv line, const char *word, uint64_t *out)
{
	size_t at = strv_find(line, word);
	struct strv rest, digits;

	if (at == SIZE_MAX)
		return false;
	rest = strv_trim(strv_from(line, at + strlen(word)));
	digits = rest;
	digits.len = 0;
	while (digits.len < rest.len && rest.s[digits.len] >= '0' && rest.s[digits.len] <= '9')
		digits.len++;
	return num_u64(digits, out) == 0;
}
