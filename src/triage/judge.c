/* What a run gave -> report -> names -> signature. */
#include "base/prelude.h"
#include "triage/judge.h"
#include "base/hash.h"
#include "triage/places.h"

void triage_release(struct triage *t)
{
	crash_report_free(t->report);
	crash_signature_release(&t->sig);
	buf_release(&t->text);
	buf_release(&t->places);
	*t = (struct triage)TRIAGE_INIT;
}

bool triage_failed(enum target_outcome o)
{
	return o != TARGET_OK && o != TARGET_REJECTED && o != TARGET_ERROR;
}

void triage_judge(
	struct project *p, const char *harness, const struct target_result *r, struct triage *t)
{
	struct crash_rules rules = project_rules(p, harness);
	struct places places = { .kept = t->kept,
		.ask = rules.statement,
		.ask_arg = rules.statement_arg,
		.noted = BUF_INIT };
	char sha1[SHA1_HEX];

	/* one that needs its predecessors: what it showed behind them, as it passes alone */
	t->outcome = r->stateful ? r->batch_outcome : r->outcome;
	t->stateful = t->stateful || r->stateful;
	crash_report_free(t->report);
	crash_signature_release(&t->sig);
	t->report = NULL;
	if (!triage_failed(t->outcome))
		return;
	t->report = crash_parse_ended(r->text);
	if (!r->stateful)
		crash_report_add_status(t->report, r->sig, r->exit_code);
	crash_resolve(t->report, project_resolve, p);
	rules.statement = places_statement;
	rules.statement_arg = &places;
	if (t->input) {
		hash_sha1(t->input, t->len, sha1);
		rules.unique = sha1;
	}
	crash_finish(t->report, &rules);
	crash_sign(t->report, &rules, &t->sig);
	buf_release(&t->places);
	t->places = places.noted;
}
