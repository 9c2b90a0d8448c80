/* Pages by pages: none is in memory longer than it takes to write it. */
#include "base/prelude.h"
#include "report/html.h"
#include "base/mem.h"
#include "report/html_harness.h"
#include "report/html_index.h"
#include "report/site.h"

static int put_index(struct site *s, const struct model *m, size_t paged, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	html_index_page(&b, m, paged);
	rc = site_put(s, "index.html", &b, err);
	for (size_t i = 1; rc == 0 && i <= html_bugs_pages(m); i++) {
		char *name = xasprintf("bugs-%zu.html", i + 1);

		buf_reset(&b);
		html_bugs_page(&b, m, paged, i);
		rc = site_put(s, name, &b, err);
		free(name);
	}
	buf_release(&b);
	return rc;
}

static int put_harness(struct site *s, const struct model *m, const struct model_harness *h,
	const struct html_opts *opts, size_t paged, struct err *err)
{
	struct html_cover cover;
	struct html_words words;
	char *name = xasprintf("harness/%s.html", h->name);
	struct buf b = BUF_INIT;
	int rc;

	opts->cover(opts->arg, h->name, &cover);
	opts->words(opts->arg, h->name, &words);
	html_harness_page(&b, m, h, &cover, &words, paged);
	rc = site_put(s, name, &b, err);
	html_cover_release(&cover);
	html_words_release(&words);
	buf_release(&b);
	free(name);
	return rc;
}

static int put_bug(struct site *s, const struct model *m, const struct model_bug *bug,
	const struct html_opts *opts, struct err *err)
{
	char *name = xasprintf("bug/%s.html", bug->rec.id);
	struct html_bug d = { .root = "" };
	struct buf b = BUF_INIT;
	int rc = opts->bug(opts->arg, bug->rec.id, &d, err);

	if (rc >= 0) {
		html_bug_page(&b, m, bug, &d);
		rc = site_put(s, name, &b, err);
	}
	buf_release(&b);
	free(name);
	return rc;
}

int html_write(const struct model *m, const struct html_opts *opts, struct err *err)
{
	size_t paged = MIN(opts->pages, m->n_bugs);
	struct site s;
	int rc = site_open(&s, opts->dir, err);

	if (rc == 0)
		rc = put_index(&s, m, paged, err);
	for (size_t i = 0; rc == 0 && i < m->n_harnesses; i++)
		rc = put_harness(&s, m, &m->harnesses[i], opts, paged, err);
	for (size_t i = 0; rc == 0 && i < paged; i++)
		rc = put_bug(&s, m, &m->bugs[i], opts, err);
	if (rc == 0)
		rc = site_take_place(&s, err);
	site_close(&s);
	return rc;
}
