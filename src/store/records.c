/* The ends of records, and the words for their states. */
#include "base/prelude.h"
#include "store/records.h"

static const char *const bug_states[] = {
	[BUG_OPEN] = "open",
	[BUG_FIXED] = "fixed",
	[BUG_REGRESSED] = "regressed",
	[BUG_FLAKY] = "flaky",
	[BUG_IGNORED] = "ignored",
};

const char *bug_state_name(enum bug_state s)
{
	if ((size_t)s >= ARRAY_LEN(bug_states))
		BUG("bug state %d", (int)s);
	return bug_states[s];
}

int bug_state_parse(const char *s, enum bug_state *out)
{
	for (size_t i = 0; i < ARRAY_LEN(bug_states); i++) {
		if (strcmp(s, bug_states[i]) == 0) {
			*out = (enum bug_state)i;
			return 0;
		}
	}
	return -1;
}

void campaign_rec_release(struct campaign_rec *r)
{
	free(r->harnesses);
	*r = (struct campaign_rec){ 0 };
}

void job_rec_release(struct job_rec *r)
{
	free(r->kind);
	free(r->harness);
	free(r->key);
	free(r->payload);
	free(r->owner);
	free(r->error);
	*r = (struct job_rec){ 0 };
}

void finding_rec_release(struct finding_rec *r)
{
	free(r->harness);
	free(r->variant);
	free(r->origin);
	free(r->input);
	free(r->note);
	free(r->bug);
	free(r->signature);
	free(r->sig_text);
	free(r->kind);
	free(r->text);
	free(r->site);
	free(r->places);
	*r = (struct finding_rec){ 0 };
}

void bug_rec_release(struct bug_rec *r)
{
	free(r->id);
	free(r->signature);
	free(r->sig_text);
	free(r->harness);
	free(r->kind);
	free(r->family);
	free(r->title);
	free(r->why);
	free(r->frames);
	free(r->input);
	free(r->variant);
	free(r->kinds);
	*r = (struct bug_rec){ 0 };
}

void stat_rec_release(struct stat_rec *r)
{
	free(r->harness);
	free(r->engine);
	*r = (struct stat_rec){ 0 };
}

void event_rec_release(struct event_rec *r)
{
	free(r->kind);
	free(r->text);
	*r = (struct event_rec){ 0 };
}

void site_rec_release(struct site_rec *r)
{
	free(r->id);
	free(r->bug);
	free(r->home);
	free(r->text);
	free(r->harness);
	free(r->kind);
	free(r->family);
	free(r->title);
	free(r->frames);
	free(r->input);
	free(r->variant);
	*r = (struct site_rec){ 0 };
}
