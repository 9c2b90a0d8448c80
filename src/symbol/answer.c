/*
 * Symbolisers' answers -> frames. Names come from a binary that may be hostile: an answer that doesn't have the
 * expected shape is refused as a whole, and nothing here trusts a length, a number or a line break.
 */
#include "base/prelude.h"
#include "symbol/answer.h"
#include "base/num.h"

/* A line that has its line break; false when it isn't all there yet. */
static bool whole_line(struct strv *text, struct strv *line)
{
	size_t eol = strv_chr(*text, '\n');

	if (eol == SIZE_MAX)
		return false;
	*line = strv_sub(*text, 0, eol);
	*text = strv_from(*text, eol + 1);
	return true;
}

static const char *keep_name(struct arena *a, struct strv v)
{
	char *s;

	if (strv_eqs(v, "??"))
		return "";
	v = strv_sub(v, 0, SYMBOL_NAME_MAX);
	s = arena_strv(a, v);
	for (size_t i = 0; i < v.len; i++)
		if (!s[i])
			s[i] = '?';
	return s;
}

/* Cut ":NUMBER" or ":?" off the end of *v. */
static bool cut_number(struct strv *v, unsigned *out)
{
	size_t colon = strv_rchr(*v, ':');
	struct strv digits = strv_from(*v, colon == SIZE_MAX ? v->len : colon + 1);
	uint64_t n = 0;

	if (colon == SIZE_MAX || (!strv_eqs(digits, "?") && num_u64(digits, &n) < 0))
		return false;
	*out = n > UINT32_MAX ? 0 : (unsigned)n;
	v->len = colon;
	return true;
}

static bool add_frame(struct answer *a, struct strv function, struct strv place, bool columns)
{
	struct symbol_frame f = { .line = 0 };
	size_t paren = columns ? SIZE_MAX : strv_find(place, " (discriminator ");

	if (paren != SIZE_MAX)
		place = strv_sub(place, 0, paren);
	if ((columns && !cut_number(&place, &f.column)) || !cut_number(&place, &f.line))
		return false;
	f.function = keep_name(&a->names, function);
	f.file = keep_name(&a->names, place);
	if (a->n < SYMBOL_FRAMES_MAX)
		a->frames[a->n++] = f;
	return true;
}

/* All but the outermost were inlined; an answer that knows nothing has no frames. */
static void finish(struct answer *a)
{
	for (size_t i = 0; i + 1 < a->n; i++)
		a->frames[i].inlined = true;
	if (a->n == 1 && !*a->frames[0].function && !*a->frames[0].file)
		a->n = 0;
}

static void start(struct answer *a)
{
	arena_reset(&a->names);
	a->n = 0;
}

/* The lines as far as the one that ends in a place's numbers: what is between is the file's name. */
static bool whole_place(struct strv *text, struct strv *place)
{
	struct strv rest = *text, line, v;
	unsigned n;

	do {
		if (!whole_line(&rest, &line))
			return false;
		*place = strv_sub(*text, 0, (size_t)(line.s + line.len - text->s));
		v = line;
	} while (!cut_number(&v, &n) || !cut_number(&v, &n));
	*text = rest;
	return true;
}

enum answer_state answer_llvm(struct strv *text, bool broken, struct answer *a)
{
	struct strv rest = *text, function, place;
	bool any = false;

	start(a);
	for (;;) {
		if (!whole_line(&rest, &function))
			return ANSWER_PART;
		if (any && !function.len)
			break;
		if (!(broken ? whole_place(&rest, &place) : whole_line(&rest, &place)))
			return ANSWER_PART;
		if (!add_frame(a, function, place, true))
			return ANSWER_BAD;
		any = true;
	}
	finish(a);
	*text = rest;
	return ANSWER_WHOLE;
}

/* A target of 32 bits prints as many of the offset's. */
static bool is_offset(struct strv line, uint64_t offset)
{
	uint64_t v;

	return strv_starts(line, "0x") && num_hex(line, &v) == 0 &&
	       (v == offset || (v == UINT32_MAX && offset == ANSWER_SENTINEL));
}

enum answer_state answer_addr2line(
	struct strv *text, uint64_t offset, uint64_t next, struct answer *a)
{
	struct strv rest = *text, before, line, place;
	bool any = false;

	start(a);
	if (!whole_line(&rest, &line))
		return ANSWER_PART;
	if (!is_offset(line, offset))
		return ANSWER_BAD;
	for (;;) {
		before = rest;
		if (!whole_line(&rest, &line))
			return ANSWER_PART;
		if (any && is_offset(line, next))
			break;
		if (!whole_line(&rest, &place))
			return ANSWER_PART;
		if (!add_frame(a, line, place, false))
			return ANSWER_BAD;
		any = true;
	}
	finish(a);
	*text = before;
	return ANSWER_WHOLE;
}

enum answer_state answer_sentinel(struct strv *text)
{
	struct strv rest = *text, line[3];

	for (size_t i = 0; i < ARRAY_LEN(line); i++)
		if (!whole_line(&rest, &line[i]))
			return ANSWER_PART;
	if (!is_offset(line[0], ANSWER_SENTINEL))
		return ANSWER_BAD;
	*text = rest;
	return ANSWER_WHOLE;
}
