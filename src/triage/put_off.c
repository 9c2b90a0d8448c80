#include "base/prelude.h"
#include "triage/put_off.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "depot/inputs.h"
#include <stdio.h>

int put_off_note(struct project *p, struct finding_rec *f, const char *place,
	struct triage_filed *out, struct err *err)
{
	*out = (struct triage_filed){ .bug = "" };
	snprintf(out->site, sizeof(out->site), "%s", place);
	free(f->signature);
	f->signature = xstrdup(out->site);
	return store_finding_update(p->store, f, err);
}

static void set_string(char **field, const char *value)
{
	free(*field);
	*field = value ? xstrdup(value) : NULL;
}

struct like {
	const struct finding_rec *f;
	const char *place;
	int64_t *ids;
	size_t n, cap;
};

static int one_like(void *arg, const struct finding_rec *f)
{
	struct like *l = arg;

	if (f->id == l->f->id || !f->signature || strcmp(f->signature, l->place) != 0 ||
		strcmp(f->harness, l->f->harness) != 0)
		return 0;
	GROW(l->ids, l->n, l->cap);
	l->ids[l->n++] = f->id;
	return 0;
}

int put_off_settle(struct project *p, const struct finding_rec *judged, const char *place,
	const struct triage_filed *filed, struct err *err)
{
	struct like l = { .f = judged, .place = place };
	int rc = store_findings(p->store, NULL, FINDING_NEW, one_like, &l, err);

	for (size_t i = 0; rc == 0 && i < l.n; i++) {
		struct finding_rec f = { 0 };

		rc = store_finding_get(p->store, l.ids[i], &f, err);
		if (rc == 0) {
			f.state = *filed->bug ? FINDING_TRIAGED : FINDING_NO_CRASH;
			f.n = 1;
			f.k = *filed->bug != '\0';
			f.rule = judged->rule;
			set_string(&f.text, NULL); /* it had no time to say anything */
			f.text_len = 0;
			set_string(&f.bug, *filed->bug ? filed->bug : NULL);
			set_string(&f.site, *filed->bug ? filed->site : NULL);
			set_string(&f.signature, *filed->bug ? judged->signature : NULL);
			set_string(&f.sig_text, *filed->bug ? judged->sig_text : NULL);
			rc = store_finding_update(p->store, &f, err);
		}
		finding_rec_release(&f);
	}
	free(l.ids);
	return rc < 0 ? -1 : 0;
}

int64_t put_off_longest(struct project *p, const struct finding_rec *judged, const char *place)
{
	struct like l = { .f = judged, .place = place };
	uint64_t size, most = 0;
	int64_t id = 0;

	store_findings(p->store, NULL, FINDING_NEW, one_like, &l, NULL);
	for (size_t i = 0; i < l.n; i++) {
		struct finding_rec f = { 0 };
		char *path;

		if (store_finding_get(p->store, l.ids[i], &f, NULL) == 0) {
			path = depot_input_path(p, f.input);
			if (fs_size(path, &size, NULL) == 0 && size >= most) {
				most = size;
				id = f.id;
			}
			free(path);
		}
		finding_rec_release(&f);
	}
	free(l.ids);
	return id;
}
