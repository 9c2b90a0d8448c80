/* Why two findings are one bug or two, in words; for `show --why`. */
#include "base/prelude.h"
#include "crash/internal.h"

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
	buf_addf(b, "%s\n", i < n || x->n_cycle ? "" : " (below the frames that are signed)");
}

void crash_explain(struct buf *b, const struct crash_report *x, const struct crash_report *y,
	const struct crash_rules *rules)
{
	struct crash_signature sx, sy;
	bool one;

	crash_sign(x, rules, &sx);
	crash_sign(y, rules, &sy);
	one = !strcmp(sx.id, sy.id);
	buf_addf(b, "%s by signature rule %d\n", one ? "one bug" : "two bugs", CRASH_RULE_VERSION);
	explain_kinds(b, x, y);
	if (x->message && y->message && !strcmp(x->family, y->family) &&
		strcmp(x->message, y->message) && !strcmp(x->family, "assertion"))
		buf_addf(b, "messages: \"%s\" and \"%s\"\n", x->message, y->message);
	explain_frames(b, x, y, rules);
	buf_addf(b, "signed: %s\n", sx.text);
	if (!one)
		buf_addf(b, "   and: %s\nsimilarity %.2f (related from %.2f)\n", sy.text,
			crash_similarity(x, y), CRASH_RELATED);
	crash_signature_release(&sx);
	crash_signature_release(&sy);
}
