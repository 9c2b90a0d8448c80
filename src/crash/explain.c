/* Why two findings are one bug or two, in words; for `show --why`. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/join_rules.h"
#include "crash/sign.h"

static const struct crash_frame *frame_named(const struct crash_report *r, const char *name)
{
	const struct crash_stack *s = report_fault(r);

	for (size_t i = 0; s && i < s->n; i++)
		if (s->frames[i].name && !strcmp(s->frames[i].name, name))
			return &s->frames[i];
	return NULL;
}

static void add_frame(struct buf *b, const struct crash_report *r, size_t i)
{
	const struct crash_frame *f;

	if (i >= r->n_key) {
		buf_adds(b, "nothing");
		return;
	}
	buf_adds(b, r->key[i]);
	f = frame_named(r, r->key[i]);
	if (f && f->file && f->line)
		buf_addf(b, " (%s:%u)", path_base(strv_of(f->file)).s, f->line);
}

static void explain_kinds(struct buf *b, const struct crash_report *x, const struct crash_report *y)
{
	if (strcmp(x->family, y->family))
		buf_addf(b, "families differ: %s (%s) and %s (%s)\n", x->family, x->kind, y->family,
			y->kind);
	else if (strcmp(x->kind, y->kind))
		buf_addf(b,
			"%s and %s are one family, %s: layout and sanitizer decide between them\n",
			x->kind, y->kind, x->family);
	else
		buf_addf(b, "both are %s, family %s\n", x->kind, x->family);
}

static void explain_frames(struct buf *b, const struct crash_report *x,
	const struct crash_report *y, const struct crash_rules *rules)
{
	size_t n = rules && rules->frames ? rules->frames : 3, i;

	for (i = 0; i < MIN(x->n_key, y->n_key); i++)
		if (strcmp(x->key[i], y->key[i]))
			break;
	if (i == x->n_key && i == y->n_key) {
		buf_addf(b, "all %zu frames are equal\n", i);
		return;
	}
	buf_addf(b, "first frame in which they differ: #%zu, ", i + 1);
	add_frame(b, x, i);
	buf_adds(b, " and ");
	add_frame(b, y, i);
	buf_addf(b, "%s\n", i < n || x->n_cycle ? "" : " (below the place itself)");
}

/* Does one give it and the other seek it? */
static bool meet(enum crash_key_part a, enum crash_key_part b)
{
	return a == CRASH_KEY_SHARES || b == CRASH_KEY_SHARES || a != b;
}

static const struct crash_key *common_key(const struct crash_site *x, const struct crash_site *y)
{
	for (size_t i = 0; i < x->n_keys; i++)
		for (size_t k = 0; k < y->n_keys; k++)
			if (!strcmp(x->keys[i].id, y->keys[k].id) &&
				meet(x->keys[i].part, y->keys[k].part))
				return &x->keys[i];
	return NULL;
}

static void explain_join(struct buf *b, const struct crash_site *x, const struct crash_site *y,
	const struct crash_key *key)
{
	const struct join_rule *rule = key ? join_rule_named(key->rule) : NULL;

	if (!strcmp(x->id, y->id))
		buf_adds(b, "one site: the same failure at the same place\n");
	else if (key)
		buf_addf(b, "two sites of one bug by the rule \"%s\": %s\n  both: %s\n", key->rule,
			rule ? rule->reason : "", key->text);
	else
		buf_addf(b, "two bugs by the rules of version %d: none joins them\n",
			CRASH_RULE_VERSION);
}

void crash_explain(struct buf *b, const struct crash_report *x, const struct crash_report *y,
	const struct crash_rules *rules)
{
	struct crash_site *sx = crash_site_new(x, rules), *sy = crash_site_new(y, rules);
	const struct crash_key *key = common_key(sx, sy);

	explain_join(b, sx, sy, key);
	explain_kinds(b, x, y);
	if (x->message && y->message && !strcmp(x->family, y->family) &&
		strcmp(x->message, y->message) && !strcmp(x->family, "assertion"))
		buf_addf(b, "messages: \"%s\" and \"%s\"\n", x->message, y->message);
	explain_frames(b, x, y, rules);
	buf_addf(b, "site: %s\n", sx->text);
	if (strcmp(sx->id, sy->id))
		buf_addf(b, " and: %s\n", sy->text);
	if (!key)
		buf_addf(b, "similarity %.2f (related from %.2f)\n", crash_similarity(x, y),
			CRASH_RELATED);
	crash_site_free(sx);
	crash_site_free(sy);
}
