/*
 * What makes one bug of several sites. Each row gives a site keys; two sites that share one are one bug. Rows are asked
 * in order, up to the first that has something to say: its first key is the bug's name, so that the same bug gets the
 * same name on every machine. Joining too much masks nothing, since each site keeps its own reproducer and test; what a
 * row must not do is join by chance, so each names a cause.
 *
 * Changing a row changes names: raise CRASH_RULE_VERSION, and see what tests/data has to say of it.
 */
#include "base/prelude.h"
#include "crash/join_rules.h"
#include "base/buf.h"
#include "base/hash.h"
#include "crash/fault.h"
#include "crash/internal.h"
#include "crash/place.h"
#include "crash/sign.h"
#include <inttypes.h>

static void give(struct crash_site *s, const struct join_rule *rule, enum crash_key_part part,
	struct buf *text)
{
	struct crash_key *k;
	char hex[SHA256_HEX];

	hash_sha256(buf_str(text), text->len, hex);
	for (size_t i = 0; i < s->n_keys; i++)
		if (!memcmp(s->keys[i].id, hex, 16) &&
			(s->keys[i].part == CRASH_KEY_SHARES || s->keys[i].part == part))
			goto out;
	if (s->n_keys < CRASH_KEYS_MAX) {
		k = &s->keys[s->n_keys++];
		memcpy(k->id, hex, 16);
		k->text = arena_strndup(&s->arena, text->s, text->len);
		k->rule = rule->name;
		k->part = part;
	}
out:
	buf_release(text);
}

_Static_assert(CRASH_RULE_VERSION < 10, "one digit");

static void begin(struct buf *b, const char *what)
{
	*b = (struct buf)BUF_INIT;
	buf_addch(b, 'v');
	buf_addch(b, '0' + CRASH_RULE_VERSION);
	buf_adds2(b, " ", what);
}

static const struct crash_place *culprit(const struct crash_site *s)
{
	return s->from.function ? &s->from : &s->at;
}

/* Any member, as mutual recursion takes now one way and now the other; one limit of depth ends them all. */
static bool by_cycle(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	struct buf b;

	(void)rules;
	for (size_t i = 0; i < r->n_key; i++) {
		begin(&b, "recursion of ");
		buf_adds(&b, r->key[i]);
		give(s, self, CRASH_KEY_SHARES, &b);
	}
	return r->n_key > 0;
}

static bool by_message(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	struct buf b;

	(void)rules;
	if (!r->message)
		return false;
	begin(&b, r->family);
	place_add_message(&b, r);
	if (culprit(s)->function)
		buf_adds2(&b, " in ", culprit(s)->function);
	else if (r->n_key)
		buf_adds2(&b, " in ", r->key[0]);
	give(s, self, CRASH_KEY_SHARES, &b);
	return true;
}

static bool by_race(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	struct buf b;

	(void)rules;
	if (!r->n_key)
		return false;
	begin(&b, "race of ");
	for (size_t i = 0; i < MIN(r->n_key, (size_t)2); i++)
		buf_adds2(&b, i ? " and " : "", r->key[i]);
	give(s, self, CRASH_KEY_SHARES, &b);
	return true;
}

/* How far a loop may be above what it calls, where one look tells; what takes memory bit by bit is seen anywhere below. */
enum { NEAR = 3, FAR = 8 };

static void give_frames(struct crash_site *s, const struct crash_report *r,
	const struct join_rule *self, const char *words, size_t max, enum crash_key_part part)
{
	struct buf b;

	for (size_t i = 0; i < MIN(r->n_key, max); i++) {
		begin(&b, words);
		buf_adds(&b, r->key[i]);
		give(s, self, part, &b);
	}
}

/*
 * The innermost function that all looks at a hang are in holds the loop; where all met the same callee of it, it seems to
 * be that one.
 */
static bool by_loop(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	(void)rules;
	if (!r->n_key)
		return false;
	give_frames(s, r, self, "loop in ", 1, CRASH_KEY_SHARES);
	give_frames(s, r, self, "loop below ", 1, CRASH_KEY_SEEKS);
	give_frames(s, r, self, "memory taken below ", 1, CRASH_KEY_SEEKS);
	give_frames(s, r, self, "memory asked for below ", 1, CRASH_KEY_SEEKS);
	give_frames(s, r, self, "loop in ", NEAR, CRASH_KEY_SEEKS);
	give_frames(s, r, self, "loop below ", NEAR, CRASH_KEY_GIVES);
	return true;
}

/*
 * A loop that takes memory ends now by the clock and now by the limit. Taken bit by bit, the limit is noticed anywhere
 * below the loop, so that all frames but the entry to everything are the same bug's. One block that is larger than all
 * memory is asked for at one place: what else that place's callers call has nothing to do with it.
 */
static bool by_memory(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	const char *function = culprit(s)->function ? culprit(s)->function
			       : r->n_key           ? r->key[0]
						    : NULL;
	size_t far = MIN(r->n_key > NEAR ? r->n_key - 1 : r->n_key, (size_t)FAR);
	struct buf b;

	(void)rules;
	if (!function)
		return false;
	begin(&b, "memory taken in ");
	buf_adds(&b, function);
	give(s, self, CRASH_KEY_SHARES, &b);
	if (r->gradual)
		give_frames(s, r, self, "memory taken below ", far, CRASH_KEY_SHARES);
	else
		give_frames(s, r, self, "memory asked for below ", NEAR, CRASH_KEY_GIVES);
	give_frames(s, r, self, "loop in ", r->gradual ? far : NEAR, CRASH_KEY_SEEKS);
	return true;
}

static bool by_other(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	struct buf b;

	(void)rules;
	if (!s->other.function)
		return false;
	begin(&b, r->family);
	buf_addf(&b, " %s ", s->other_role);
	place_add(&b, &s->other);
	give(s, self, CRASH_KEY_SHARES, &b);
	return true;
}

static bool by_function(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	const struct crash_place *p = culprit(s);
	struct buf b;

	(void)rules;
	if (!p->function || (p->harness && p->statement))
		return false;
	begin(&b, r->family);
	buf_adds2(&b, " in ", p->function);
	give(s, self, CRASH_KEY_SHARES, &b);
	return true;
}

static bool by_statement(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	const struct crash_place *p = culprit(s);
	struct buf b;

	(void)rules;
	if (!p->function || !p->statement)
		return false;
	begin(&b, r->family);
	buf_adds(&b, " at ");
	place_add(&b, p);
	give(s, self, CRASH_KEY_SHARES, &b);
	return true;
}

static bool by_frames(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	size_t n = rules && rules->frames ? rules->frames : 3;
	struct buf b;

	if (!r->n_key)
		return false;
	begin(&b, r->family);
	for (size_t i = 0; i < MIN(n, r->n_key); i++)
		buf_adds2(&b, i ? "|" : " on ", r->key[i]);
	give(s, self, CRASH_KEY_SHARES, &b);
	return true;
}

static bool by_offset(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	const struct crash_stack *st = crash_fault_stack(r);
	struct buf b;

	for (size_t i = 0; st && i < st->n; i++) {
		const struct crash_frame *f = &st->frames[i];

		if (!f->module || !f->has_offset)
			continue;
		begin(&b, r->kind);
		buf_addf(&b, " of %s at %s+0x%" PRIx64,
			rules && rules->harness ? rules->harness : "",
			f->build_id ? f->build_id : path_base(strv_of(f->module)).s, f->offset);
		give(s, self, CRASH_KEY_SHARES, &b);
		return true;
	}
	return false;
}

/* Somebody meant it to end so, which is all that there is to tell: of each input a bug of its own would be made. */
static bool is_meant(const struct crash_report *r)
{
	return !strcmp(r->kind, "unexpected-exit") || !strcmp(r->kind, "killed") ||
	       !strcmp(r->kind, "deadly-signal");
}

static bool by_input(struct crash_site *s, const struct crash_report *r,
	const struct crash_rules *rules, const struct join_rule *self)
{
	struct strv message = strv_of(r->message);
	struct buf b;

	begin(&b, "@");
	buf_addf(&b, "%s %s %s", r->kind, rules && rules->harness ? rules->harness : "",
		rules && rules->unique && !is_meant(r) ? rules->unique : "");
	if (!strcmp(r->kind, "deadly-signal") ? strv_starts(message, CRASH_KILLED_BY)
					      : strv_starts(message, CRASH_EXIT_STATUS))
		buf_adds2(&b, " ", r->message);
	give(s, self, CRASH_KEY_SHARES, &b);
	return true;
}

static const struct join_rule join_rules[] = {
	{ "cycle", "recursions that share a function end by one limit", " stack-overflow ",
		by_cycle, false },
	{ "message", "one assertion, check or exception in one function",
		" assertion exception loader ", by_message, false },
	{ "race", "the same two functions without order", " race ", by_race, false },
	{ "loop", "one function that doesn't end", " timeout ", by_loop, false },
	{ "memory", "one function that takes the memory, or a loop around it", " oom ", by_memory,
		false },
	{ "free", "uses of one dangling pointer: freed by the same statement", " lifetime ",
		by_other, true },
	{ "origin", "uses of one unset value: made by the same statement", " uninit ", by_other,
		true },
	{ "function", "neighbours that one wrong size, pointer or value reaches in a function",
		" bounds null uninit leak heap ", by_function, false },
	{ "statement", "the same failure of the same statement, whoever calls it", NULL,
		by_statement, false },
	{ "frames", "the same failure under the same functions, where the source isn't known", NULL,
		by_frames, false },
	{ "offset", "the same failure of the same instruction, where nothing is named", NULL,
		by_offset, false },
	{ "input", "the same input, or the same way to end, where nothing is known of the place",
		NULL, by_input, false },
};

void join_keys(struct crash_site *s, const struct crash_report *r, const struct crash_rules *rules)
{
	for (size_t i = 0; i < ARRAY_LEN(join_rules); i++) {
		const struct join_rule *row = &join_rules[i];

		if (place_family_in(row->families, r->family) && row->add(s, r, rules, row) &&
			!row->goes_on)
			return;
	}
}

const struct join_rule *join_rule_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(join_rules); i++)
		if (!strcmp(join_rules[i].name, name))
			return &join_rules[i];
	return NULL;
}
