/* Failures that the change brings, each once: what all kinds of looking add to. */
#include "base/prelude.h"
#include "change/internal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
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

/* Out of the temporary folder, by its content. NULL: it couldn't be. */
static char *keep_input(const struct changing *c, const char *harness, const char *path)
{
	char *state = fs_join(c->p->state_dir, "change"), *to = NULL;
	char *dir = fs_join(c->opts->keep ? c->opts->keep : state, harness);
	char sha1[SHA1_HEX];
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	if (fs_read(path, FILE_MAX, &b, &err) == 0 && fs_mkdirs(dir, &err) == 0 &&
		inputs_put(dir, buf_str(&b), b.len, sha1, NULL, &err) == 0)
		to = inputs_path(dir, sha1);
	else
		log_warn("a failing input isn't kept: %s", err.msg);
	buf_release(&b);
	free(dir);
	free(state);
	return to;
}

void change_failed(struct changing *c, const struct change_one *one, const char *by,
	const char *input, struct triage *t_take)
{
	const struct crash_report *r = t_take->report;
	const char *signature = r ? t_take->sig.id : "";
	struct change_result *out = c->out;
	char *kept;

	for (size_t i = 0; *signature && i < out->n_failures; i++)
		if (strcmp(out->failures[i].harness, one->h->name) == 0 &&
			strcmp(out->failures[i].signature, signature) == 0)
			return;
	kept = keep_input(c, one->h->name, input);
	GROW(out->failures, out->n_failures, out->cap_failures);
	out->failures[out->n_failures++] = (struct change_failure){ .harness = one->h->name,
		.by = by,
		.input = kept ? kept : xstrdup(input),
		.title = xstrdup(r && r->summary ? r->summary : "it fails"),
		.kind = r ? xstrdup(r->kind) : NULL,
		.signature = xstrdup(signature),
		.t = *t_take };
	*t_take = (struct triage)TRIAGE_INIT;
}
