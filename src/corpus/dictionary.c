/*
 * Reads dictionaries as strictly as the stricter of the two engines would: libFuzzer ends at a line that it can't read,
 * AFL++ passes over it with a warning that nobody sees. Each has its own idea of what is readable.
 */
#include "base/prelude.h"
#include "corpus/dictionary.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"

/* a dictionary of that size is something else */
#define FILE_MAX ((uint64_t)16 << 20)
#define PROBLEMS_MAX 200
#define LEVEL_MAX 99

/* --- one line --- */

static int fault(struct dict_line *l, enum dict_fault f, size_t at, size_t detail)
{
	l->fault = f;
	l->column = at + 1;
	l->detail = detail;
	return -1;
}

/* What stands before the quote, from `at` on: name, @level, then blanks and "=". */
static int parse_head(struct strv line, size_t at, size_t open, struct dict_line *out)
{
	size_t i = at, digits;
	uint64_t level;

	while (i < open && strv_is_word(line.s[i]))
		i++;
	out->name = strv_sub(line, at, i - at);
	if (i < open && line.s[i] == '@') {
		digits = ++i;
		while (i < open && line.s[i] >= '0' && line.s[i] <= '9')
			i++;
		if (num_u64(strv_sub(line, digits, i - digits), &level) < 0 || level > LEVEL_MAX)
			return fault(out, DICT_LEVEL, digits, 0);
		out->level = (unsigned)level;
	}
	while (i < open && (strv_is_space(line.s[i]) || line.s[i] == '='))
		i++;
	return i < open ? fault(out, DICT_NAME, i, 0) : 0;
}

/* From behind the opening quote to the closing one: its place, or SIZE_MAX. */
static size_t parse_text(struct strv line, size_t i, struct dict_line *out)
{
	uint64_t byte;

	for (; i < line.len && line.s[i] != '"'; i++) {
		unsigned char c = (unsigned char)line.s[i];

		if (c == '\\' && i + 1 < line.len &&
			(line.s[i + 1] == '\\' || line.s[i + 1] == '"')) {
			buf_addch(&out->bytes, line.s[++i]);
		} else if (c == '\\' && i + 3 < line.len && line.s[i + 1] == 'x' &&
			   num_hex(strv_sub(line, i + 2, 2), &byte) == 0) {
			buf_addch(&out->bytes, (int)byte);
			i += 3;
		} else if (c == '\\') {
			fault(out, DICT_ESCAPE, i, 0);
			return SIZE_MAX;
		} else if (c < ' ' || c >= 0x7f) {
			fault(out, DICT_RAW_BYTE, i, c);
			return SIZE_MAX;
		} else {
			buf_addch(&out->bytes, c);
		}
	}
	if (i < line.len)
		return i;
	fault(out, DICT_UNCLOSED, line.len, 0);
	return SIZE_MAX;
}

int dict_line_parse(struct strv line, struct dict_line *out)
{
	size_t at = 0, open, close;

	*out = (struct dict_line){ .bytes = out->bytes };
	buf_reset(&out->bytes);
	while (line.len && strv_is_space(line.s[line.len - 1]))
		line.len--;
	while (at < line.len && strv_is_space(line.s[at]))
		at++;
	if (at == line.len || line.s[at] == '#')
		return 0;
	open = strv_chr(line, '"');
	if (open == SIZE_MAX)
		return fault(out, DICT_NO_QUOTE, at, 0);
	if (parse_head(line, at, open, out) < 0)
		return -1;
	close = parse_text(line, open + 1, out);
	if (close == SIZE_MAX)
		return -1;
	if (close + 1 < line.len && line.s[line.len - 1] == '"')
		return fault(out, DICT_BARE_QUOTE, close, 0);
	if (close + 1 < line.len)
		return fault(out, DICT_BEHIND, close + 1, 0);
	if (!out->bytes.len)
		return fault(out, DICT_EMPTY, open, 0);
	if (out->bytes.len > DICT_TOKEN_MAX)
		return fault(out, DICT_TOO_LONG, open, out->bytes.len);
	return 1;
}

/* --- tokens, each once --- */

static size_t slot_of(const struct dictionary *d, struct strv bytes)
{
	size_t i = (size_t)hash_fnv(HASH_FNV_INIT, bytes.s, bytes.len) & (d->slots - 1);

	while (d->table[i] && !strv_eq(d->v[d->table[i] - 1].bytes, bytes))
		i = (i + 1) & (d->slots - 1);
	return i;
}

static void grow(struct dictionary *d)
{
	if (d->n * 2 < d->slots)
		return;
	d->slots = d->slots ? d->slots * 2 : 64;
	free(d->table);
	d->table = xcalloc(d->slots, sizeof(*d->table));
	for (size_t i = 0; i < d->n; i++)
		d->table[slot_of(d, d->v[i].bytes)] = (uint32_t)i + 1;
}

const struct dict_token *dictionary_find(const struct dictionary *d, struct strv bytes)
{
	size_t at = d->slots ? slot_of(d, bytes) : 0;

	return d->slots && d->table[at] ? &d->v[d->table[at] - 1] : NULL;
}

/* `from` is not copied. */
static struct dict_token *add(struct dictionary *d, struct strv bytes, const char *from)
{
	struct dict_token *t;
	size_t at;

	grow(d);
	at = slot_of(d, bytes);
	if (d->table[at])
		return NULL;
	GROW(d->v, d->n, d->cap);
	t = &d->v[d->n++];
	*t = (struct dict_token){ .bytes = strv_n(
					  arena_strndup(&d->arena, bytes.s, bytes.len), bytes.len),
		.from = from };
	d->table[at] = (uint32_t)d->n;
	return t;
}

static const char *keep(struct dictionary *d, const char *from)
{
	if (!from)
		return NULL;
	/* as a rule the same as the last one's */
	if (d->n && d->v[d->n - 1].from && strcmp(d->v[d->n - 1].from, from) == 0)
		return d->v[d->n - 1].from;
	return arena_strdup(&d->arena, from);
}

bool dictionary_add(struct dictionary *d, struct strv bytes, const char *from)
{
	if (!bytes.len || bytes.len > DICT_TOKEN_MAX || dictionary_find(d, bytes))
		return false;
	return add(d, bytes, keep(d, from)) != NULL;
}

struct strv *dictionary_bytes(const struct dictionary *d)
{
	struct strv *all = xcalloc(d->n + 1, sizeof(*all));

	for (size_t i = 0; i < d->n; i++)
		all[i] = d->v[i].bytes;
	return all;
}

void dictionary_release(struct dictionary *d)
{
	arena_release(&d->arena);
	free(d->v);
	free(d->table);
	*d = (struct dictionary)DICTIONARY_INIT;
}

/* --- files --- */

static void tell(
	struct dict_problems *p, size_t line, size_t column, enum dict_fault f, size_t detail)
{
	if (!p)
		return;
	*(DICT_IS_NOTE(f) ? &p->notes : &p->faults) += 1;
	if (p->n >= PROBLEMS_MAX)
		return;
	GROW(p->v, p->n, p->cap);
	p->v[p->n++] = (struct dict_problem){ line, column, f, detail };
}

void dictionary_parse(
	struct strv text, const char *from, struct dictionary *d, struct dict_problems *problems)
{
	struct dict_line l = { .bytes = BUF_INIT };
	const char *kept = keep(d, from);
	struct strv line;

	for (size_t n = 1; strv_line(&text, &line); n++) {
		int rc = dict_line_parse(line, &l);
		struct strv bytes = strv_n(buf_str(&l.bytes), l.bytes.len);
		struct dict_token *t;

		if (rc < 0)
			tell(problems, n, l.column, l.fault, l.detail);
		if (rc <= 0)
			continue;
		t = add(d, bytes, kept);
		if (!t) {
			tell(problems, n, 1, DICT_AGAIN, dictionary_find(d, bytes)->line);
			continue;
		}
		t->name = strv_n(arena_strv(&d->arena, l.name), l.name.len);
		t->level = l.level;
		t->line = n;
		if (bytes.len > DICT_LIBFUZZER_MAX)
			tell(problems, n, 1, DICT_LONG, bytes.len);
	}
	buf_release(&l.bytes);
}

int dictionary_read(const char *path, const char *from, struct dictionary *d,
	struct dict_problems *problems, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = fs_read(path, FILE_MAX, &text, err);

	if (rc == 0)
		dictionary_parse(strv_n(buf_str(&text), text.len), from, d, problems);
	buf_release(&text);
	return rc;
}

void dict_escape(struct buf *out, struct strv bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.s[i];

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			buf_addf(out, "\\x%02x", c);
		else
			buf_addch(out, c);
	}
}

void dictionary_print(struct buf *out, const struct dictionary *d)
{
	const char *from = NULL;

	for (size_t i = 0; i < d->n; i++) {
		const struct dict_token *t = &d->v[i];

		if (t->from && (!from || strcmp(t->from, from) != 0)) {
			buf_adds(out, i ? "\n# " : "# ");
			escape_term(out, strv_of(t->from));
			buf_addch(out, '\n');
		}
		from = t->from;
		if (t->name.len) {
			buf_addv(out, t->name);
			buf_addch(out, '=');
		}
		buf_addch(out, '"');
		dict_escape(out, t->bytes);
		buf_adds(out, "\"\n");
	}
}

/* --- words --- */

static const char *const words[] = {
	[DICT_NO_QUOTE] =
		"a token stands in quotes; write name=\"text\", or # in front of a comment",
	[DICT_UNCLOSED] =
		"the closing quote is missing; add one (\\\" is a quote within the token)",
	[DICT_BEHIND] = "text behind the closing quote; give a comment its own line",
	[DICT_BARE_QUOTE] = "a quote within the token; write \\\"",
	[DICT_ESCAPE] = "only \\\\, \\\" and \\xNN are known; write \\\\ for \\, \\x0a for LF",
	[DICT_RAW_BYTE] = "the byte 0x%02zx as it is; write \\x%02zx",
	[DICT_NAME] = "a name is made of letters, digits and _; rename it, or leave it out",
	[DICT_LEVEL] = "behind @ a level is expected, 0 to 99, as in name@1=\"text\"",
	[DICT_EMPTY] = "the token is empty; remove the line",
	[DICT_TOO_LONG] = "the token has %zu bytes, and AFL++ takes up to 128; shorten it",
	[DICT_AGAIN] = "the same token as in line %zu",
	[DICT_LONG] = "the token has %zu bytes; libFuzzer passes over what is longer than 64",
};

void dict_problem_words(struct buf *out, const struct dict_problem *p)
{
	struct strv rest = strv_of(words[p->fault]);
	size_t at;

	/* the table's own placeholders */
	while ((at = strv_chr(rest, '%')) != SIZE_MAX) {
		bool hex = strv_starts(strv_from(rest, at), "%02zx");

		buf_addv(out, strv_sub(rest, 0, at));
		buf_addf(out, hex ? "%02zx" : "%zu", p->detail);
		rest = strv_from(rest, at + (hex ? 5 : 3));
	}
	buf_addv(out, rest);
}

void dict_problems_words(struct buf *out, const char *path, const struct dict_problems *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (DICT_IS_NOTE(p->v[i].fault))
			continue;
		buf_addf(out, "%s:%zu:%zu: ", path, p->v[i].line, p->v[i].column);
		dict_problem_words(out, &p->v[i]);
		break;
	}
	if (p->faults > 1)
		buf_addf(out, " (and %zu more line%s)", p->faults - 1, p->faults == 2 ? "" : "s");
}

void dict_problems_release(struct dict_problems *p)
{
	free(p->v);
	*p = (struct dict_problems){ NULL, 0, 0, 0, 0 };
}
