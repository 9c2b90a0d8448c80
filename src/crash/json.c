/*
 * Log lines that are JSON objects: Docker's, journald's and every structured logger's. The strings that
 * may be log text go on as lines of their own; nothing is parsed that isn't a string.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/lines.h"

/* Behind the quote at s[i]: where the string ends (its closing quote, or the line). */
static size_t string_end(struct strv s, size_t i)
{
	while (i < s.len && s.s[i] != '"')
		i += s.s[i] == '\\' && i + 1 < s.len ? 2 : 1;
	return MIN(i, s.len);
}

static bool is_text_key(struct strv key)
{
	static const char *const keys[] = { "log", "message", "msg", "MESSAGE", "text", "line",
		"output", "Output", "stderr", "stdout", "body", "data", "content", "@message",
		"short_message", "full_message", "error", "exception", "stack", "stacktrace",
		"stack_trace", "stackTrace", "backtrace", "trace", "description", "textPayload",
		"details", "event", "reason", "err", "Message", "logs", "console", "failure",
		"crash", "report", "sanitizer_output" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strv_eqs(key, keys[i]))
			return true;
	return false;
}

/* journalctl -o json gives text that isn't UTF-8 as an array of bytes. */
static size_t byte_array(
	struct crash_parser *p, struct strv s, size_t i, int depth, json_text_fn fn)
{
	struct buf b = BUF_INIT;
	struct strv rest, line;
	unsigned digits;

	for (rest = strv_from(s, i + 1);;) {
		uint64_t v;

		while (rest.len && (*rest.s == ' ' || *rest.s == ','))
			rest = strv_from(rest, 1);
		v = scan_dec(&rest, &digits);
		if (!digits || v > 255)
			break;
		buf_addch(&b, (int)v);
	}
	i = s.len - rest.len;
	rest = strv_n(buf_str(&b), b.len);
	while (strv_line(&rest, &line))
		fn(p, line, false, depth);
	buf_release(&b);
	return i;
}

bool json_strings(struct crash_parser *p, struct strv line, int depth, json_text_fn fn)
{
	struct strv s = strv_trim(line), key = { 0 };
	bool heard = false;

	/* an object, or a member of one on a line of its own */
	if (s.len < 8 || (*s.s != '{' && *s.s != '"') || !strv_contains(strv_sub(s, 0, 4096), "\":"))
		return false;
	for (size_t i = *s.s == '{'; i < s.len; i++) {
		struct strv in, after;
		size_t end;

		if (s.s[i] == '[' && strv_eqs(key, "MESSAGE")) {
			i = byte_array(p, s, i, depth, fn);
			heard = true;
			continue;
		}
		if (s.s[i] != '"')
			continue;
		end = string_end(s, i + 1);
		in = strv_sub(s, i + 1, end - i - 1);
		after = skip_blank(strv_from(s, MIN(end + 1, s.len)));
		i = end;
		if (after.len && *after.s == ':') {
			key = in;
			continue;
		}
		if (!is_text_key(key) && !strv_contains(in, "\\n"))
			continue;
		heard = true;
		fn(p, in, memchr(in.s, '\\', in.len) != NULL, depth);
	}
	return heard;
}
