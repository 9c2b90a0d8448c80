/* A bug is signed by the first key of its site; the others, and the site itself, are for who files it. */
#include "base/prelude.h"
#include "crash/sign.h"
#include "base/mem.h"

void crash_sign(
	const struct crash_report *r, const struct crash_rules *rules, struct crash_signature *out)
{
	out->site = crash_site_new(r, rules);
	memcpy(out->id, out->site->keys[0].id, sizeof(out->id));
	out->text = xstrdup(out->site->keys[0].text);
	out->rule = CRASH_RULE_VERSION;
}

struct crash_signature crash_signature_take(struct crash_signature *s)
{
	struct crash_signature taken = *s;

	s->text = NULL;
	s->site = NULL;
	return taken;
}

void crash_signature_release(struct crash_signature *s)
{
	free(s->text);
	crash_site_free(s->site);
	s->text = NULL;
	s->site = NULL;
}
