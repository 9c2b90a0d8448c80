/*
 * YAML to nodes, by libyaml's events rather than its documents: events tell places, and let us stop at the first
 * thing too deep or too many instead of building it first. Aliases share the node they name, so nothing is ever
 * copied or expanded; the reader of the tree bounds how often it follows them.
 *
 * The text may be anybody's. It is fuzzed by harnesses/thresh_config.c.
 */
#include "base/prelude.h"
#include "config/doc.h"
#include "base/buf.h"
#include "base/escape.h"
#include <stdarg.h>
#include <yaml.h>

#define DEPTH_MAX 32
#define ANCHORS_MAX 256
/* characters of an offending line */
#define SHOWN_MAX 100
/* bytes of an offending word */
#define QUOTED_MAX 60

struct anchor {
	struct strv name;
	struct node *node;
};

struct builder {
	struct doc *doc;
	struct err *err;
	struct node *stack[DEPTH_MAX];
	size_t depth, n_anchors, n_docs;
	struct anchor anchors[ANCHORS_MAX];
};

/* Bytes of the line break at i, 0 when there is none; the breaks of YAML 1.1, as libyaml counts lines. */
static size_t line_break(struct strv t, size_t i)
{
	const unsigned char *p = (const unsigned char *)t.s + i;
	size_t left = t.len - i;

	if (p[0] == '\r')
		return left > 1 && p[1] == '\n' ? 2 : 1;
	if (p[0] == '\n')
		return 1;
	if (left > 1 && p[0] == 0xc2 && p[1] == 0x85)
		return 2;
	if (left > 2 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
		return 3;
	return 0;
}

static struct strv line_text(struct strv t, unsigned line)
{
	size_t start = 0, i = 0;

	while (i < t.len) {
		size_t brk = line_break(t, i);

		if (!brk) {
			i++;
			continue;
		}
		if (--line == 0)
			return strv_sub(t, start, i - start);
		start = i += brk;
	}
	return line == 1 ? strv_from(t, start) : strv_from(t, t.len);
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Byte offset of the n-th character (from 0) of a line; its length when there are fewer. */
static size_t char_offset(struct strv line, size_t n)
{
	size_t i = 0;

	while (i < line.len) {
		if (!is_continuation(line.s[i]) && n-- == 0)
			return i;
		i++;
	}
	return line.len;
}

static size_t count_chars(struct strv v)
{
	size_t n = 0;

	for (size_t i = 0; i < v.len; i++)
		n += !is_continuation(v.s[i]);
	return n;
}

/* The line as a terminal may show it, tabs kept, and below it a caret under character `col` (from 1). */
static void add_snippet(struct buf *b, struct strv line, unsigned col)
{
	size_t at = col - 1, from = at > SHOWN_MAX * 3 / 4 ? at - SHOWN_MAX / 2 : 0;
	size_t start = char_offset(line, from), end = char_offset(line, from + SHOWN_MAX);
	size_t caret = char_offset(line, at);
	struct buf before = BUF_INIT;

	if (strv_trim(line).len == 0)
		return;
	buf_adds(b, start ? "\n..." : "\n");
	escape_term_text(b, strv_sub(line, start, end - start));
	buf_adds(b, end < line.len ? "...\n" : "\n");
	buf_adds(&before, start ? "   " : "");
	escape_term_text(&before, strv_sub(line, start, caret - start));
	/* the same width as what stands above it: escapes have grown, tabs jump */
	for (size_t i = 0; i < before.len; i++)
		if (!is_continuation(before.s[i]))
			buf_addch(b, before.s[i] == '\t' ? '\t' : ' ');
	buf_addch(b, '^');
	buf_release(&before);
}

int doc_error(
	const struct doc *d, unsigned line, unsigned col, struct err *err, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	buf_addf(&b, "%s:%u:%u: ", d->name, line, col);
	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	add_snippet(&b, line_text(d->text, line), col);
	err_usage(err, "%s", buf_str(&b));
	buf_release(&b);
	return -1;
}

const char *doc_quote(const struct doc *d, struct strv text)
{
	struct buf b = BUF_INIT;
	size_t cut = MIN(text.len, QUOTED_MAX);
	char *out;

	/* not in the middle of a character */
	while (cut < text.len && cut && is_continuation(text.s[cut]))
		cut--;
	buf_addch(&b, '"');
	escape_term(&b, strv_sub(text, 0, cut));
	buf_adds(&b, cut < text.len ? "...\"" : "\"");
	out = arena_strndup(d->arena, b.s, b.len);
	buf_release(&b);
	return out;
}

const struct node *node_value(const struct node *n)
{
	return n->kind == NODE_ALIAS ? n->target : n;
}

const char *node_describe(const struct node *n)
{
	n = node_value(n);
	switch (n->kind) {
	case NODE_LIST:
		return "a list";
	case NODE_MAP:
		return "a map";
	case NODE_SCALAR:
	case NODE_ALIAS:
		break;
	}
	if (n->plain && (n->text.len == 0 || strv_eqs(n->text, "~") || strv_eqs(n->text, "null")))
		return "nothing";
	return "text";
}

#define event_error(b, ev, ...)                                  \
	doc_error((b)->doc, (unsigned)(ev)->start_mark.line + 1, \
		(unsigned)(ev)->start_mark.column + 1, (b)->err, __VA_ARGS__)

/* Where libyaml gave up, in words; at the end of the file what was left open is the better place. */
static int parser_error(struct builder *b, const yaml_parser_t *p)
{
	const struct doc *d = b->doc;
	const char *problem = p->problem ? p->problem : "can't be read as YAML";
	yaml_mark_t at = p->problem_mark;
	struct strv line, before;

	if (p->error == YAML_MEMORY_ERROR)
		return err_set(b->err, "%s: out of memory", d->name);
	/* it gives an offset in bytes and no line: not UTF-8, or a control */
	if (p->error == YAML_READER_ERROR) {
		unsigned n = 1;
		size_t i = 0, start = 0, stop = MIN(p->problem_offset, d->text.len);

		while (i < stop) {
			size_t brk = line_break(d->text, i);

			n += brk > 0;
			i += brk ? brk : 1;
			start = brk ? i : start;
		}
		before = strv_sub(d->text, start, stop > start ? stop - start : 0);
		return doc_error(d, n, (unsigned)count_chars(before) + 1, b->err,
			"%s (byte 0x%02x)", problem,
			stop < d->text.len ? (unsigned char)d->text.s[stop] : 0);
	}
	line = line_text(d->text, (unsigned)at.line + 1);
	before = strv_from(line, char_offset(line, at.column));
	/* libyaml's own words are about a token that can't start here */
	if (strv_starts(before, "\t"))
		return doc_error(d, (unsigned)at.line + 1, (unsigned)at.column + 1, b->err,
			"a tab can't indent YAML; use blanks");
	if (p->context && before.len == 0 && p->context_mark.line <= at.line &&
		strv_trim(line_text(d->text, (unsigned)at.line + 1)).len == 0)
		return doc_error(d, (unsigned)p->context_mark.line + 1,
			(unsigned)p->context_mark.column + 1, b->err, "%s %s", p->context, problem);
	return doc_error(d, (unsigned)at.line + 1, (unsigned)at.column + 1, b->err, "%s%s%s",
		p->context ? p->context : "", p->context ? ": " : "", problem);
}

static int set_anchor(struct builder *b, const yaml_event_t *ev, const char *name, struct node *n)
{
	if (!name)
		return 0;
	if (b->n_anchors == ANCHORS_MAX)
		return event_error(b, ev, "too many anchors");
	b->anchors[b->n_anchors++] = (struct anchor){
		strv_of(arena_strdup(b->doc->arena, name)),
		n,
	};
	return 0;
}

static int find_anchor(struct builder *b, const yaml_event_t *ev, struct node **out)
{
	const char *name = (const char *)ev->data.alias.anchor;

	/* a name may be given again: the nearest above counts */
	for (size_t i = b->n_anchors; i-- > 0;) {
		if (!strv_eqs(b->anchors[i].name, name))
			continue;
		if (b->anchors[i].node->open)
			return event_error(b, ev, "alias %s stands inside what it names",
				doc_quote(b->doc, strv_of(name)));
		*out = b->anchors[i].node;
		return 0;
	}
	return event_error(b, ev, "no anchor %s above", doc_quote(b->doc, strv_of(name)));
}

/* Put a new node below the innermost open one, or at the root. */
static struct node *append(struct builder *b, const yaml_event_t *ev, enum node_kind kind)
{
	struct node *n = arena_alloc(b->doc->arena, sizeof(*n)), *parent;

	n->kind = kind;
	n->line = (unsigned)ev->start_mark.line + 1;
	n->col = (unsigned)ev->start_mark.column + 1;
	if (!b->depth) {
		b->doc->root = n;
		return n;
	}
	parent = b->stack[b->depth - 1];
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
	return n;
}

static int check_tag(struct builder *b, const yaml_event_t *ev, const char *tag)
{
	if (!tag || strcmp(tag, "!") == 0 || strncmp(tag, "tag:yaml.org,2002:", 18) == 0)
		return 0;
	return event_error(b, ev, "tag %s means nothing here", doc_quote(b->doc, strv_of(tag)));
}

static int on_scalar(struct builder *b, const yaml_event_t *ev)
{
	struct strv v = strv_n((const char *)ev->data.scalar.value, ev->data.scalar.length);
	struct node *n;

	if (check_tag(b, ev, (const char *)ev->data.scalar.tag) < 0)
		return -1;
	if (v.len && memchr(v.s, 0, v.len))
		return event_error(b, ev, "a NUL byte can't be used here");
	n = append(b, ev, NODE_SCALAR);
	n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	n->text = strv_n(arena_strv(b->doc->arena, v), v.len);
	return set_anchor(b, ev, (const char *)ev->data.scalar.anchor, n);
}

static int on_start(struct builder *b, const yaml_event_t *ev, enum node_kind kind,
	const char *anchor, const char *tag)
{
	struct node *n;

	if (check_tag(b, ev, tag) < 0)
		return -1;
	if (b->depth == DEPTH_MAX)
		return event_error(b, ev, "nested too deep");
	n = append(b, ev, kind);
	n->open = true;
	b->stack[b->depth++] = n;
	return set_anchor(b, ev, anchor, n);
}

static int on_event(struct builder *b, const yaml_event_t *ev)
{
	struct node *target = NULL, *n;

	switch (ev->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return 0;
	case YAML_DOCUMENT_START_EVENT:
		if (b->n_docs++)
			return event_error(b, ev, "a second document; the file must hold one");
		return 0;
	case YAML_ALIAS_EVENT:
		if (find_anchor(b, ev, &target) < 0)
			return -1;
		n = append(b, ev, NODE_ALIAS);
		n->target = target;
		return 0;
	case YAML_SCALAR_EVENT:
		return on_scalar(b, ev);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(b, ev, NODE_LIST, (const char *)ev->data.sequence_start.anchor,
			(const char *)ev->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return on_start(b, ev, NODE_MAP, (const char *)ev->data.mapping_start.anchor,
			(const char *)ev->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->stack[--b->depth]->open = false;
		return 0;
	}
	return 0;
}

static int check_root(const struct doc *d, struct err *err)
{
	if (!d->root || strcmp(node_describe(d->root), "nothing") == 0)
		return err_usage(err, "%s: is empty; `thresh init` writes a first one", d->name);
	if (d->root->kind != NODE_MAP)
		return doc_error_at(
			d, d->root, err, "expected a map of keys, got %s", node_describe(d->root));
	return 0;
}

static int check_text(struct doc *d, struct err *err)
{
	if (d->text.len > DOC_MAX)
		return err_usage(err, "%s: larger than 1 MiB", d->name);
	if (strv_starts(d->text, "\xff\xfe") || strv_starts(d->text, "\xfe\xff"))
		return err_usage(err, "%s: is UTF-16; save it as UTF-8", d->name);
	/* a byte order mark, which libyaml would count as a column */
	strv_skip(&d->text, "\xef\xbb\xbf");
	if (!d->text.s)
		d->text = STRV("");
	return 0;
}

int doc_parse(struct doc *d, struct err *err)
{
	struct builder b = { .doc = d, .err = err };
	yaml_parser_t parser;
	yaml_event_t ev;
	bool more = true;
	int rc = 0;

	d->root = NULL;
	if (check_text(d, err) < 0)
		return -1;
	if (!yaml_parser_initialize(&parser))
		return err_set(err, "%s: out of memory", d->name);
	yaml_parser_set_input_string(&parser, (const unsigned char *)d->text.s, d->text.len);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	while (more && rc == 0) {
		if (!yaml_parser_parse(&parser, &ev)) {
			rc = parser_error(&b, &parser);
			break;
		}
		more = ev.type != YAML_STREAM_END_EVENT;
		rc = on_event(&b, &ev);
		yaml_event_delete(&ev);
	}
	yaml_parser_delete(&parser);
	return rc < 0 ? -1 : check_root(d, err);
}
