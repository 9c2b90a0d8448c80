/* Each is compiled once, and so is what lies beside it where it wants a function that the library hasn't. */
#include "base/prelude.h"
#include "survey/adopt.h"
#include "survey/flags.h"
#include "survey/command.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"

#define TARGETS_MAX 10
#define BESIDE_MAX 10
/* of all that is compiled for them */
#define ALL_MS 300000
/* of objects, behind those of the library's units and of what it lacks */
#define FIRST_NUMBER ((size_t)1 << 21)

static const char *const macros[] = { "-D__AFL_FUZZ_INIT()=typedef int t", "-D__AFL_INIT()=(void)0",
	"-D__AFL_LOOP(n)=1", "-D__AFL_FUZZ_TESTCASE_BUF=((unsigned char *)0)",
	"-D__AFL_FUZZ_TESTCASE_LEN=1" };

struct adopting {
	const struct places *p;
	const struct files *t;
	struct survey *out;
	size_t compiled;
	uint64_t until_ms;
};

static bool goes_on(const struct adopting *a)
{
	return !proc_interrupted() && clock_mono_ms() < a->until_ms;
}

/* Compiled as the library is, with what folders of the tree it needs in addition. False: it doesn't compile. */
static bool compile(struct adopting *a, const char *rel, struct unit *u)
{
	struct strlist more = STRLIST_INIT;
	struct buf said = BUF_INIT;
	bool ok;

	*u = (struct unit){ .source = fs_join(a->p->dir, rel), .cxx = command_is_cxx(rel) };
	survey_flags(a->out, u->cxx, &u->flags);
	/* of AFL++'s programs only what they include and call is of interest */
	if (strlist_has(&a->out->afl_programs, rel))
		for (size_t i = 0; i < ARRAY_LEN(macros); i++)
			strlist_add(&u->flags, macros[i]);
	log_progress("compiling %s", rel);
	ok = unit_try(u, a->p, a->t, FIRST_NUMBER + a->compiled++, &more, &said) == 0 &&
	     symbols_read(u->object, false, &u->symbols, NULL) == 0;
	for (size_t i = 0; ok && i < more.n; i++) {
		const char *below = places_below(a->p, more.v[i]);

		if (below)
			strlist_add_once(&a->out->include, below);
	}
	if (!ok)
		log_debug("%s: %s", rel, buf_str(&said));
	strlist_release(&more);
	buf_release(&said);
	return ok;
}

static bool wants_of(const struct survey *s, const struct unit *u, const struct unit *beside)
{
	for (size_t i = 0; i < u->symbols.undefined.n; i++) {
		const char *name = u->symbols.undefined.v[i];

		if (!strlist_has_sorted(&s->functions, name) &&
			strlist_has_sorted(&beside->symbols.defined, name))
			return true;
	}
	return false;
}

static bool is_beside(const char *rel, const char *target)
{
	size_t dir = (size_t)(fs_basename(target) - target);

	return strncmp(rel, target, dir) == 0 && !strchr(rel + dir, '/') && command_is_source(rel);
}

static void take_beside(struct adopting *a, const char *rel, const struct unit *target)
{
	struct unit u;

	if (compile(a, rel, &u) && !strlist_has_sorted(&u.symbols.all, "main") &&
		!strlist_has_sorted(&u.symbols.all, SURVEY_ENTRY) && wants_of(a->out, target, &u)) {
		strlist_add(&a->out->sources, rel);
		strlist_addf(&a->out->notes, "%s is compiled, too, as %s needs it", rel,
			fs_basename(target->source));
	}
	unit_release(&u);
}

static void adopt_one(struct adopting *a, const char *rel)
{
	struct unit u;
	bool ok = compile(a, rel, &u);

	for (size_t i = 0, n = 0; ok && i < a->t->files.n && n < BESIDE_MAX && goes_on(a); i++) {
		const char *other = a->t->files.v[i];

		if (!is_beside(other, rel) || strcmp(other, rel) == 0 ||
			strlist_has(&a->out->fuzz_targets, other) ||
			strlist_has(&a->out->afl_programs, other) ||
			strlist_has(&a->out->sources, other))
			continue;
		n++;
		take_beside(a, other, &u);
	}
	unit_release(&u);
}

void adopt_targets(const struct places *p, const struct files *t, struct survey *out)
{
	struct adopting a = { p, t, out, 0, clock_mono_ms() + ALL_MS };

	for (size_t i = 0; i < out->fuzz_targets.n && i < TARGETS_MAX && goes_on(&a); i++)
		adopt_one(&a, out->fuzz_targets.v[i]);
	for (size_t i = 0; i < out->afl_programs.n && i < TARGETS_MAX && goes_on(&a); i++)
		adopt_one(&a, out->afl_programs.v[i]);
	log_progress_end();
}
