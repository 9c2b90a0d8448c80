/* How dialects make reports: opening one, giving it a message, stacks and frames, within bounds. */
#include "base/prelude.h"
#include "base/mem.h"
#include "crash/internal.h"

struct crash_report *report_new(void)
{
	struct crash_report *r = xcalloc(1, sizeof(*r));

	r->priv = arena_alloc(&r->arena, sizeof(*r->priv));
	r->priv->open = -1;
	r->security = CRASH_UNKNOWN;
	r->sanitizer = "unknown";
	r->kind = "unknown";
	r->family = "unknown";
	return r;
}

void crash_report_free(struct crash_report *r)
{
	if (!r)
		return;
	arena_release(&r->arena);
	free(r);
}

void crash_reports_free(struct crash_report **r, size_t n)
{
	if (!r)
		return;
	for (size_t i = 0; i < n; i++)
		crash_report_free(r[i]);
	free(r);
}

/* Of too many reports the last one of less weight goes. False when all weigh as much. */
static bool make_room(struct crash_parser *p, enum rank rank)
{
	for (size_t i = p->n; i--;) {
		if (p->reports[i]->priv->rank >= rank)
			continue;
		if (p->prev == p->reports[i])
			p->prev = NULL;
		crash_report_free(p->reports[i]);
		memmove(p->reports + i, p->reports + i + 1, (--p->n - i) * sizeof(*p->reports));
		return true;
	}
	return false;
}

static bool is_sanitizer(const char *name)
{
	return !strcmp(name, "asan") || !strcmp(name, "ubsan") || !strcmp(name, "msan") ||
	       !strcmp(name, "hwasan") || !strcmp(name, "lsan") || !strcmp(name, "tsan") ||
	       !strcmp(name, "thresh") || !strcmp(name, "cfi");
}

struct crash_report *report_open(
	struct crash_parser *p, const char *sanitizer, const char *kind, enum rank rank)
{
	struct crash_report *r = report_new();

	r->sanitizer = sanitizer;
	r->priv->sanitized = is_sanitizer(sanitizer);
	r->kind = kind;
	r->priv->rank = rank;
	r->fatal = rank == RANK_FATAL;
	p->prev = p->cur && p->cur->priv->open >= 0 ? p->cur : NULL;
	p->cur = NULL;
	p->in_go = p->rust_frame = false;
	if (p->n >= REPORTS_MAX && !make_room(p, rank)) {
		if (p->prev == p->scratch)
			p->prev = NULL;
		crash_report_free(p->scratch);
		p->scratch = r;
	} else {
		GROW(p->reports, p->n, p->cap);
		p->reports[p->n++] = r;
	}
	p->cur = r;
	report_expect(r, CRASH_STACK_FAULT, strv_n("", 0));
	return r;
}

const char *keep(struct crash_report *r, struct strv text)
{
	return arena_strndup(&r->arena, text.s, MIN(text.len, (size_t)TEXT_MAX));
}

void report_message(struct crash_report *r, struct strv text)
{
	text = strv_trim(text);
	if (text.len)
		r->message = keep(r, text);
}

void report_expect(struct crash_report *r, enum crash_role role, struct strv title)
{
	r->priv->armed = true;
	r->priv->next_role = role;
	r->priv->next_title = title.len ? keep(r, strv_trim(title)) : NULL;
}

/* Capacities are powers of two from `first` on, so they needn't be kept. What is new is zeroed. */
static void *grow(struct arena *a, void *old, size_t n, size_t first, size_t size)
{
	void *fresh;

	if (n && (n < first || (n & (n - 1))))
		return old;
	fresh = arena_alloc(a, (n ? n * 2 : first) * size);
	if (n && old)
		memcpy(fresh, old, n * size);
	return fresh;
}

static struct crash_stack *open_stack(struct crash_report *r)
{
	struct crash_priv *v = r->priv;
	struct crash_stack *s;

	if (r->n_stacks >= STACKS_MAX) {
		v->open = -1;
		return NULL;
	}
	r->stacks = grow(&r->arena, r->stacks, r->n_stacks, 4, sizeof(*r->stacks));
	s = &r->stacks[r->n_stacks];
	s->role = v->armed ? v->next_role : CRASH_STACK_OTHER;
	s->title = v->next_title ? v->next_title : "";
	v->open = (int)r->n_stacks++;
	v->armed = false;
	v->next_title = NULL;
	v->next = 0;
	return s;
}

/* Two processes' frames may be interleaved: numbers tell which stack a frame continues. */
static struct crash_report *whose(struct crash_parser *p, const struct frame_text *f)
{
	struct crash_report *cur = p->cur, *prev = p->prev;

	if (!cur || !prev || f->index <= 0 || prev->priv->open < 0)
		return cur;
	if (prev->priv->next != (unsigned long)f->index)
		return cur;
	if (!cur->priv->armed && cur->priv->open >= 0 && cur->priv->next == (unsigned long)f->index)
		return cur;
	return prev;
}

/* backward lists the outermost frame first: #4, #3, #2, ... */
static bool goes_down(
	const struct crash_report *r, const struct crash_stack *s, const struct frame_text *f)
{
	return f->index >= 0 && r->priv->next >= 2 &&
	       (unsigned long)f->index + 2 == r->priv->next && (s->n == 1 || s->descending) &&
	       !by_sanitizer(r);
}

/* A debugger shows the top frame when it stops and again with the whole stack. */
static bool shows_again(
	const struct crash_report *r, struct crash_stack *s, const struct frame_text *f)
{
	const struct crash_frame *top = s->n == 1 ? &s->frames[0] : NULL;

	if (!top || s->role != CRASH_STACK_FAULT || by_sanitizer(r))
		return false;
	if (top->function ? !strv_eqs(f->function, top->function) : top->address != f->address)
		return false;
	s->role = CRASH_STACK_OTHER;
	return true;
}

/* "handler (sig=11)": gdb shows which signal a handler was called for. */
static void note_arguments(struct crash_report *r, const struct frame_text *f)
{
	static const char *const names[] = { "sig=", "signo=", "signum=", "signal=", "sig_num=",
		"signr=", "signal_number=", "sigNum=", "s=", "n=" };
	struct strv s;
	unsigned digits;
	uint64_t v;

	if (f->arguments.len && strv_eqs(f->function, "malloc_printerr"))
		r->priv->said = keep(r, f->arguments);
	if (f->signal_handler && r->priv->handled < 0)
		r->priv->handled = -r->priv->handled;
	if (!f->arguments.len || r->priv->handled > 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		size_t at = strv_find(f->arguments, names[i]);

		if (at == SIZE_MAX || !at ||
			(f->arguments.s[at - 1] != '(' && f->arguments.s[at - 1] != ' '))
			continue;
		s = strv_from(f->arguments, at + strlen(names[i]));
		v = scan_dec(&s, &digits);
		if (digits && v < 65 && s.len && (*s.s == ')' || *s.s == ','))
			r->priv->handled =
				-(int)v; /* counts once the signal's frame stands below it */
		return;
	}
}

static const char *keep_opt(struct crash_report *r, struct strv s)
{
	return s.len ? keep(r, s) : NULL;
}

void report_frame(struct crash_parser *p, const struct frame_text *f)
{
	struct crash_report *r = whose(p, f);
	struct crash_stack *s;
	struct crash_frame *to;

	if (!r)
		r = report_open(p, "backtrace", "unknown", RANK_NOTE);
	s = r->priv->open >= 0 ? &r->stacks[r->priv->open] : NULL;
	note_arguments(r, f);
	if (s && !r->priv->armed && goes_down(r, s, f)) {
		s->descending = true;
	} else if (!s || r->priv->armed ||
		   (f->index >= 0 && (unsigned long)f->index < r->priv->next)) {
		if (s && !r->priv->armed && f->index == 0 && shows_again(r, s, f))
			report_expect(r, CRASH_STACK_FAULT, strv_n("", 0));
		s = open_stack(r);
	}
	p->last_was_frame = true;
	if (f->index >= 0)
		r->priv->next = (unsigned)f->index + 1;
	if (!s || s->n >= FRAMES_MAX || r->arena.total > REPORT_BYTES_MAX)
		return;
	s->frames = grow(&r->arena, s->frames, s->n, 16, sizeof(*s->frames));
	to = &s->frames[s->n++];
	to->function = f->signal_handler ? "<signal handler called>" : keep_opt(r, f->function);
	to->file = keep_opt(r, f->file);
	to->line = f->line;
	to->column = f->column;
	to->module = keep_opt(r, f->module);
	to->build_id = keep_opt(r, f->build_id);
	to->offset = f->offset;
	to->has_offset = f->has_offset && to->module;
	to->address = f->address;
}

/* "==123==" or "==123== " ends at `at`. */
long line_pid(struct strv line, size_t at)
{
	size_t i = at, end;
	struct strv num;
	unsigned digits;
	uint64_t v;

	while (i && line.s[i - 1] == ' ')
		i--;
	if (i < 5 || line.s[i - 1] != '=' || line.s[i - 2] != '=')
		return 0;
	end = i - 2;
	for (i = end; i && line.s[i - 1] >= '0' && line.s[i - 1] <= '9';)
		i--;
	num = strv_sub(line, i, end - i);
	v = scan_dec(&num, &digits);
	return digits && digits < 10 ? (long)v : 0;
}

bool by_sanitizer(const struct crash_report *r)
{
	return r->priv->sanitized;
}
