/*
 * A site is named by what a person would point at: the statement, in its function, and how it failed there. Addresses and
 * lines move with each build and edit, so they are no part of it. What is known of the place beside the fault's own goes
 * in, too: where the dangling memory was freed, where the lost one was allocated, where the unset value came from.
 *
 * A stack overflow is its cycle, whatever leaf the stack happened to end in; a hang is what several looks at it share.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "crash/fault.h"
#include "crash/internal.h"
#include "crash/join_rules.h"
#include "crash/place.h"
#include <inttypes.h>

static bool is_entry(const struct crash_frame *f)
{
	return f->ignored && f->rule &&
	       (!strcmp(f->rule, "harness entry") || !strcmp(f->rule, "program entry"));
}

static void set_statement(struct crash_place *p, struct arena *a, const struct crash_frame *f,
	const struct crash_rules *rules)
{
	struct crash_statement st;

	if (f->file) {
		p->file = arena_strdup(a, path_base(strv_of(f->file)).s);
		p->line = f->line;
	}
	if (f->file && f->line && rules && rules->statement &&
		rules->statement(rules->statement_arg, f->file, f->line, f->column, &st)) {
		p->statement = arena_strv(a, st.text);
		p->ordinal = st.ordinal;
	} else if (f->module && f->has_offset) {
		p->module = arena_strdup(
			a, f->build_id ? f->build_id : path_base(strv_of(f->module)).s);
		p->offset = f->offset;
	}
}

static bool is_own(const struct crash_frame *f)
{
	return frame_counts(f) && !f->library && f->function;
}

/* The first frame of the project from index `i` on, the harness's own function included; st->n: none. */
static size_t next_own(const struct crash_stack *st, size_t i)
{
	for (; i < st->n; i++)
		if (is_own(&st->frames[i]) || is_entry(&st->frames[i]))
			return i;
	return i;
}

/* From the project's frame `i` on, the first that isn't a helper; the harness's own function never is. */
static size_t behind_helpers(
	const struct crash_stack *st, size_t i, const char *family, const struct crash_rules *rules)
{
	while (i < st->n && !is_entry(&st->frames[i]) &&
		place_is_helper(frame_signing_name(&st->frames[i]), family, rules))
		i = next_own(st, i + 1);
	return i;
}

/* NULL: UBSan's own line names a file only. */
static const char *name_of(struct arena *a, const struct crash_frame *f)
{
	if (is_entry(f) && f->file)
		return arena_strdup(a, path_base(strv_of(f->file)).s);
	if (!f->name)
		return NULL;
	return arena_strdup(a, is_entry(f) ? f->name : frame_signing_name(f));
}

static struct crash_place place_of(
	struct arena *a, const struct crash_frame *f, const struct crash_rules *rules)
{
	struct crash_place p = { .harness = is_entry(f), .function = name_of(a, f) };

	set_statement(&p, a, f, rules);
	return p;
}

/* Top place of a stack, and the one behind helpers. The number of its frame; st->n: it was looked for in vain. */
static size_t places_of(struct crash_site *s, const char *family, const struct crash_stack *st,
	const struct crash_rules *rules, struct crash_place *top, struct crash_place *from)
{
	size_t i = st ? next_own(st, 0) : 0;

	if (!st || i == st->n)
		return i;
	*top = place_of(&s->arena, &st->frames[i], rules);
	i = behind_helpers(st, i, family, rules);
	if (i < st->n && from)
		*from = place_of(&s->arena, &st->frames[i], rules);
	else if (from)
		*from = *top;
	return i;
}

static const struct crash_stack *stack_of(const struct crash_report *r, enum crash_role role)
{
	for (size_t i = 0; i < r->n_stacks; i++)
		if (r->stacks[i].role == role && r->stacks[i].n)
			return &r->stacks[i];
	return NULL;
}

static void set_other(
	struct crash_site *s, const struct crash_report *r, const struct crash_rules *rules)
{
	static const struct {
		const char *families;
		enum crash_role role;
		const char *words;
	} rows[] = { { " lifetime ", CRASH_STACK_FREE, "freed" },
		{ " uninit ", CRASH_STACK_ORIGIN, "origin" },
		{ " bounds ", CRASH_STACK_ALLOC, "allocated" } };
	struct crash_place top = { .function = NULL };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (place_family_in(rows[i].families, r->family)) {
			s->other_role = rows[i].words;
			places_of(s, rows[i].role == CRASH_STACK_FREE ? "freed" : r->family,
				stack_of(r, rows[i].role), rules, &top, &s->other);
		}
}

/* The variables of a function that AddressSanitizer names by its frame were made by it. */
static const struct crash_stack *made_at(const struct crash_report *r)
{
	const struct crash_stack *st = NULL;

	if (place_family_in(" uninit ", r->family))
		return stack_of(r, CRASH_STACK_ORIGIN);
	if (!place_family_in(" bounds lifetime ", r->family))
		return NULL;
	st = stack_of(r, CRASH_STACK_ALLOC);
	for (size_t i = 0; !st && i < r->n_stacks; i++)
		if (r->stacks[i].n && strv_contains(strv_of(r->stacks[i].title), "in stack of"))
			st = &r->stacks[i];
	return st;
}

static void set_parties(struct crash_site *s, const struct crash_report *r,
	const struct crash_stack *fault, const struct crash_rules *rules)
{
	const struct crash_stack *made = made_at(r);
	size_t i;

	/* what calls itself has its caller further out */
	for (i = fault ? next_own(fault, 0) : 0; s->at.function && fault && i < fault->n;
		i = next_own(fault, i + 1)) {
		const char *name = name_of(&s->arena, &fault->frames[i]);

		if (strcmp(name, s->at.function) != 0) {
			s->caller = name;
			break;
		}
	}
	i = made ? behind_helpers(made, next_own(made, 0), "leak", rules) : 0;
	if (made && i < made->n)
		s->maker = name_of(&s->arena, &made->frames[i]);
}

static void add_names(struct buf *b, const struct crash_report *r, size_t max)
{
	for (size_t i = 0; i < MIN(max, r->n_key); i++)
		buf_adds2(b, i ? "|" : " ", r->key[i]);
}

/* What is of no use to tell places apart: the leaf of a recursion, the moment of a hang. */
static bool is_whole_stack(const struct crash_report *r)
{
	return r->n_cycle || place_family_in(" stack-overflow timeout race ", r->family);
}

static void set_text(struct crash_site *s, const struct crash_report *r)
{
	struct buf b = BUF_INIT;
	char hex[SHA256_HEX];

	buf_adds2(&b, "s2 ", r->family);
	buf_adds(&b, r->access == CRASH_WRITE ? " write" : r->access == CRASH_READ ? " read" : "");
	place_add_message(&b, r);
	if (is_whole_stack(r)) {
		add_names(&b, r, r->n_key);
	} else if (s->at.function) {
		buf_addch(&b, ' ');
		place_add(&b, &s->at);
		if (s->from.function && strcmp(s->from.function, s->at.function)) {
			buf_adds(&b, " by ");
			place_add(&b, &s->from);
		}
		/* of an overflow, who allocated says nothing of the place */
		if (s->other.function && strcmp(r->family, "bounds")) {
			buf_addf(&b, " %s ", s->other_role);
			place_add(&b, &s->other);
		}
	} else if (r->n_key) {
		/* nothing is named: the instruction alone, as how deep a recursion was there is no part of the place */
		add_names(&b, r, 1);
	} else {
		buf_adds2(&b, " ", s->keys[0].text);
	}
	hash_sha256(buf_str(&b), b.len, hex);
	memcpy(s->id, hex, 16);
	s->text = arena_strndup(&s->arena, b.s, b.len);
	buf_release(&b);
}

/* How many frames were printed down to number i: inlined ones weren't, of unsymbolised reports. */
static size_t printed_to(const struct crash_stack *st, size_t i)
{
	size_t n = 1;

	for (size_t k = 0; k < i; k++)
		n += !st->frames[k].inlined;
	return n;
}

/* from: number of the frame that the place behind helpers is. */
static size_t depth_of(const struct crash_site *s, const struct crash_report *r,
	const struct crash_stack *fault, size_t from)
{
	/* of these a second stack, or words that the input may choose, count, too */
	static const char more[] = " lifetime uninit leak oom exception loader ";
	size_t i = from;

	if (!fault || fault != r->stacks || is_whole_stack(r) || place_family_in(more, r->family) ||
		(!strcmp(r->family, "assertion") && strcmp(r->kind, "assertion")))
		return 0;
	if (!s->at.function)
		for (i = 0; i < fault->n && !frame_counts(&fault->frames[i]);)
			i++;
	return i < fault->n ? printed_to(fault, i) : 0;
}

struct crash_site *crash_site_new(const struct crash_report *r, const struct crash_rules *rules)
{
	struct crash_site *s = xcalloc(1, sizeof(*s));
	const struct crash_stack *fault = crash_fault_stack(r);

	size_t from = places_of(s, r->family, fault, rules, &s->at, &s->from);

	if (!s->at.function && r->n_key && fault && fault->n && !fault->frames[0].function &&
		fault->frames[0].file) {
		/* UBSan without a stack */
		s->at = place_of(&s->arena, &fault->frames[0], rules);
		s->at.function = arena_strdup(&s->arena, r->key[0]);
		s->from = s->at;
	}
	set_other(s, r, rules);
	set_parties(s, r, fault, rules);
	join_keys(s, r, rules);
	set_text(s, r);
	s->depth = depth_of(s, r, fault, from);
	return s;
}

bool crash_site_cannot_tell(const struct crash_report *r)
{
	return place_family_in(" stack-overflow timeout oom ", r->family) && !r->n_key;
}

void crash_site_free(struct crash_site *s)
{
	if (!s)
		return;
	arena_release(&s->arena);
	free(s);
}
