/* Failures that the change brings, each once: what all kinds of looking add to. */
#include "base/prelude.h"
#include "change/internal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/inputs.h"

#define FILE_MAX ((uint64_t)1 << 30)

uint64_t change_left(const struct changing *c)
{
	uint64_t spent = clock_mono_ms() - c->start_ms;

	return c->opts->time_ms - MIN(spent, c->opts->time_ms);
}

const struct config_harness *change_base_of(const struct changing *c, const struct change_one *one)
{
	return config_harness(c->base.p->cfg, one->h->name);
}

/* Named by what it fails with, so that the same bug is one file. */
static char *keep_input(const struct changing *c, const char *harness, const char *path)
{
	char *dir = c->opts->keep ? fs_join(c->opts->keep, harness) : NULL, *to = NULL;
	char sha1[SHA1_HEX];
	struct buf b = BUF_INIT;

	if (dir && fs_is_file(path) && fs_read(path, FILE_MAX, &b, NULL) == 0 &&
		fs_mkdirs(dir, NULL) == 0 &&
		inputs_put(dir, buf_str(&b), b.len, sha1, NULL, NULL) == 0)
		to = inputs_path(dir, sha1);
	buf_release(&b);
	free(dir);
	return to;
}

void change_failed(struct changing *c, const struct change_one *one, const char *by,
	const char *input, struct triage *t_take, const char *title, const char *signature)
{
	struct change_result *out = c->out;
	struct change_failure *f;
	char *kept;

	if (t_take && t_take->report) {
		title = t_take->report->summary;
		signature = t_take->sig.id;
	}
	for (size_t i = 0; signature && *signature && i < out->n_failures; i++)
		if (strcmp(out->failures[i].harness, one->h->name) == 0 &&
			strcmp(out->failures[i].signature, signature) == 0)
			return;
	kept = keep_input(c, one->h->name, input);
	GROW(out->failures, out->n_failures, out->cap_failures);
	f = &out->failures[out->n_failures++];
	*f = (struct change_failure){ .harness = one->h->name,
		.by = by,
		.input = kept ? kept : xstrdup(input),
		.title = xstrdup(title ? title : "it fails"),
		.signature = xstrdup(signature ? signature : "") };
	if (t_take) {
		f->kind = t_take->report ? xstrdup(t_take->report->kind) : NULL;
		f->t = *t_take;
		*t_take = (struct triage)TRIAGE_INIT;
	}
}
