/* What all formats need of the model, and its end. */
#include "base/prelude.h"
#include "report/model.h"
#include "base/again.h"
#include "base/mem.h"

#define PLACE_FRAMES 3

const char *model_level_name(enum model_level l)
{
	static const char *const names[] = { "good", "warning", "bad" };

	return names[l];
}

const char *model_news_name(enum model_news n)
{
	static const char *const names[] = { "", "new", "regressed", "fixed" };

	return names[n];
}

void model_lines_add(struct model_lines *l, enum model_level level, const char *about,
	const char *command, const char *fmt, ...)
{
	struct buf text = BUF_INIT, line = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&text, fmt, ap);
	va_end(ap);
	if (command)
		again_add(&line, "%s", command);
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = (struct model_line){ level, xstrdup(about), buf_detach(&text),
		command ? buf_detach(&line) : NULL };
}

void model_lines_copy(struct model_lines *l, const struct model_line *from)
{
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = (struct model_line){ from->level, xstrdup(from->about), xstrdup(from->text),
		from->command ? xstrdup(from->command) : NULL };
}

bool model_bug_is_open(const struct bug_rec *b)
{
	return b->state == BUG_OPEN || b->state == BUG_REGRESSED || b->state == BUG_FLAKY;
}

void model_add_place(struct buf *b, const struct bug_rec *rec)
{
	struct strv rest = strv_of(rec->frames ? rec->frames : ""), part;
	int frames = 0;

	for (; frames < PLACE_FRAMES && strv_split(&rest, '|', &part); frames++) {
		buf_adds(b, frames ? " < " : "");
		buf_addv(b, part);
	}
	if (!frames)
		buf_adds(b, rec->title ? rec->title : "");
}

struct model_harness *model_harness_of(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->n_harnesses; i++)
		if (strcmp(m->harnesses[i].name, name) == 0)
			return &m->harnesses[i];
	return NULL;
}

void model_add_state(struct buf *out, const struct model_bug *b)
{
	buf_adds2(out, bug_state_name(b->rec.state), b->news == MODEL_NEW ? ", new" : "");
}

enum model_level model_level(const struct model *m)
{
	const struct model_lines *all[] = { &m->alive, &m->worse, &m->todo };
	enum model_level worst = MODEL_GOOD;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		for (size_t k = 0; k < all[i]->n; k++)
			worst = MAX(worst, all[i]->v[k].level);
	return worst;
}

/* --- releasing --- */

void model_lines_release(struct model_lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].about);
		free(l->v[i].text);
		free(l->v[i].command);
	}
	free(l->v);
	*l = (struct model_lines){ .v = NULL };
}

static void release_harness(struct model_harness *h)
{
	free(h->name);
	free(h->points);
	for (size_t i = 0; i < h->n_engines; i++)
		stat_rec_release(&h->engines[i]);
	free(h->engines);
	for (size_t i = 0; i < h->n_losses; i++)
		loss_rec_release(&h->losses[i]);
	free(h->losses);
	look_rec_release(&h->look);
	for (size_t i = 0; i < h->n_verdicts; i++)
		verdict_rec_release(&h->verdicts[i]);
	free(h->verdicts);
}

void model_release(struct model *m)
{
	free(m->project);
	model_lines_release(&m->alive);
	model_lines_release(&m->worse);
	model_lines_release(&m->todo);
	for (size_t i = 0; i < m->n_campaigns; i++)
		campaign_rec_release(&m->campaigns[i].rec);
	free(m->campaigns);
	for (size_t i = 0; i < m->n_harnesses; i++)
		release_harness(&m->harnesses[i]);
	free(m->harnesses);
	for (size_t i = 0; i < m->n_bugs; i++)
		bug_rec_release(&m->bugs[i].rec);
	free(m->bugs);
	*m = (struct model){ .project = NULL };
}
