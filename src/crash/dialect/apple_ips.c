/*
 * macOS and iOS crash reports as JSON (.ips), and ABRT's core_backtrace: the frames are objects, all of a thread on
 * one line, so lines are read as streams of keys and values whose nesting is followed only as far as it matters.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "base/mem.h"
#include "crash/dialect/internal.h"
#include <stdio.h>

static void set_images(struct crash_report *r, unsigned image, struct strv name)
{
	char mark[16];
	const char *kept = NULL;

	snprintf(mark, sizeof(mark), "#%u", image);
	for (size_t i = 0; i < r->n_stacks; i++)
		for (size_t k = 0; k < r->stacks[i].n; k++) {
			struct crash_frame *f = &r->stacks[i].frames[k];

			if (f->module && !strcmp(f->module, mark))
				f->module = kept = kept ? kept : keep(r, name);
		}
}

static void end_frame(struct crash_parser *p)
{
	struct json_frame *j = &p->ips;
	struct frame_text f = { .index = -1 };
	char mark[16];

	if (!j->in_frames || !j->has_frame || !p->cur)
		return;
	f.function = strv_n(buf_str(&j->symbol), j->symbol.len);
	f.file = strv_n(buf_str(&j->file), j->file.len);
	f.line = j->line;
	f.module = strv_n(buf_str(&j->module), j->module.len);
	if (!f.module.len && j->has_image) {
		snprintf(mark, sizeof(mark), "#%u", j->image);
		f.module = strv_of(mark);
	}
	f.offset = j->offset;
	f.has_offset = f.module.len > 0;
	f.address = j->address;
	report_frame(p, &f);
}

static void begin_object(struct json_frame *j)
{
	buf_reset(&j->symbol);
	buf_reset(&j->file);
	buf_reset(&j->module);
	j->line = 0;
	j->offset = j->address = 0;
	j->has_image = j->has_frame = false;
}

static void keep_text(struct buf *b, struct strv s)
{
	buf_reset(b);
	for (size_t i = 0; i < s.len && b->len < TEXT_MAX; i++)
		if (s.s[i] != '\\' || i + 1 == s.len || (s.s[i + 1] != '/' && s.s[i + 1] != '"'))
			buf_addch(b, s.s[i]);
}

static void text_value(struct crash_parser *p, struct strv key, struct strv v)
{
	struct json_frame *j = &p->ips;

	if (j->in_images) {
		if (strv_eqs(key, "name") && p->cur)
			set_images(p->cur, j->image_at, v);
	} else if (j->in_frames) {
		if (strv_eqs(key, "symbol") || strv_eqs(key, "function_name") ||
			strv_eqs(key, "function"))
			keep_text(&j->symbol, v);
		else if (strv_eqs(key, "sourceFile") || strv_eqs(key, "source_file"))
			keep_text(&j->file, v);
		else if (strv_eqs(key, "file_name") || strv_eqs(key, "module"))
			keep_text(&j->module, v);
		else
			return;
		j->has_frame = true;
	}
}

static void number_value(struct crash_parser *p, struct strv key, uint64_t v)
{
	struct json_frame *j = &p->ips;

	if (strv_eqs(key, "faultingThread")) {
		j->faulting = (long)MIN(v, (uint64_t)INT32_MAX);
		j->has_faulting = true;
	} else if (strv_eqs(key, "signal") && p->cur && !strcmp(p->cur->sanitizer, "abrt")) {
		const struct report_signal *sig = signal_by_number((int)MIN(v, (uint64_t)65));

		p->cur->kind = sig ? sig->kind : p->cur->kind;
	} else if (!j->in_frames) {
		return;
	} else if (strv_eqs(key, "imageOffset") || strv_eqs(key, "build_id_offset")) {
		j->offset = v;
		j->has_frame = true;
	} else if (strv_eqs(key, "imageIndex")) {
		j->image = (unsigned)MIN(v, (uint64_t)100000);
		j->has_image = true;
	} else if (strv_eqs(key, "sourceLine")) {
		j->line = (unsigned)MIN(v, (uint64_t)INT32_MAX);
	} else if (strv_eqs(key, "address")) {
		j->address = v;
		j->has_frame = true;
	}
}

/* A key that opens something. */
static void opened(struct crash_parser *p, struct strv key)
{
	struct json_frame *j = &p->ips;

	if (strv_eqs(key, "threads") || strv_eqs(key, "stacktrace")) {
		j->thread = -1;
	} else if (strv_eqs(key, "usedImages")) {
		j->in_images = true;
		j->in_frames = false;
		j->image_at = 0;
	} else if (strv_eqs(key, "frames") && p->cur) {
		bool faults = j->triggered || (j->has_faulting && j->thread + 1 == j->faulting);

		j->thread++;
		j->in_frames = true;
		report_expect(p->cur,
			faults || !p->cur->n_stacks ? CRASH_STACK_FAULT : CRASH_STACK_OTHER,
			strv_n("", 0));
		if (faults)
			for (size_t i = 0; i < p->cur->n_stacks; i++)
				p->cur->stacks[i].role = CRASH_STACK_OTHER;
		j->triggered = false;
	}
}

static size_t string_end(struct strv s, size_t i)
{
	while (i < s.len && s.s[i] != '"')
		i += s.s[i] == '\\' && i + 1 < s.len ? 2 : 1;
	return MIN(i, s.len);
}

/* One line, or one piece of a long line that was cut behind a '}'. */
static void scan(struct crash_parser *p, struct strv s)
{
	struct json_frame *j = &p->ips;
	struct strv key = { 0 };

	for (size_t i = 0; i < s.len; i++) {
		struct strv rest;
		unsigned digits;
		size_t end;

		switch (s.s[i]) {
		case '"':
			end = string_end(s, i + 1);
			rest = skip_blank(strv_from(s, MIN(end + 1, s.len)));
			if (rest.len && *rest.s == ':')
				key = strv_sub(s, i + 1, end - i - 1);
			else
				text_value(p, key, strv_sub(s, i + 1, end - i - 1));
			i = end;
			continue;
		case '{':
			begin_object(j);
			break;
		case '[':
			opened(p, key);
			break;
		case '}':
			end_frame(p);
			begin_object(j);
			j->image_at += j->in_images;
			break;
		case ']':
			j->in_frames = false;
			break;
		default:
			if (s.s[i] >= '0' && s.s[i] <= '9') {
				rest = strv_from(s, i);
				number_value(p, key, scan_dec(&rest, &digits));
				i = s.len - rest.len - 1;
			} else if (strv_starts(strv_from(s, i), "true") &&
				   (strv_eqs(key, "triggered") || strv_eqs(key, "crash_thread"))) {
				j->triggered = true;
			}
		}
	}
}

/* "exception" : {"codes":"0x1, 0x0","type":"EXC_BAD_ACCESS","signal":"SIGSEGV","subtype":"KERN_INVALID_ADDRESS at 0x0"} */
bool ips_exception(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind types[] = { { "EXC_BAD_ACCESS", "segv" },
		{ "EXC_BAD_INSTRUCTION", "illegal-instruction" }, { "EXC_ARITHMETIC", "fpe" },
		{ "EXC_BREAKPOINT", "trap" }, { "EXC_CRASH", "abort" }, { "EXC_GUARD", "abort" },
		{ "EXC_RESOURCE", "out-of-memory" }, { NULL, NULL } };
	struct strv s = strv_from(line, at), rest;
	size_t type = strv_find(s, "EXC_"), sig_at = strv_find(s, "\"SIG"),
	       sub = strv_find(s, " at 0x"), end;
	const struct report_signal *sig =
		sig_at == SIZE_MAX ? NULL : signal_by_name(strv_from(s, sig_at + 1));
	const struct name_kind *k =
		type == SIZE_MAX ? NULL : name_kind_find(types, strv_from(s, type));
	struct crash_report *r;

	if (!sig && !k)
		return false;
	r = signal_open(p, "apple", sig ? sig->kind : k->kind);
	end = type == SIZE_MAX ? SIZE_MAX : strv_chr(strv_from(s, type), '"');
	report_message(r, type == SIZE_MAX ? s : strv_sub(s, type, end));
	if (sub != SIZE_MAX)
		r->has_address = find_hex(strv_from(s, sub), &r->address, &rest);
	p->in_ips = true;
	if (strv_contains(s, "\"threads\"")) /* all on one line */
		scan(p, s);
	return true;
}

/* ABRT: {"signal": 11, "executable": "...", "stacktrace": [{"crash_thread": true, "frames": [...]}]} */
bool abrt_backtrace(struct crash_parser *p, struct strv line, size_t at)
{
	if (p->in_ips && p->cur)
		return false;
	report_message(signal_open(p, "abrt", "deadly-signal"), strv_of("core_backtrace"));
	p->in_ips = true;
	scan(p, strv_from(line, at));
	return true;
}

bool ips_line(struct crash_parser *p, struct strv s)
{
	if (!p->in_ips || !p->cur || !strchr("\"{}[],", *s.s))
		return false;
	if (strv_starts(s, "\"exception\""))
		return false; /* a further report */
	scan(p, s);
	return true;
}

void ips_release(struct json_frame *j)
{
	buf_release(&j->symbol);
	buf_release(&j->file);
	buf_release(&j->module);
}
