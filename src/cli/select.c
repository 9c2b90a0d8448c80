/*
 * The harnesses that a command line names; none named means all, in the order of the project file.
 */
#include "base/prelude.h"
#include "cli/select.h"
#include "base/mem.h"
#include "depot/corpora.h"

int select_harnesses(const struct project *p, const struct strlist *names,
	struct select_harnesses *out, struct err *err)
{
	const struct config *cfg = p->cfg;

	*out = (struct select_harnesses){ .v = NULL };
	if (!cfg->n_harnesses)
		return err_usage(
			err, "%s: no harnesses; `thresh init` makes a first one", cfg->path);
	out->v = xcalloc(cfg->n_harnesses + names->n, sizeof(*out->v));
	for (size_t i = 0; i < names->n; i++) {
		out->v[out->n] = project_harness(p, names->v[i], err);
		if (!out->v[out->n++]) {
			select_release(out);
			return -1;
		}
	}
	for (size_t i = 0; !names->n && i < cfg->n_harnesses; i++)
		out->v[out->n++] = &cfg->harnesses[i];
	return 0;
}

int select_with_corpora(struct project *p, const struct strlist *names,
	struct select_harnesses *out, struct err *err)
{
	int rc = select_harnesses(p, names, out, err);

	for (size_t i = 0; rc == 0 && i < out->n; i++)
		rc = depot_bring(p, out->v[i]->name, err);
	return rc;
}

void select_release(struct select_harnesses *s)
{
	free(s->v);
	*s = (struct select_harnesses){ .v = NULL };
}
