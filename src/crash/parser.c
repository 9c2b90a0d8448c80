/*
 * From bytes to lines to handlers. Each byte is looked at a bounded number of times: a line is scanned
 * once for the triggers of all dialects, each of which is heard at most once in it.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "crash/dialect/internal.h"
#include "crash/internal.h"

/* Only a logger's prefix stands before `at`, or nothing. */
static bool at_start(struct strv line, size_t at)
{
	while (at && (line.s[at - 1] == ' ' || line.s[at - 1] == '\t'))
		at--;
	return !at || strchr(":]|>)\"'\r=*#", line.s[at - 1]);
}

static bool frame_anywhere(struct crash_parser *p, struct strv line, size_t at)
{
	struct frame_text f;

	if (at + 1 >= line.len || line.s[at + 1] < '0' || line.s[at + 1] > '9')
		return false;
	if (!frame_parse_numbered(strv_from(line, at), true, false, &f))
		return false;
	if (!p->cur && f.index)
		return false; /* prose: a stack begins with 0 */
	report_frame(p, &f);
	return true;
}

/* The first eight bytes told most phrases apart; the rest of one that is longer. */
static bool rest_stands_at(struct strv line, size_t i, const char *text)
{
	size_t n = strlen(text);

	return n <= 8 || (line.len - i >= n && !memcmp(line.s + i + 8, text + 8, n - 8));
}

static bool hear(struct crash_parser *p, const struct phrase_item *g, struct strv line, size_t i)
{
	if (g->trigger)
		return g->trigger->fn(p, line, i);
	if (g->phrase)
		return phrase_heard(p, g, line, i);
	return signal_word(p, g->word, line, i);
}

enum { HEARD_MAX = 24 };

/* The phrases that begin at i; true: the line is done with. heard: those that were heard in it already. */
static bool hear_all(struct crash_parser *p, struct strv line, size_t i, short *heard, unsigned *n)
{
	const struct phrase_index *ix = p->phrases;
	uint64_t here = head_of(line.s + i, line.len - i);

	for (int t = ix->first[phrase_hash(line.s + i)]; t >= 0; t = ix->item[t].next) {
		const struct phrase_item *g = &ix->item[t];
		unsigned k = 0;

		if ((here & g->mask) != g->head || !rest_stands_at(line, i, g->text))
			continue;
		while (k < *n && heard[k] != t)
			k++;
		if (k < *n || *n == HEARD_MAX || (g->where == AT_START && !at_start(line, i)))
			continue;
		heard[(*n)++] = (short)t;
		if (hear(p, g, line, i))
			return true;
	}
	return false;
}

static size_t word_end(const struct phrase_index *ix, struct strv line, size_t i)
{
	const unsigned char *s = (const unsigned char *)line.s + i + 1;
	const unsigned char *end = (const unsigned char *)line.s + line.len;

	while (s < end && ix->byte[*s] & BYTE_WORD)
		s++;
	return (size_t)(s - (const unsigned char *)line.s);
}

static void run_triggers(struct crash_parser *p, struct strv line)
{
	const struct phrase_index *ix = p->phrases;
	short heard[HEARD_MAX];
	unsigned hashes = 0, n = 0;

	/* no phrase begins inside a word: from one word's start to the next */
	for (size_t i = 0, next; i < line.len; i = next) {
		unsigned b = ix->byte[(unsigned char)line.s[i]], sieve;

		next = b & BYTE_WORD ? word_end(ix, line, i) : i + 1;
		if (!(b & BYTE_STARTS))
			continue;
		if (line.s[i] == '#' && i && hashes++ < 4 && frame_anywhere(p, line, i))
			return;
		if (line.s[i] == '=' && i && line.s[i - 1] != '=' && i + 2 < line.len &&
			line.s[i + 1] == '=' && strchr(" \t'\"(:|", line.s[i - 1]) &&
			hashes++ < 4 && valgrind_line(p, strv_from(line, i)))
			return;
		if (i + 2 >= line.len || (i && strv_is_word(line.s[i - 1])))
			continue;
		sieve = phrase_sieve(line.s + i);
		if (ix->sieve[sieve / 64] >> (sieve % 64) & 1 && hear_all(p, line, i, heard, &n))
			return;
	}
}

/* A message that stands on the lines below its headline. */
static void more_message(struct crash_parser *p, struct strv line)
{
	struct crash_report *r = p->cur;

	if (!r || !r->priv->want_message)
		return;
	line = strv_trim(line);
	if (!strcmp(r->sanitizer, "v8"))
		strv_skip(&line, "# ");
	if (!line.len || strv_starts(line, "stack backtrace:") || strv_starts(line, "note: ")) {
		r->priv->want_message = r->message ? 0 : r->priv->want_message;
		return;
	}
	r->priv->want_message--;
	if (!r->message)
		report_message(r, line);
}

/* Frames of dialects in which only their own reports are followed by them. */
static bool other_frames(struct crash_parser *p, struct strv s, char c)
{
	char last = s.s[s.len - 1];

	if ((last == ')' || last == ']') && windows_backtrace_frame(p, s))
		return true;
	if (c == '<' && honggfuzz_frame(p, s))
		return true;
	if (p->in_java && java_frame(p, s))
		return true;
	if (p->in_ips && ips_line(p, s))
		return true;
	return windows_frame(p, s) || kernel_frame(p, s) || bang_frame(p, s);
}

/* "    /src/a.cpp:12" below a frame, as folly and gcc print its place; "-> /src/b.cpp" says who included it. */
static bool place_below(struct crash_parser *p, struct strv line, struct strv s)
{
	struct crash_report *r = p->cur;
	struct crash_frame *to;
	struct frame_text f = { 0 };

	if (!p->last_was_frame || !r || r->priv->open < 0 || !r->stacks[r->priv->open].n ||
		s.s == line.s)
		return false;
	if (strv_starts(s, "-> "))
		return true;
	if (strv_chr(s, ' ') != SIZE_MAX ||
		(*s.s != '/' && *s.s != '.' && strv_chr(s, '/') == SIZE_MAX))
		return false;
	frame_set_location(s, &f);
	if (!f.line || !f.file.len)
		return false;
	to = &r->stacks[r->priv->open].frames[r->stacks[r->priv->open].n - 1];
	if (!to->file) {
		to->file = keep(r, f.file);
		to->line = f.line;
		to->column = f.column;
	}
	return true;
}

/* In front of its arguments: a function has a name of one word, or none. */
static bool named_by_one_word(const struct frame_text *f)
{
	size_t end = MIN(strv_chr(f->function, '('), strv_chr(f->function, '<'));

	return strv_chr(strv_sub(f->function, 0, end), ' ') == SIZE_MAX;
}

/* Below the heading of a stack, or with an address at its end: anything made as a frame is. */
static int unnumbered_frame(struct crash_parser *p, struct strv s, struct frame_text *f)
{
	int sure;

	if (p->cur && by_sanitizer(p->cur)) {
		p->tracing = 0;
		return 0;
	}
	memset(f, 0, sizeof(*f));
	f->index = -1;
	sure = memchr(s.s, '#', s.len) ? 0 : frame_parse_body(s, f);
	if (sure == 2 && named_by_one_word(f) &&
		(f->module.len || f->file.len || f->offset || f->has_offset) &&
		(!p->cur || !by_sanitizer(p->cur))) {
		p->tracing = p->tracing ? 8 : 0;
		return 2;
	}
	p->tracing -= p->tracing > 0;
	return 0;
}

/* Numbered in another spelling than '#', or not numbered but of an unmistakable shape. */
static bool listed_frames(struct crash_parser *p, struct strv s, char c)
{
	struct crash_report *r = p->cur;
	struct frame_text f;
	int sure = 0;

	if (r && by_sanitizer(r) && c != '#')
		return false; /* a sanitizer has one spelling */
	if ((c >= '0' && c <= '9') || c == '[' || c == '(' || c == '#' || c == 'f' || c == '*' ||
		c == '=') {
		if ((c == 'f' || c == '*') && strv_chr(s, '`') != SIZE_MAX)
			return false; /* lldb's */
		sure = frame_parse_listed(s, &f);
		if (sure && r && r->priv->open >= 0 && r->priv->next == (unsigned long)f.index + 1)
			f.index = -1; /* the same number again is somebody's prefix */
		if (!sure && r && c == '0' && s.s[1] == 'x' && !by_sanitizer(r) &&
			frame_parse_addressed(s, &f))
			sure = 2;
		if (sure == 2 && !r && f.index > 1 && !p->backwards)
			return false;
		if (sure == 1 &&
			(!r || r->priv->open < 0 || r->priv->next != (unsigned long)f.index))
			return false;
	} else if (c == 'B' && strv_starts(s, "Binary file \"")) {
		memset(&f, 0, sizeof(f));
		f.index = -1;
		sure = frame_parse_body(s, &f);
	}
	if (!sure && (p->tracing || (r && s.s[s.len - 1] == ']' && strv_contains(s, " [0x"))))
		sure = unnumbered_frame(p, s, &f);
	if (!sure)
		return false;
	report_frame(p, &f);
	return true;
}

static bool numbered_frame(struct crash_parser *p, struct strv s)
{
	bool armed = p->cur && p->cur->priv->armed;
	bool expected = armed || (p->cur && p->cur->priv->open >= 0);
	struct frame_text f;

	if (!frame_parse_numbered(s, false, expected, &f))
		return false;
	if (!f.address && !f.has_offset && !f.file.len && !f.module.len && !f.signal_handler &&
		p->cur && !armed && p->cur->priv->next != (unsigned long)f.index)
		return false;
	report_frame(p, &f);
	return true;
}

static bool try_frames(struct crash_parser *p, struct strv line, struct strv s)
{
	struct frame_text f;
	char c = *s.s;

	if (c == '#')
		return numbered_frame(p, s) || listed_frames(p, s, c) ||
		       (p->in_java && java_frame(p, s));
	if (c == '@' && frame_parse_at(s, &f)) {
		report_frame(p, &f);
		return true;
	}
	if (c == '[' && p->cur && frame_parse_bare(s, &f)) {
		report_frame(p, &f);
		return true;
	}
	if (c == '=' && valgrind_line(p, s))
		return true;
	if (c == '<' && valgrind_xml(p, s))
		return true;
	if (p->rust_frame && strv_starts(s, "at ") && rust_frame_second(p, s))
		return true;
	if (c >= '0' && c <= '9' && p->cur) {
		if (rust_frame_first(p, s))
			return true;
		if (frame_parse_mac(s, &f)) {
			report_frame(p, &f);
			return true;
		}
	}
	if (p->cur && other_frames(p, s, c))
		return true;
	if (p->in_go && go_line(p, line))
		return true;
	if ((line.s[line.len - 1] == ']' ||
		    ((c == '/' || c == '.') && strv_contains(s, ") [0x"))) &&
		frame_parse_glibc(s, &f)) {
		report_frame(p, &f);
		return true;
	}
	if (p->bare_frames && apport_frame(p, line, s))
		return true;
	return place_below(p, line, s) || listed_frames(p, s, c);
}

/* "0x0c047fff7fb0: fa fa 00 fa", "=>0x...:": a row of ASan's shadow, of no interest and in every report. */
static bool is_shadow(struct strv s)
{
	unsigned digits;

	if (s.len < 20 || s.len > 90 || (s.s[0] != '0' && s.s[0] != '='))
		return false;
	strv_skip(&s, "=>");
	if (s.s[0] != '0' || s.s[1] != 'x')
		return false;
	s = strv_from(s, 2);
	scan_hex(&s, &digits);
	if (digits < 8 || s.len < 5 || s.s[0] != ':')
		return false;
	s = strv_from(s, s.s[1] == ' ' ? 2 : 1);
	if (*s.s == '[')
		s = strv_from(s, 1);
	scan_hex(&s, &digits);
	return digits == 2 && s.len && (*s.s == ' ' || *s.s == '[' || *s.s == ']');
}

static void line_heard(struct crash_parser *p, struct strv line)
{
	struct strv s;

	while (line.len && (line.s[line.len - 1] == '\r' || line.s[line.len - 1] == ' ' ||
				   line.s[line.len - 1] == '\t'))
		line.len--;
	s = skip_blank(line);
	if (!s.len) {
		p->last_was_frame = false;
		return;
	}
	if (try_frames(p, line, s))
		return;
	p->rust_frame = false;
	p->last_was_frame = false;
	if (is_shadow(s))
		return;
	more_message(p, line);
	run_triggers(p, line);
}

struct crash_parser *crash_parser_new(void)
{
	struct crash_parser *p = xcalloc(1, sizeof(struct crash_parser));

	p->phrases = phrase_index();
	p->heard = line_heard;
	return p;
}

void crash_parser_feed(struct crash_parser *p, const void *text, size_t n)
{
	text_feed(p, text, n);
}

struct crash_report **crash_parser_end(struct crash_parser *p, size_t *n, size_t *main_index)
{
	struct crash_report **all;

	text_end(p);
	if (p->cur && p->text.line.len && p->last_was_frame)
		p->cur->truncated = true;
	*main_index = join_reports(p);
	all = p->reports;
	*n = p->n;
	crash_report_free(p->scratch);
	text_release(&p->text);
	wrap_release(&p->wrap);
	valgrind_xml_release(&p->xml);
	ips_release(&p->ips);
	free(p);
	return all;
}

static struct crash_report *parse(struct strv text, bool last_decides)
{
	struct crash_parser *p = crash_parser_new();
	struct crash_report **all, *r;
	size_t n, at;

	p->last_decides = last_decides;
	crash_parser_feed(p, text.s, text.len);
	all = crash_parser_end(p, &n, &at);
	r = all[at];
	all[at] = NULL;
	crash_reports_free(all, n);
	return r;
}

struct crash_report *crash_parse(struct strv text)
{
	return parse(text, false);
}

struct crash_report *crash_parse_ended(struct strv text)
{
	return parse(text, true);
}

bool crash_text_fails(struct strv text)
{
	struct crash_report *r = crash_parse_ended(text);
	bool fails = strcmp(r->kind, "no-crash") != 0 && !r->note;

	crash_report_free(r);
	return fails;
}
