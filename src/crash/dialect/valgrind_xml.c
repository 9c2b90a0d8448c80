/* valgrind --xml=yes: elements, one a line, taken as the lines of text that they stand for. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

/* What stands in <name>...</name> on this line. */
static bool element(struct strv s, const char *name, struct strv *in)
{
	size_t n = strlen(name), end;

	if (s.len < n + 2 || *s.s != '<' || memcmp(s.s + 1, name, n) || s.s[n + 1] != '>')
		return false;
	s = strv_from(s, n + 2);
	end = strv_find(s, "</");
	if (end == SIZE_MAX)
		return false;
	*in = strv_sub(s, 0, end);
	return true;
}

static void keep_part(struct buf *b, struct strv v)
{
	buf_reset(b);
	buf_addv(b, strv_sub(v, 0, TEXT_MAX));
}

static void xml_frame(struct crash_parser *p)
{
	struct xml_frame *x = &p->xml;
	struct frame_text f = { .index = -1 };
	struct strv num = strv_n(buf_str(&x->line), x->line.len);
	unsigned digits;

	f.address = x->address;
	f.function = strv_n(buf_str(&x->function), x->function.len);
	if (x->file.len) {
		f.file = strv_n(buf_str(&x->file), x->file.len);
		f.line = (unsigned)scan_dec_max(&num, &digits, 1 << 30);
	}
	f.module = strv_n(buf_str(&x->module), x->module.len);
	if (p->cur && !strcmp(p->cur->sanitizer, "valgrind"))
		report_frame(p, &f);
}

static void xml_reset(struct xml_frame *x)
{
	buf_reset(&x->function);
	buf_reset(&x->file);
	buf_reset(&x->module);
	buf_reset(&x->line);
	x->address = 0;
}

static bool xml_part(struct crash_parser *p, struct strv s)
{
	struct xml_frame *x = &p->xml;
	struct strv in;
	unsigned digits;

	if (element(s, "ip", &in)) {
		strv_skip(&in, "0x");
		x->address = scan_hex(&in, &digits);
	} else if (element(s, "fn", &in)) {
		keep_part(&x->function, in);
	} else if (element(s, "obj", &in)) {
		keep_part(&x->module, in);
	} else if (element(s, "line", &in)) {
		keep_part(&x->line, in);
	} else if (element(s, "file", &in)) {
		size_t dir = x->file.len;

		if (dir) {
			buf_addch(&x->file, '/');
			buf_addv(&x->file, strv_sub(in, 0, TEXT_MAX));
		} else {
			keep_part(&x->file, in);
		}
	} else if (element(s, "dir", &in)) {
		keep_part(&x->file, in);
	} else {
		return false;
	}
	return true;
}

/* The text of a leak's <xwhat> has no "blocks are": its kind says it. */
static void xml_leak(struct crash_parser *p, struct strv kind)
{
	p->xml.leak = strv_starts(kind, "Leak_");
	p->xml.lost = strv_ends(kind, "DefinitelyLost") || strv_ends(kind, "IndirectlyLost");
	p->xml.direct = strv_ends(kind, "DefinitelyLost");
}

static void xml_text(struct crash_parser *p, struct strv text)
{
	struct crash_report *r;

	if (!p->xml.leak || !strv_contains(text, "in loss record")) {
		valgrind_text(p, text, p->xml.pid);
		return;
	}
	if (!p->xml.lost) {
		p->cur = NULL; /* reachable: its stack is nobody's */
		return;
	}
	r = report_open(p, "valgrind", "leak", RANK_LEAK);
	r->pid = p->xml.pid;
	r->priv->direct_leak = p->xml.direct;
	r->size = with_commas(text);
	report_message(r, text);
}

static bool fatal_part(struct crash_parser *p, struct strv s)
{
	const struct report_signal *sig;
	struct strv in;
	unsigned digits;

	if (element(s, "signo", &in)) {
		sig = signal_by_number((int)scan_dec_max(&in, &digits, 64));
		signal_open(p, "valgrind", sig ? sig->kind : "deadly-signal")->pid = p->xml.pid;
		report_message(p->cur, s);
	} else if (element(s, "signame", &in)) {
		if (p->cur)
			report_message(p->cur, in);
	} else if (element(s, "siaddr", &in)) {
		strv_skip(&in, "0x");
		if (p->cur && p->cur->priv->is_signal) {
			p->cur->address = scan_hex(&in, &digits);
			p->cur->has_address = digits > 0;
		}
	} else {
		return false;
	}
	return true;
}

/* The line without white space around it, which begins with '<'. */
bool valgrind_xml(struct crash_parser *p, struct strv s)
{
	struct strv in;
	unsigned digits;

	if (strv_starts(s, "<valgrindoutput>") || strv_starts(s, "<protocoltool>")) {
		p->in_xml = true;
		return true;
	}
	if (!p->in_xml)
		return false;
	if (strv_starts(s, "<frame>"))
		xml_reset(&p->xml);
	else if (strv_starts(s, "</frame>"))
		xml_frame(p);
	else if (element(s, "pid", &in))
		p->xml.pid = (long)scan_dec_max(&in, &digits, INT32_MAX);
	else if (element(s, "kind", &in))
		xml_leak(p, in);
	else if (element(s, "what", &in) || element(s, "text", &in) || element(s, "auxwhat", &in))
		xml_text(p, in);
	else if (strv_starts(s, "<error>"))
		p->xml.leak = false;
	else if (!xml_part(p, s) && !fatal_part(p, s) && strv_starts(s, "</valgrindoutput>"))
		p->in_xml = false;
	return true;
}

void valgrind_xml_release(struct xml_frame *x)
{
	buf_release(&x->function);
	buf_release(&x->file);
	buf_release(&x->module);
	buf_release(&x->line);
}
