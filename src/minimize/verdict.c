/*
 * What a run showed: its identity, kept by the key of its text, compared with what is looked for; what failed in
 * another way is handed on.
 */
#include "base/prelude.h"
#include "minimize/internal.h"
#include "base/hash.h"
#include "base/mem.h"
#include "minimize/text_key.h"

#define HANGS_SEEN \
	2 /* candidates that are given the full limit to see whether they hang: a bug of its own */
#define MAX_VERDICTS 100000
#define LEAKS_MET \
	20 /* then what leaks there are is known, and each search for them costs as much as a crash */

static char *identity_of(const struct bug_oracle *o, const struct crash_report *r, const char *id)
{
	switch (o->spec->same) {
	case SAME_SIGNATURE:
		return xstrdup(id);
	case SAME_KIND_TOP_FRAME:
		return xasprintf("%s|%s", r->kind, r->n_frames ? r->frames[0] : "");
	case SAME_ANY:
		break;
	}
	return xstrdup("any");
}

const struct verdict *oracle_verdict(
	struct bug_oracle *o, const struct target_result *r, struct crash_signature *sig)
{
	uint64_t key = text_key(HASH_FNV_INIT, r->text);
	int status[3] = { (int)r->outcome, r->sig, r->exit_code };
	struct crash_signature s = { .text = NULL };
	struct crash_report *rep;
	struct verdict *v = NULL;

	key = hash_fnv(key, status, sizeof(status));
	HASH_FIND(hh, o->verdicts, &key, sizeof(key), v);
	if (v && !sig)
		return v;
	rep = crash_parse(r->text);
	crash_report_add_status(rep, r->sig, r->exit_code);
	if (o->spec->resolve)
		crash_resolve(rep, o->spec->resolve, o->spec->resolve_arg);
	crash_finish(rep, o->spec->rules);
	crash_sign(rep, o->spec->rules, &s);
	if (!v) {
		v = xcalloc(1, sizeof(*v));
		v->key = key;
		memcpy(v->id, s.site->id, sizeof(v->id));
		v->identity = identity_of(o, rep, s.site->id);
		v->severity = rep->severity;
		v->family = rep->family;
		v->told = !crash_site_cannot_tell(rep);
		v->overflow = !strcmp(rep->kind, "stack-overflow");
		HASH_ADD(hh, o->verdicts, key, sizeof(v->key), v);
	}
	crash_report_free(rep);
	if (sig)
		*sig = s;
	else
		crash_signature_release(&s);
	return v;
}

void oracle_forget(struct bug_oracle *o)
{
	struct verdict *v, *next;

	HASH_ITER(hh, o->verdicts, v, next)
	{
		HASH_DEL(o->verdicts, v);
		free(v->identity);
		free(v);
	}
}

void oracle_hand_on(struct bug_oracle *o, const struct verdict *v, const void *input, size_t len,
	const struct target_result *r)
{
	if (strlist_has(&o->others, v->id) ||
		(o->signature.text && !strcmp(v->id, o->signature.site->id)))
		return;
	strlist_add(&o->others, v->id);
	if (o->spec->other)
		o->spec->other(o->spec->arg, input, len, r);
}

/* It was cut short: whether it hangs is seen later. */
static void keep_hang(struct bug_oracle *o, const void *input, size_t len)
{
	if (o->has_hang || o->hangs_seen >= HANGS_SEEN)
		return;
	buf_reset(&o->hang);
	buf_add(&o->hang, input, len);
	o->has_hang = true;
}

enum shows oracle_shows(
	struct bug_oracle *o, const void *input, size_t len, const struct target_result *r)
{
	const struct verdict *v;

	if (o->check)
		return r->outcome == TARGET_OK && r->exit_code == 0 && r->sig == 0 ? SHOWS_IT
										   : SHOWS_NOT;
	if (!oracle_failed(r->outcome))
		return SHOWS_NOT;
	if (o->quick && r->outcome == TARGET_TIMEOUT && o->outcome != TARGET_TIMEOUT) {
		keep_hang(o, input, len);
		return SHOWS_NOT;
	}
	if (r->outcome == TARGET_LEAK && o->outcome != TARGET_LEAK && o->spec->same != SAME_ANY &&
		++o->leaks_met == LEAKS_MET)
		target_set_leaks(o->target, false);
	if (HASH_COUNT(o->verdicts) > MAX_VERDICTS)
		oracle_forget(o);
	v = oracle_verdict(o, r, NULL);
	if (!v->told && o->told && !strcmp(v->family, o->family))
		return SHOWS_CANNOT_TELL;
	oracle_hand_on(o, v, input, len, r);
	return o->want && !strcmp(v->identity, o->want) && v->severity >= o->severity ? SHOWS_IT
										      : SHOWS_NOT;
}
