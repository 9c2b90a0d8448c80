/*
 * Of all that a log said, what belongs together: a message and the signal it ended in, a stack and the signal that
 * brought it, the same crash told twice; and which report decides.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "base/mem.h"

/* Addresses that WebKit, V8 and Chromium write to when an assertion fails. */
static bool assert_address(const struct crash_report *r)
{
	static const uint64_t marks[] = { 0xbbadbeef, 0xfbadbeef, 0x1f75b7dd, 0x977537dd,
		0x9f7537dd };

	for (size_t i = 0; r->has_address && i < ARRAY_LEN(marks); i++)
		if (r->address == marks[i])
			return true;
	return false;
}

/* valgrind goes on past an invalid access, and the kernel then ends the process for it. */
static bool same_access(const struct crash_report *cause, const struct crash_report *r)
{
	return !strcmp(cause->sanitizer, "valgrind") && !strcmp(r->sanitizer, "valgrind") &&
	       cause->has_address && r->has_address && cause->address == r->address;
}

static bool is_consequence(const struct crash_report *cause, const struct crash_report *r)
{
	if (!r->priv->is_signal)
		return false;
	if (strcmp(r->kind, "segv") && strcmp(r->kind, "bus-error"))
		return true;
	return r->priv->gave_up || assert_address(r) ||
	       (!strcmp(cause->sanitizer, "v8") && r->has_address && r->address < 0x1000);
}

/* The signal's stacks go behind the cause's own: crash_finish takes the first that says something. */
static void absorb(struct crash_report *cause, const struct crash_report *r)
{
	size_t n = cause->n_stacks + r->n_stacks;
	struct crash_stack *s = arena_alloc(&cause->arena, (n + 1) * sizeof(*s));

	if (cause->n_stacks)
		memcpy(s, cause->stacks, cause->n_stacks * sizeof(*s));
	for (size_t i = 0; i < r->n_stacks; i++) {
		struct crash_stack *to = &s[cause->n_stacks + i];
		const struct crash_stack *from = &r->stacks[i];

		*to = *from;
		to->title = arena_strdup(&cause->arena, from->title);
		to->frames = arena_alloc(&cause->arena, (from->n + 1) * sizeof(*to->frames));
		for (size_t f = 0; f < from->n; f++) {
			const struct crash_frame *x = &from->frames[f];

			to->frames[f] = *x;
			to->frames[f].function =
				x->function ? keep(cause, strv_of(x->function)) : NULL;
			to->frames[f].file = x->file ? keep(cause, strv_of(x->file)) : NULL;
			to->frames[f].module = x->module ? keep(cause, strv_of(x->module)) : NULL;
			to->frames[f].build_id =
				x->build_id ? keep(cause, strv_of(x->build_id)) : NULL;
		}
	}
	cause->stacks = s;
	cause->n_stacks = n;
	cause->fatal = true;
	cause->priv->rank = RANK_FATAL;
	if (!cause->pid)
		cause->pid = r->pid;
}

/*
 * Report i is a bare signal: the message before it that waited for one takes it over. Of several messages
 * the first that ends a process by its own word, else the nearest.
 */
static void join_signal(struct crash_parser *p, size_t i)
{
	struct crash_report *r = p->reports[i], *cause = NULL;

	for (size_t j = i; j--;) {
		struct crash_report *c = p->reports[j];

		if (c->priv->is_signal && !c->priv->wants_stack && !c->priv->finished_text)
			break;
		if (!c->priv->wants_stack || !is_consequence(c, r))
			continue;
		if (!cause || c->priv->rank >= cause->priv->rank)
			cause = c;
	}
	if (!cause && i && by_sanitizer(p->reports[i - 1]) && !p->reports[i - 1]->priv->is_signal &&
		strcmp(r->kind, "segv") && strcmp(r->kind, "bus-error") && strcmp(r->kind, "fpe"))
		cause = p->reports[i - 1]; /* a sanitizer's own way out */
	if (!cause && i && same_access(p->reports[i - 1], r))
		cause = p->reports[i - 1];
	if (!cause)
		return;
	absorb(cause, r);
	r->priv->finished_text = true; /* taken over */
}

static void drop_joined(struct crash_parser *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct crash_report *r = p->reports[i];

		if (r->priv->is_signal && r->priv->finished_text)
			crash_report_free(r);
		else
			p->reports[n++] = r;
	}
	p->n = n;
}

/* Seen from outside only, and without a stack. */
static bool is_bare(const struct crash_report *r)
{
	return r->priv->is_signal && r->priv->outside && !r->n_stacks;
}

static bool is_mere_stack(const struct crash_report *r)
{
	return r->priv->rank == RANK_NOTE && r->n_stacks && !strcmp(r->kind, "unknown");
}

/* A stack that somebody printed and a signal that somebody told of, each without the other, are one crash. */
static void join_stacks(struct crash_parser *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct crash_report *r = p->reports[i], *stack = NULL;

		if (!r->priv->is_signal || r->n_stacks || r->priv->finished_text)
			continue;
		for (size_t j = 0; j < p->n; j++)
			if (is_mere_stack(p->reports[j]) && (!stack || j < i))
				stack = p->reports
						[j]; /* the nearest before it, else the first behind it */
		if (!stack)
			continue;
		absorb(r, stack);
		stack->priv->is_signal = stack->priv->finished_text = true;
	}
}

/* What the shell says of a process whose own report is here is no second crash. */
static void drop_told_again(struct crash_parser *p)
{
	bool better = false, first = true;

	for (size_t i = 0; i < p->n; i++)
		better |= p->reports[i]->priv->rank > RANK_NOTE && !is_bare(p->reports[i]) &&
			  !p->reports[i]->priv->finished_text;
	for (size_t i = 0; i < p->n; i++)
		if (is_bare(p->reports[i])) {
			if (better || !first)
				p->reports[i]->priv->finished_text = true;
			first = false;
		}
}

static void turn_round(struct crash_report *r)
{
	for (size_t i = 0; i < r->n_stacks; i++) {
		struct crash_stack *s = &r->stacks[i];

		for (size_t a = 0, b = s->n; s->descending && a + 1 < b; a++) {
			struct crash_frame t = s->frames[a];

			s->frames[a] = s->frames[--b];
			s->frames[b] = t;
		}
		s->descending = false;
	}
}

/* Android says a message in the log and again in the tombstone, the stack behind the second. */
static bool told_twice(const struct crash_report *a, const struct crash_report *b)
{
	return !a->n_stacks && a->priv->wants_stack && !a->priv->is_signal && a->message &&
	       b->message && !strcmp(a->sanitizer, b->sanitizer) && !strcmp(a->kind, b->kind) &&
	       !strncmp(a->message, b->message, 40) && !by_sanitizer(a);
}

static void drop_told_twice(struct crash_parser *p)
{
	for (size_t i = 0; i + 1 < p->n; i++)
		for (size_t j = i + 1; j < p->n; j++) {
			if (p->reports[i]->priv->finished_text ||
				!told_twice(p->reports[i], p->reports[j]))
				continue;
			p->reports[i]->priv->is_signal = p->reports[i]->priv->finished_text = true;
		}
}

static int weight(const struct crash_report *r)
{
	int w = (int)r->priv->rank * 4;

	if (r->priv->rank == RANK_LEAK)
		w += r->priv->direct_leak * 2;
	/* a signal without any stack, seen from outside, gives way to whoever says more */
	if (r->priv->is_signal && !r->n_stacks)
		w -= 3;
	return w;
}

size_t join_reports(struct crash_parser *p)
{
	size_t main_index = 0;

	for (size_t i = 0; i < p->n; i++) {
		turn_round(p->reports[i]);
		if (p->cfi_hint && !strcmp(p->reports[i]->kind, "illegal-instruction"))
			p->reports[i]->kind = "bad-cast";
		threads_choose(p->reports[i]);
		p->reports[i]->priv->gave_up = gave_up(p->reports[i]);
	}
	for (size_t i = 0; i < p->n; i++)
		if (p->reports[i]->priv->is_signal)
			join_signal(p, i);
	drop_told_twice(p);
	join_stacks(p);
	drop_told_again(p);
	drop_joined(p);
	if (!p->n) {
		GROW(p->reports, p->n, p->cap);
		p->reports[p->n] = report_new();
		p->reports[p->n]->sanitizer = "none";
		p->reports[p->n++]->kind = "no-crash";
	}
	for (size_t i = 0; i < p->n; i++)
		p->reports[i]->note = p->reports[i]->priv->rank == RANK_NOTE;
	for (size_t i = 1; i < p->n; i++) {
		int more = weight(p->reports[i]) - weight(p->reports[main_index]);

		if (more > 0 || (more == 0 && p->last_decides))
			main_index = i;
	}
	return main_index;
}
