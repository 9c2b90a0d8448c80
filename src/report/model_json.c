/* Keys are only ever added: one that changes what it means makes a new version. */
#include "base/prelude.h"
#include "report/model_json.h"
#include "base/clock.h"
#include "report/bug_json.h"

static void add_time(cJSON *o, const char *name, uint64_t ms)
{
	char iso[CLOCK_ISO_LEN];

	clock_iso(ms, iso);
	cJSON_AddItemToObject(o, name, ms ? cJSON_CreateString(iso) : cJSON_CreateNull());
}

static void add_number(cJSON *o, const char *name, uint64_t n)
{
	cJSON_AddNumberToObject(o, name, (double)n);
}

static void add_lines(cJSON *o, const char *name, const struct model_lines *l)
{
	cJSON *list = cJSON_AddArrayToObject(o, name);

	for (size_t i = 0; i < l->n; i++) {
		cJSON *one = cJSON_CreateObject();

		cJSON_AddStringToObject(one, "level", model_level_name(l->v[i].level));
		cJSON_AddItemToObject(one, "about", json_text(l->v[i].about));
		cJSON_AddItemToObject(one, "text", json_text(l->v[i].text));
		cJSON_AddItemToObject(one, "command", json_text(l->v[i].command));
		cJSON_AddItemToArray(list, one);
	}
}

static void add_campaigns(cJSON *o, const struct model *m)
{
	cJSON *list = cJSON_AddArrayToObject(o, "campaigns");

	for (size_t i = 0; i < m->n_campaigns; i++) {
		const struct model_campaign *c = &m->campaigns[i];
		cJSON *one = cJSON_CreateObject();

		add_number(one, "campaign", (uint64_t)c->rec.id);
		add_time(one, "started", c->rec.started_ms);
		add_time(one, "ended", c->rec.ended_ms);
		cJSON_AddNumberToObject(one, "budget_s", (double)c->rec.budget_ms / 1000);
		cJSON_AddNumberToObject(one, "spent_s", (double)c->rec.spent_ms / 1000);
		add_number(one, "execs", c->execs);
		add_number(one, "new_bugs", c->new_bugs);
		cJSON_AddItemToArray(list, one);
	}
}

static cJSON *point_json(const struct model_point *p)
{
	cJSON *o = cJSON_CreateObject();

	add_number(o, "campaign", (uint64_t)p->campaign);
	add_time(o, "started", p->when_ms);
	add_number(o, "execs", p->execs);
	add_number(o, "crashes", p->crashes);
	add_number(o, "new_bugs", p->new_bugs);
	cJSON_AddBoolToObject(o, "measured", p->features > 0);
	add_number(o, "inputs", p->inputs);
	add_number(o, "bytes", p->bytes);
	add_number(o, "features", p->features);
	add_number(o, "functions", p->functions);
	add_number(o, "places", p->lines);
	add_number(o, "rejected", p->rejected);
	cJSON_AddNumberToObject(o, "execs_per_s", p->execs_per_s);
	return o;
}

/* null where nobody looked. */
static void add_health(cJSON *o, const struct look_rec *look)
{
	cJSON *one, *list;

	if (!look->when_ms) {
		cJSON_AddNullToObject(o, "health");
		return;
	}
	one = cJSON_AddObjectToObject(o, "health");
	cJSON_AddStringToObject(one, "verdict", look_level_name(look_rec_level(look)));
	add_time(one, "when", look->when_ms);
	list = cJSON_AddArrayToObject(one, "findings");
	for (size_t i = 0; i < look->n; i++) {
		cJSON *f = cJSON_CreateObject();

		cJSON_AddItemToObject(f, "rule", json_text(look->v[i].rule));
		cJSON_AddStringToObject(f, "severity", look_level_name(look->v[i].level));
		cJSON_AddItemToObject(f, "cause", json_text(look->v[i].cause));
		cJSON_AddItemToObject(f, "mend", json_text(look->v[i].mend));
		cJSON_AddItemToArray(list, f);
	}
}

static void add_verdicts(cJSON *o, const struct model_harness *h)
{
	cJSON *list = cJSON_AddArrayToObject(o, "verdicts");

	for (size_t i = 0; i < h->n_verdicts; i++) {
		const struct verdict_rec *v = &h->verdicts[i];
		cJSON *one = cJSON_CreateObject();

		cJSON_AddItemToObject(one, "of", json_text(v->source));
		add_time(one, "when", v->when_ms);
		add_number(one, "accepted", v->accepted);
		add_number(one, "rejected", v->rejected);
		add_number(one, "gave_up", v->gave_up);
		add_number(one, "failed", v->failed);
		add_number(one, "slow", v->slow);
		add_number(one, "not_run", v->not_run);
		cJSON_AddItemToArray(list, one);
	}
}

static void add_harnesses(cJSON *o, const struct model *m)
{
	cJSON *list = cJSON_AddArrayToObject(o, "harnesses");

	for (size_t i = 0; i < m->n_harnesses; i++) {
		const struct model_harness *h = &m->harnesses[i];
		cJSON *one = cJSON_CreateObject(), *sub;

		cJSON_AddItemToObject(one, "harness", json_text(h->name));
		add_number(one, "open_bugs", h->open_bugs);
		add_health(one, &h->look);
		add_verdicts(one, h);
		sub = cJSON_AddArrayToObject(one, "engines");
		for (size_t k = 0; k < h->n_engines; k++) {
			cJSON *e = cJSON_CreateObject();

			cJSON_AddItemToObject(e, "engine", json_text(h->engines[k].engine));
			add_number(e, "execs", h->engines[k].execs);
			cJSON_AddNumberToObject(e, "seconds", (double)h->engines[k].wall_ms / 1000);
			add_number(e, "crashes", h->engines[k].crashes);
			cJSON_AddItemToArray(sub, e);
		}
		sub = cJSON_AddArrayToObject(one, "lost");
		for (size_t k = 0; k < h->n_losses; k++) {
			cJSON *l = cJSON_CreateObject();

			cJSON_AddItemToObject(l, "function", json_text(h->losses[k].function));
			cJSON_AddItemToObject(l, "file", json_text(h->losses[k].file));
			add_number(l, "line", h->losses[k].line);
			add_time(l, "since", h->losses[k].when_ms);
			cJSON_AddItemToArray(sub, l);
		}
		sub = cJSON_AddArrayToObject(one, "campaigns");
		for (size_t k = 0; k < h->n_points; k++)
			cJSON_AddItemToArray(sub, point_json(&h->points[k]));
		cJSON_AddItemToArray(list, one);
	}
}

static void add_bugs(cJSON *o, const struct model *m)
{
	cJSON *list = cJSON_AddArrayToObject(o, "bugs");

	for (size_t i = 0; i < m->n_bugs; i++) {
		const struct model_bug *b = &m->bugs[i];
		cJSON *one = bug_json(&b->rec);

		cJSON_AddItemToObject(one, "news",
			b->news == MODEL_OLD ? cJSON_CreateNull()
					     : cJSON_CreateString(model_news_name(b->news)));
		add_time(one, "fixed", b->fixed_ms);
		add_time(one, "regressed", b->regressed_ms);
		cJSON_AddItemToArray(list, one);
	}
}

cJSON *model_json_brief(const struct model *m)
{
	cJSON *o = cJSON_CreateObject(), *counts;

	cJSON_AddNumberToObject(o, "version", MODEL_JSON_VERSION);
	cJSON_AddItemToObject(o, "project", json_text(m->project));
	add_time(o, "made", m->now_ms);
	add_time(o, "since", m->since_ms);
	cJSON_AddStringToObject(o, "level", model_level_name(model_level(m)));
	counts = cJSON_AddObjectToObject(o, "counts");
	for (int i = 0; i <= BUG_IGNORED; i++)
		add_number(counts, bug_state_name((enum bug_state)i), m->states[i]);
	counts = cJSON_AddObjectToObject(o, "news");
	for (int i = MODEL_NEW; i <= MODEL_FIXED; i++)
		add_number(counts, model_news_name((enum model_news)i), m->news[i]);
	add_number(o, "unfiled_findings", m->unfiled);
	add_lines(o, "alive", &m->alive);
	add_lines(o, "worse", &m->worse);
	add_lines(o, "todo", &m->todo);
	return o;
}

cJSON *model_json(const struct model *m)
{
	cJSON *o = model_json_brief(m);

	add_campaigns(o, m);
	add_harnesses(o, m);
	add_bugs(o, m);
	return o;
}
