/*
 * From raw facts to what counts: names, ignored frames, the kind refined by the address, the frames of
 * `frames` and of the signature. Idempotent: everything is computed anew from what was parsed.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "base/pattern.h"
#include "crash/internal.h"
#include <inttypes.h>

struct finish {
	struct crash_report *r;
	const struct rule_index *index;
	struct rule_memo memo;
	struct pattern **own; /* the project's */
	size_t n_own;
	const struct crash_frame *seen[64]; /* recursion: frames by address */
	struct buf name;
};

static void compile_own(struct finish *x, const struct crash_rules *rules)
{
	if (!rules || !rules->ignore || !rules->ignore->n)
		return;
	x->own = xcalloc(rules->ignore->n, sizeof(*x->own));
	for (size_t i = 0; i < rules->ignore->n; i++) {
		x->own[x->n_own] = pattern_new(strv_of(rules->ignore->v[i]), NULL);
		x->n_own += x->own[x->n_own] != NULL; /* config refused what doesn't compile */
	}
}

static bool own_rule(const struct finish *x, const char *name)
{
	for (size_t i = 0; i < x->n_own; i++)
		if (pattern_matches(x->own[i], strv_of(name)))
			return true;
	return false;
}

/* "module+0x12" for a frame without a function; NULL when it has no module either. */
static const char *offset_name(struct crash_report *r, const struct crash_frame *f)
{
	if (!f->module)
		return NULL;
	if (!f->has_offset)
		return arena_strdup(&r->arena, path_base(strv_of(f->module)).s);
	return arena_printf(&r->arena, "%s+0x%" PRIx64, path_base(strv_of(f->module)).s, f->offset);
}

static void name_frame(struct finish *x, struct crash_frame *f)
{
	const struct crash_frame **slot = &x->seen[(f->address ^ f->address >> 6) % 64],
				 *old = *slot;

	if (f->address && f->function && old && old->address == f->address && old->name &&
		!strcmp(old->function, f->function)) {
		f->name = old->name;
		f->anonymous = old->anonymous;
		return;
	}
	if (!f->function) {
		f->name = offset_name(x->r, f);
		return;
	}
	buf_reset(&x->name);
	f->anonymous = name_normalize(&x->name, strv_of(f->function));
	f->name = arena_strndup(&x->r->arena, x->name.s, MIN(x->name.len, (size_t)400));
	if (f->address)
		*slot = f;
}

/* A debugger shows what was inlined from the system's headers as frames of their own. */
static bool of_system(const char *file)
{
	return *file == '/' &&
	       (!strncmp(file, "/usr/include/", 13) || !strncmp(file, "/usr/lib/gcc/", 13));
}

/* The sanitizers' runtimes say of a folder named gcc that it is the toolchain's; gcc's own crashes are elsewhere. */
static enum rule_class by_debugger(enum rule_class c, struct crash_frame *f)
{
	static const char *const valgrind[] = { "hg_intercepts.c", "drd_pthread_intercepts.c",
		"vg_replace_malloc.c", "vg_replace_strmem.c" };
	struct strv base = path_base(strv_of(f->file));

	for (size_t i = 0; i < ARRAY_LEN(valgrind); i++)
		if (strv_eqs(base, valgrind[i])) {
			f->rule = "valgrind";
			return RULE_RUNTIME;
		}
	if (of_system(f->file)) {
		f->rule = c == RULE_KEEP ? "a header of the system" : f->rule;
		return c == RULE_KEEP ? RULE_RUNTIME : c;
	}
	return c == RULE_RUNTIME && f->rule && !strcmp(f->rule, "headers of the toolchain")
		       ? RULE_KEEP
		       : c;
}

/* What an allocator found wrong, it found in its own functions, whatever those are called. */
static bool cuts(const struct crash_report *r, const struct crash_stack *s,
	const struct crash_frame *f, enum rule_class c)
{
	if (c == RULE_BOUNDARY)
		return boundary_cuts(r, s, f);
	return c == RULE_RUNTIME && !by_sanitizer(r) && f->rule && !strcmp(f->rule, "allocator");
}

static void judge_stack(struct finish *x, struct crash_stack *s)
{
	size_t above = frames_above_fault(x->r, s);
	bool below_entry = false, sanitized = by_sanitizer(x->r);

	for (size_t i = 0; i < s->n; i++) {
		struct crash_frame *f = &s->frames[i];
		enum rule_class c;

		f->ignored = f->library = false;
		f->rule = NULL;
		f->inlined = f->address && i + 1 < s->n && s->frames[i + 1].address == f->address &&
			     s->frames[i + 1].function && f->function;
		name_frame(x, f);
		if (below_entry || i < above) {
			f->ignored = true;
			f->rule = below_entry ? "below the harness" : "above the signal";
			continue;
		}
		c = rule_for(x->index, &x->memo, f, &f->rule);
		if (!sanitized && f->file)
			c = by_debugger(c, f);
		if (c == RULE_LIBRARY && !i && !strcmp(x->r->sanitizer, "tsan") &&
			!strncmp(f->name, "pthread_", 8))
			c = RULE_RUNTIME; /* its interceptor */
		if (c == RULE_KEEP && f->function && x->n_own && own_rule(x, f->name)) {
			c = RULE_RUNTIME;
			f->rule = "the project's ignore list";
		}
		f->ignored = c != RULE_KEEP && c != RULE_LIBRARY;
		f->library = c == RULE_LIBRARY;
		if (c == RULE_ENTRY)
			below_entry = true;
		for (size_t up = cuts(x->r, s, f, c) ? i : 0; up--;) {
			if (s->frames[up].ignored)
				continue;
			s->frames[up].ignored = true;
			s->frames[up].rule = "called by the reporting function below it";
		}
	}
}

static bool is_entry(const struct crash_frame *f)
{
	return f->ignored && f->name && f->rule &&
	       (!strcmp(f->rule, "harness entry") || !strcmp(f->rule, "program entry"));
}

/* The harness itself failed: its file names it best, since all harnesses share one function name. */
static const char *entry_name(const struct crash_stack *s)
{
	bool engine = false;

	for (size_t i = 0; s && i < s->n; i++) {
		const struct crash_frame *f = &s->frames[i];

		engine |= f->rule && !strcmp(f->rule, "fuzzing engine");
		if (!is_entry(f))
			continue;
		if (engine)
			return NULL; /* the engine's main, not the harness's */
		if (strcmp(f->name, "main") && f->file)
			return path_base(strv_of(f->file)).s;
		return f->name;
	}
	return NULL;
}

/* Names that count of one stack into out; symbolised names push unsymbolised ones aside in the key. */
static size_t collect(const struct crash_stack *s, const char **out, bool key)
{
	size_t n = 0;
	bool named = false;

	for (size_t i = 0; s && i < s->n; i++)
		named |= frame_counts(&s->frames[i]) && s->frames[i].function &&
			 !s->frames[i].library;
	for (size_t i = 0; s && i < s->n; i++) {
		const struct crash_frame *f = &s->frames[i];

		if (!frame_counts(f) || (key && named && (f->library || !f->function)))
			continue;
		out[n++] = key ? frame_signing_name(f) : f->name;
	}
	return n;
}

static void set_frames(struct crash_report *r, const struct crash_stack *s)
{
	size_t room = (s ? s->n : 0) + 1;
	const char *entry = entry_name(s);
	bool own = false;

	r->frames = arena_alloc(&r->arena, room * sizeof(*r->frames));
	r->key = arena_alloc(&r->arena, room * sizeof(*r->key));
	r->n_frames = collect(s, r->frames, false);
	r->n_key = collect(s, r->key, true);
	/* UBSan without stacks: the file is the best name there is */
	if (!entry && s && s->n && !s->frames[0].function && s->frames[0].file)
		entry = path_base(strv_of(s->frames[0].file)).s;
	for (size_t i = 0; s && i < s->n; i++)
		own |= frame_counts(&s->frames[i]) && !s->frames[i].library;
	if (entry && !own) {
		r->key[0] = entry; /* the harness called the library wrongly, or failed itself */
		r->n_key = 1;
	}
	if (entry && !r->n_frames)
		r->frames[r->n_frames++] = entry;
}

static void set_cycle(struct crash_report *r)
{
	size_t start = 0, length = 0, max = 16;
	const char **set, **all = r->frames;

	r->cycle = NULL;
	r->n_cycle = 0;
	if (strcmp(r->kind, "stack-overflow") || !r->n_key)
		return;
	set = arena_alloc(&r->arena, max * sizeof(*set));
	max = cycle_set(r->key, r->n_key, set, max);
	if (cycle_find(all, r->n_frames, &start, &length)) {
		r->cycle = arena_alloc(&r->arena, length * sizeof(*r->cycle));
		r->n_cycle = cycle_canonical(all + start, length, r->cycle);
		r->frames = all + start;
		r->n_frames = length;
	} else if (max) {
		r->cycle = set;
		r->n_cycle = max;
	}
	if (max) {
		r->key = set;
		r->n_key = max;
	}
}

/* The part, from the outer end, that a hang's stacks have in common; then innermost first. */
static void set_hang(struct crash_report *r, const struct crash_stack *fault)
{
	size_t common = r->n_key, samples = 0;

	if (strcmp(r->family, "timeout") || !r->n_key)
		return;
	for (size_t i = 0; i < r->n_stacks; i++) {
		const struct crash_stack *s = &r->stacks[i];
		const char **names;
		size_t n, k = 0;

		if (s == fault || s->role != CRASH_STACK_SAMPLE)
			continue;
		names = xcalloc(s->n + 1, sizeof(*names));
		n = collect(s, names, true);
		while (k < n && k < common && !strcmp(names[n - 1 - k], r->key[r->n_key - 1 - k]))
			k++;
		free(names);
		if (n) {
			common = k;
			samples++;
		}
	}
	if (samples && common) {
		r->key += r->n_key - common;
		r->n_key = common;
	} else if (!samples && r->n_key > 3) {
		/* one look only: the outermost frames move least */
		r->key += r->n_key - 3;
		r->n_key = 3;
	}
}

/* A recursion's depth, or a lambda folded into its function, mustn't make another bug. */
static void fold_repeats(struct crash_report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_key; i++)
		if (!n || strcmp(r->key[n - 1], r->key[i]))
			r->key[n++] = r->key[i];
	r->n_key = n;
}

/* Which access of a race came second is chance: both tops sign, sorted. */
static void set_race(struct crash_report *r, const struct crash_stack *fault)
{
	const char **two, **names;
	size_t n = 0;

	if (strcmp(r->family, "race") || !r->n_key)
		return;
	two = arena_alloc(&r->arena, 2 * sizeof(*two));
	two[0] = two[1] = r->key[0];
	for (size_t i = 0; i < r->n_stacks && !n; i++) {
		const struct crash_stack *s = &r->stacks[i];

		if (s == fault || s->role != CRASH_STACK_OTHER)
			continue;
		names = xcalloc(s->n + 1, sizeof(*names));
		n = collect(s, names, true);
		if (n)
			two[1] = names[0];
		free(names);
	}
	if (strcmp(two[0], two[1]) > 0) {
		const char *t = two[0];

		two[0] = two[1];
		two[1] = t;
	}
	r->key = two;
	r->n_key = 2;
}

/* The same few functions over and over, hundreds deep: only a recursion looks so. */
static bool is_deep(const struct crash_report *r)
{
	const struct crash_stack *s = report_fault(r);
	size_t same = 0;

	if (!s || s->n < 200)
		return false;
	for (size_t i = 8; i < s->n; i++)
		for (size_t back = 1; back <= 8; back++)
			if (s->frames[i].address &&
				s->frames[i].address == s->frames[i - back].address) {
				same++;
				break;
			}
	return same * 10 > s->n * 9;
}

/* Jumped to address 0: the top frame is nowhere. */
static bool jumped_to_null(const struct crash_report *r)
{
	const struct crash_stack *s = report_fault(r);

	return s && s->n > 1 && !s->frames[0].function && !s->frames[0].file &&
	       !s->frames[0].module && !s->frames[0].address && s->frames[1].address;
}

static void refine_kind(struct crash_report *r)
{
	r->priv->gave_up =
		r->priv->gave_up || gave_up(r); /* its frames may have got their names since */
	refine_by_frames(r);
	if (!strcmp(r->sanitizer, "gwp-asan") && r->message && !strcmp(r->kind, "unknown-crash")) {
		static const struct name_kind names[] = { { "Use After Free", "use-after-free" },
			{ "Buffer Overflow", "heap-buffer-overflow" },
			{ "Buffer Underflow", "heap-buffer-overflow" },
			{ "Double Free", "double-free" }, { "Invalid (Wild) Free", "invalid-free" },
			{ NULL, NULL } };
		const struct name_kind *k = name_kind_find(names, strv_of(r->message));

		r->kind = k ? k->kind : r->kind;
	}
	if (!strcmp(r->kind, "invalid-access"))
		r->kind = "segv";
	if (!strcmp(r->kind, "segv") && r->priv->gave_up) {
		r->kind = "abort"; /* Chromium's handler says SEGV of every signal */
		r->access = CRASH_ACCESS_NONE;
	}
	if (!strcmp(r->kind, "segv") && is_deep(r))
		r->kind = "stack-overflow"; /* a debugger can't tell it from any other fault */
	if (!strcmp(r->kind, "segv") && jumped_to_null(r))
		r->priv->pc_zero = true;
	if ((!strcmp(r->kind, "segv") || !strcmp(r->kind, "unknown-crash")) &&
		((r->has_address && r->address < 0x1000) || r->priv->pc_zero))
		r->kind = "null-deref";
}

void crash_finish(struct crash_report *r, const struct crash_rules *rules)
{
	struct finish x = { .r = r, .index = rule_index(), .name = BUF_INIT };
	const struct crash_stack *fault;
	const struct kind_info *k;

	compile_own(&x, rules);
	refine_kind(r);
	k = kind_info(r->kind);
	r->family = !strcmp(r->kind, "deadly-signal") && r->priv->gave_up ? "abort" : k->family;
	for (size_t i = 0; i < r->n_stacks; i++)
		judge_stack(&x, &r->stacks[i]);
	fault = crash_fault_stack(r);
	set_frames(r, fault);
	set_cycle(r);
	fold_repeats(r);
	set_hang(r, fault);
	set_race(r, fault);
	severity_judge(r, k);
	summary_make(r, k);
	for (size_t i = 0; i < x.n_own; i++)
		pattern_free(x.own[i]);
	free(x.own);
	buf_release(&x.name);
}
