/*
 * UndefinedBehaviorSanitizer: "file:1:2: runtime error: what". The checks are told apart by their
 * words alone. gcc and clang share them; the minimal runtime prints only the check's name.
 */
#include "base/prelude.h"
#include "crash/internal.h"

/* Searched in this order, anywhere in the message: the narrower wording comes first. */
static const struct name_kind checks[] = {
	{ "out of bounds for type", "index-out-of-bounds" },
	{ "with insufficient space for an object", "object-size" },
	{ "which does not point to an object of type", "bad-cast" },
	{ "control flow integrity check", "bad-cast" },
	{ "incorrect function type", "function-type-mismatch" },
	{ "misaligned address", "misaligned" },
	{ "byte alignment", "misaligned" },
	{ "to null pointer produced", "pointer-overflow" },
	{ "offset to null pointer", "pointer-overflow" },
	{ "applying non-zero offset", "pointer-overflow" },
	{ "applying zero offset", "pointer-overflow" },
	{ "produced null pointer", "pointer-overflow" },
	{ "pointer index expression", "pointer-overflow" },
	{ "pointer arithmetic", "pointer-overflow" },
	{ "addition of unsigned offset", "pointer-overflow" },
	{ "subtraction of unsigned offset", "pointer-overflow" },
	{ "upcast of null pointer", "upcast-of-null" },
	{ "cast to virtual base of null pointer", "upcast-of-null" },
	{ "load of null pointer", "null-deref" },
	{ "store to null pointer", "null-deref" },
	{ "reference binding to null pointer", "null-reference" },
	{ "Nonnull binding to null pointer", "null-reference" },
	{ "null pointer passed as argument", "invalid-null-argument" },
	{ "null passed to a callee", "invalid-null-argument" },
	{ "null pointer returned from function", "invalid-null-return" },
	{ "null returned from function", "invalid-null-return" },
	{ "null pointer of type", "null-deref" },
	{ "null pointer", "null-deref" },
	{ "division by zero", "divide-by-zero" },
	{ "unsigned integer overflow", "unsigned-integer-overflow" },
	{ "signed integer overflow", "integer-overflow" },
	{ "division of ", "integer-overflow" },
	{ "negation of ", "integer-overflow" },
	{ "shift exponent", "undefined-shift" },
	{ "left shift of", "undefined-shift" },
	{ "shift of ", "undefined-shift" },
	{ "implicit conversion", "implicit-conversion" },
	{ "for type 'bool'", "invalid-bool" },
	{ "for type 'BOOL'", "invalid-bool" },
	{ "for type '_Bool'", "invalid-bool" },
	{ "not a valid value for type", "invalid-enum" },
	{ "outside the range of representable values", "float-cast-overflow" },
	{ "unreachable program point", "unreachable" },
	{ "execution reached a __builtin_unreachable", "unreachable" },
	{ "without returning a value", "no-return-value" },
	{ "variable length array bound", "vla-bound" },
	{ "not a valid argument", "invalid-builtin" },
	{ "passing zero to ", "invalid-builtin" },
	{ "assumption is violated", "assumption-violation" },
	{ "assumption of ", "assumption-violation" },
	{ "cannot be represented in type", "integer-overflow" },
	{ "cannot be represented in an unsigned", "unsigned-integer-overflow" },
	{ "Objective-C", "bad-cast" },
	{ NULL, NULL },
};

static const struct name_kind minimal[] = {
	{ "type-mismatch", "null-deref" },
	{ "alignment-assumption", "misaligned" },
	{ "add-overflow", "integer-overflow" },
	{ "sub-overflow", "integer-overflow" },
	{ "mul-overflow", "integer-overflow" },
	{ "negate-overflow", "integer-overflow" },
	{ "divrem-overflow", "divide-by-zero" },
	{ "shift-out-of-bounds", "undefined-shift" },
	{ "out-of-bounds", "index-out-of-bounds" },
	{ "local-out-of-bounds", "index-out-of-bounds" },
	{ "builtin-unreachable", "unreachable" },
	{ "missing-return", "no-return-value" },
	{ "vla-bound-not-positive", "vla-bound" },
	{ "float-cast-overflow", "float-cast-overflow" },
	{ "load-invalid-value", "invalid-enum" },
	{ "invalid-builtin", "invalid-builtin" },
	{ "invalid-objc-cast", "bad-cast" },
	{ "function-type-mismatch", "function-type-mismatch" },
	{ "implicit-conversion", "implicit-conversion" },
	{ "nonnull-arg", "invalid-null-argument" },
	{ "nullability-arg", "invalid-null-argument" },
	{ "nonnull-return", "invalid-null-return" },
	{ "nullability-return", "invalid-null-return" },
	{ "pointer-overflow", "pointer-overflow" },
	{ "cfi-check-fail", "bad-cast" },
	{ NULL, NULL },
};

static const char *check_kind(struct strv text)
{
	for (const struct name_kind *c = checks; c->text; c++)
		if (strv_contains(text, c->text))
			return c->kind;
	return "undefined-behavior";
}

static bool access_kind(const char *kind)
{
	return !strcmp(kind, "null-deref") || !strcmp(kind, "object-size") ||
	       !strcmp(kind, "misaligned");
}

bool ubsan_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv text = strv_from(line, at + 15), place = strv_trim(strv_sub(line, 0, at)), rest;
	struct crash_report *r;
	struct frame_text f;

	if (place.len && place.s[place.len - 1] == ':')
		place.len--;
	text = strv_sub(text, 0, TEXT_MAX);
	r = report_open(p, "ubsan", check_kind(text), RANK_REPORT);
	report_message(r, text);
	if (access_kind(r->kind)) {
		if (strv_starts(text, "load of"))
			r->access = CRASH_READ;
		else if (strv_starts(text, "store to"))
			r->access = CRASH_WRITE;
	}
	if (strv_contains(text, " address ") && find_hex(text, &r->address, &rest))
		r->has_address = true;
	/* without print_stacktrace the place is all there is: a stack of one nameless frame */
	memset(&f, 0, sizeof(f));
	place = strv_from(place, strv_rchr(place, ' ') == SIZE_MAX ? 0 : strv_rchr(place, ' ') + 1);
	frame_set_location(place, &f);
	if (f.line && f.file.len) {
		f.index = -1;
		report_frame(p, &f);
		r->stacks[r->priv->open].title = "runtime error";
		report_expect(r, CRASH_STACK_FAULT, strv_n("", 0));
		p->last_was_frame = false;
	}
	return true;
}

bool ubsan_minimal(struct crash_parser *p, struct strv line, size_t at)
{
	const struct name_kind *k = name_kind_find(minimal, strv_from(line, at + 7));
	struct crash_report *r;

	if (!k)
		return false;
	r = report_open(p, "ubsan", k->kind, RANK_REPORT);
	report_message(r, strv_from(line, at + 7));
	return true;
}

/* "note: object is of type Y", below a bad cast */
bool ubsan_note(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	size_t of = strv_find(line, "of type ");

	(void)at;
	if (!r || of == SIZE_MAX || strcmp(r->kind, "bad-cast") || !r->message)
		return false;
	r->message = arena_printf(&r->arena, "%s (it is %.*s)", r->message,
		(int)MIN(line.len - of - 8, (size_t)200), line.s + of + 8);
	return true;
}

bool cfi_failure(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = report_open(p, "cfi", "bad-cast", RANK_FATAL);

	report_message(r, strv_from(line, at));
	return true;
}

/* Without debug information clang only traps; Chromium's runner says what such a trap most likely was. */
bool cfi_hint(struct crash_parser *p, struct strv line, size_t at)
{
	(void)line;
	(void)at;
	p->cfi_hint = true;
	return true;
}
