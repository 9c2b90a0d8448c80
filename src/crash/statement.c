/*
 * One pass over the characters, no grammar: a statement ends at a semicolon or a brace that isn't inside parentheses,
 * and behind the condition of an `if` or a loop, so that condition and body are two places. Preprocessor lines and
 * comments are no part of any. That is less than a parser and needs none of the project's flags; what matters is that
 * two versions of one file name what didn't change by the same text.
 */
#include "base/prelude.h"
#include "crash/statement.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"

/* Longer statements keep this much of their text, and a hash of all of it. */
#define TEXT_MAX 120

enum { BRANCHES_MAX = 32 };

struct statement {
	unsigned line, column, end_line, end_column;
	/* which function's body it stands in; 0: none */
	unsigned function;
	size_t text, len;
};

struct statement_index {
	struct buf texts;
	struct statement *v;
	size_t n, cap;
};

struct scan {
	struct statement_index *x;
	const char *s;
	size_t n, at;
	unsigned line, column;
	/* the statement so far */
	struct buf text;
	struct statement open;
	bool blank;
	unsigned parens;
	/* braces, and how many of them are a function's and what is inside */
	unsigned depth, function_depth, functions;
	/* `if (`, `while (`: what closes at this depth ends a statement */
	bool condition;
	/* what was open at each #if around here: its other branches start from the same */
	struct opened {
		unsigned depth, function_depth, parens;
	} branches[BRANCHES_MAX];
	unsigned n_branches;
};

static char peek(const struct scan *c, size_t ahead)
{
	return c->at + ahead < c->n ? c->s[c->at + ahead] : '\0';
}

static void step(struct scan *c)
{
	if (c->s[c->at++] == '\n') {
		c->line++;
		c->column = 1;
	} else {
		c->column++;
	}
}

static bool is_word(int ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
	       ch == '_' || ch == '$' || ch >= 0x80;
}

/* A blank counts where it parts two words. */
static void add(struct scan *c, char ch)
{
	if (!c->text.len) {
		c->open.line = c->line;
		c->open.column = c->column;
	} else if (c->blank && is_word((unsigned char)c->text.s[c->text.len - 1]) &&
		   is_word((unsigned char)ch)) {
		buf_addch(&c->text, ' ');
	}
	c->blank = false;
	c->open.end_line = c->line;
	c->open.end_column = c->column;
	buf_addch(&c->text, ch);
}

static void keep_text(struct scan *c, struct statement *s)
{
	struct buf *texts = &c->x->texts;
	char hex[SHA256_HEX];

	s->text = texts->len;
	if (c->text.len <= TEXT_MAX) {
		buf_add(texts, c->text.s, c->text.len);
	} else {
		hash_sha256(c->text.s, c->text.len, hex);
		buf_add(texts, c->text.s, TEXT_MAX);
		buf_addf(texts, "~%.8s", hex);
	}
	s->len = texts->len - s->text;
}

static void end_statement(struct scan *c)
{
	if (c->text.len) {
		struct statement *s;

		GROW(c->x->v, c->x->n, c->x->cap);
		s = &c->x->v[c->x->n++];
		*s = c->open;
		s->function = c->function_depth ? c->functions : 0;
		keep_text(c, s);
	}
	buf_reset(&c->text);
	c->blank = c->condition = false;
}

static bool starts_with_word(struct strv text, const char *word)
{
	size_t n = strlen(word);

	return strv_starts(text, word) && (text.len == n || !is_word((unsigned char)text.s[n]));
}

/* What stands before a brace outside of functions: a function's head, or a namespace, a type, an initialiser? */
static bool is_function_head(struct strv head)
{
	static const char *const not_function[] = { "namespace", "class", "struct", "union", "enum",
		"extern\"C\"", "typedef" };

	if (strv_chr(head, '(') == SIZE_MAX || (head.len && head.s[head.len - 1] == '='))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(not_function); i++)
		if (starts_with_word(head, not_function[i]) && head.s[head.len - 1] != ')')
			return false;
	return true;
}

static void open_brace(struct scan *c)
{
	bool function =
		!c->function_depth && is_function_head(strv_n(buf_str(&c->text), c->text.len));

	end_statement(c);
	c->depth++;
	if (function) {
		c->functions++;
		c->function_depth = c->depth;
	}
}

static void close_brace(struct scan *c)
{
	end_statement(c);
	if (c->function_depth == c->depth)
		c->function_depth = 0;
	if (c->depth)
		c->depth--;
}

static void skip_comment(struct scan *c)
{
	bool line = peek(c, 1) == '/';

	step(c);
	step(c);
	while (c->at < c->n) {
		if (line ? peek(c, 0) == '\n' : peek(c, 0) == '*' && peek(c, 1) == '/')
			break;
		step(c);
	}
	for (int i = 0; !line && i < 2 && c->at < c->n; i++)
		step(c);
	c->blank = true;
}

static bool directive_is(struct strv line, const char *name)
{
	line = strv_trim(strv_from(line, 1));
	return starts_with_word(line, name);
}

/* Braces that both branches of an #if open, or both close, are one. */
static void note_branch(struct scan *c, struct strv line)
{
	struct opened *top;

	if (directive_is(line, "if") || directive_is(line, "ifdef") ||
		directive_is(line, "ifndef")) {
		if (c->n_branches++ < BRANCHES_MAX)
			c->branches[c->n_branches - 1] =
				(struct opened){ c->depth, c->function_depth, c->parens };
		return;
	}
	if (!c->n_branches)
		return;
	top = c->n_branches <= BRANCHES_MAX ? &c->branches[c->n_branches - 1] : NULL;
	if (directive_is(line, "endif")) {
		c->n_branches--;
	} else if (top && (directive_is(line, "else") || directive_is(line, "elif"))) {
		c->depth = top->depth;
		c->function_depth = top->function_depth;
		c->parens = top->parens;
	}
}

/* A preprocessor's line, with those that a backslash joins to it. */
static void skip_directive(struct scan *c)
{
	struct strv rest = strv_n(c->s + c->at, c->n - c->at), line;

	if (strv_line(&rest, &line))
		note_branch(c, line);
	while (c->at < c->n && peek(c, 0) != '\n') {
		if (peek(c, 0) == '\\' && peek(c, 1) == '\n')
			step(c);
		else if (peek(c, 0) == '/' && peek(c, 1) == '*') {
			skip_comment(c);
			continue;
		}
		step(c);
	}
}

/* A string or a character; an open one ends with its line, unless a backslash joins the next one to it. */
static void take_quoted(struct scan *c)
{
	char quote = peek(c, 0);

	add(c, quote);
	step(c);
	while (c->at < c->n && peek(c, 0) != '\n') {
		char ch = peek(c, 0);

		buf_addch(&c->text, ch);
		c->open.end_line = c->line;
		c->open.end_column = c->column;
		step(c);
		if (ch == quote)
			return;
		if (ch == '\\' && c->at < c->n) {
			buf_addch(&c->text, peek(c, 0));
			step(c);
		}
	}
}

/* The word that the text so far ends with, as far as no blank is behind it. */
static struct strv last_word(const struct scan *c)
{
	struct strv text = strv_n(buf_str(&c->text), c->text.len);
	size_t from = text.len;

	while (!c->blank && from && is_word((unsigned char)text.s[from - 1]))
		from--;
	return c->blank ? strv_n("", 0) : strv_from(text, from);
}

/* 1'000 and 0xdead'beef; 'x' and L'x' are quoted. */
static bool parts_digits(const struct scan *c)
{
	struct strv word = last_word(c);

	return word.len && *word.s >= '0' && *word.s <= '9';
}

/* R"x( ... )x": nothing in it is what it looks like. */
static bool take_raw(struct scan *c)
{
	static const char *const prefixes[] = { "R", "LR", "uR", "UR", "u8R" };
	struct strv word = last_word(c), rest = strv_n(c->s + c->at + 1, c->n - c->at - 1);
	size_t i = 0, open = strv_chr(strv_sub(rest, 0, 17), '('), end;
	char *close;

	while (i < ARRAY_LEN(prefixes) && !strv_eqs(word, prefixes[i]))
		i++;
	if (i == ARRAY_LEN(prefixes) || open == SIZE_MAX)
		return false;
	close = xasprintf(")" STRV_FMT "\"", STRV_ARG(strv_sub(rest, 0, open)));
	end = strv_find(rest, close);
	if (end == SIZE_MAX)
		end = rest.len;
	else
		end += strlen(close);
	free(close);
	add(c, '"');
	step(c);
	for (; end; end--) {
		buf_addch(&c->text, peek(c, 0));
		c->open.end_line = c->line;
		c->open.end_column = c->column;
		step(c);
	}
	return true;
}

static void open_paren(struct scan *c)
{
	static const char *const words[] = { "if", "while", "for", "switch" };
	struct strv text = strv_n(buf_str(&c->text), c->text.len);

	if (!c->parens)
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			c->condition |= strv_eqs(text, words[i]);
	c->parens++;
	add(c, '(');
}

static void close_paren(struct scan *c)
{
	add(c, ')');
	if (c->parens && !--c->parens && c->condition)
		end_statement(c);
}

static bool at_line_start(const struct scan *c)
{
	for (size_t i = c->at; i--;) {
		if (c->s[i] == '\n')
			return true;
		if (c->s[i] != ' ' && c->s[i] != '\t')
			return false;
	}
	return true;
}

/* "case 1:", "default:", "out:": what follows is a place of its own, whoever else jumps there by now. */
static bool is_label(const struct scan *c)
{
	struct strv text = strv_n(buf_str(&c->text), c->text.len - 1);

	if (c->parens || !c->function_depth || peek(c, 1) == ':' ||
		(text.len && text.s[text.len - 1] == ':'))
		return false;
	if (starts_with_word(text, "case") && strv_chr(text, '?') == SIZE_MAX)
		return true;
	for (size_t i = 0; i < text.len; i++)
		if (!is_word((unsigned char)text.s[i]))
			return false;
	return text.len > 0;
}

static void take(struct scan *c)
{
	char ch = peek(c, 0);

	switch (ch) {
	case '(':
		open_paren(c);
		break;
	case ')':
		close_paren(c);
		break;
	case ':':
		add(c, ch);
		if (is_label(c))
			end_statement(c);
		break;
	case ';':
		if (c->parens)
			add(c, ch);
		else
			end_statement(c);
		break;
	case '{':
		if (c->parens)
			add(c, ch);
		else
			open_brace(c);
		break;
	case '}':
		/* parentheses that nobody closed, in code that the preprocessor takes out, end here */
		if (c->parens && peek(c, 1) == '\n' && c->column == 1)
			c->parens = 0;
		if (c->parens)
			add(c, ch);
		else
			close_brace(c);
		break;
	default:
		add(c, ch);
	}
	step(c);
	if (!c->parens &&
		(strv_eqs(strv_n(buf_str(&c->text), c->text.len), "else") ||
			strv_eqs(strv_n(buf_str(&c->text), c->text.len), "do")) &&
		!is_word((unsigned char)peek(c, 0)))
		end_statement(c);
}

struct statement_index *statement_index_new(struct strv source)
{
	struct scan c = { .x = xcalloc(1, sizeof(*c.x)),
		.s = source.s,
		.n = source.len,
		.line = 1,
		.column = 1,
		.text = BUF_INIT };

	while (c.at < c.n) {
		char ch = peek(&c, 0);

		if (ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == '\f' ||
			ch == '\v') {
			c.blank = true;
			step(&c);
		} else if (ch == '/' && (peek(&c, 1) == '/' || peek(&c, 1) == '*')) {
			skip_comment(&c);
		} else if (ch == '#' && at_line_start(&c)) {
			skip_directive(&c);
		} else if (ch == '"' && take_raw(&c)) {
			continue;
		} else if (ch == '"' || (ch == '\'' && !parts_digits(&c))) {
			take_quoted(&c);
		} else {
			take(&c);
		}
	}
	end_statement(&c);
	buf_release(&c.text);
	return c.x;
}

void statement_index_free(struct statement_index *x)
{
	if (!x)
		return;
	buf_release(&x->texts);
	free(x->v);
	free(x);
}

static bool before(unsigned line, unsigned column, unsigned than_line, unsigned than_column)
{
	return line < than_line || (line == than_line && column < than_column);
}

/* Statements stand in the order of the source and don't overlap. */
static const struct statement *covering(
	const struct statement_index *x, unsigned line, unsigned column)
{
	const struct statement *on_line = NULL;
	size_t lo = 0, hi = x->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (x->v[mid].end_line < line)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < x->n && x->v[lo].line <= line; lo++) {
		const struct statement *s = &x->v[lo];

		if (!on_line)
			on_line = s;
		if (column && !before(line, column, s->line, s->column))
			on_line = s;
	}
	return on_line;
}

bool statement_find(const struct statement_index *x, unsigned line, unsigned column,
	struct crash_statement *out)
{
	const struct statement *s = line ? covering(x, line, column) : NULL;

	if (!s)
		return false;
	*out = (struct crash_statement){ .text = strv_n(x->texts.s + s->text, s->len),
		.ordinal = 1 };
	for (const struct statement *p = s; p > x->v && p[-1].function == s->function;) {
		p--;
		out->ordinal += p->len == s->len &&
				memcmp(x->texts.s + p->text, x->texts.s + s->text, s->len) == 0;
	}
	return true;
}
