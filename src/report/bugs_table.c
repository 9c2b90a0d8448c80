/*
 * The table of bugs. What has one cause often shows in several bugs that no rule may join; so that a reader sees them at one
 * look, those whose stacks are alike stand together, under the first.
 */
#include "base/prelude.h"
#include "report/bugs_table.h"
#include "base/mem.h"
#include "crash/similar.h"
#include "report/bug_json.h"
#include "report/table.h"

/* below the column behind the id */
#define WHERE_INDENT 10
#define WHERE_FRAMES 3
/* beyond, comparing each with each takes longer than anybody reads */
#define GROUPED_MAX 2000

static const struct table_col cols[] = {
	{ .head = "BUG" },
	{ .head = "STATE" },
	{ .head = "SEVERITY" },
	{ .head = "KIND", .flex = true },
	{ .head = "SITES", .right = true },
	{ .head = "BYTES", .right = true },
	{ .head = "SEEN", .right = true },
};

struct bugs_row {
	char id[17];
	enum bug_state state;
	int severity;
	uint64_t sites, size, findings;
	char *kind, *family, *frames, *where;
	bool shown;
};

void bugs_table_init(struct bugs_table *t)
{
	*t = (struct bugs_table){ .v = NULL };
}

static enum term_style severity_style(int severity)
{
	return severity >= 3 ? TERM_RED : severity == 2 ? TERM_YELLOW : TERM_PLAIN;
}

static char *where_line(const struct bug_rec *b)
{
	struct strv rest = strv_of(b->frames), part;
	struct buf where = BUF_INIT;
	int frames = 0;

	buf_addf(&where, "%s: ", b->harness);
	for (; frames < WHERE_FRAMES && strv_split(&rest, '|', &part); frames++) {
		buf_adds(&where, frames ? " < " : "");
		buf_addv(&where, part);
	}
	if (!frames)
		buf_adds(&where, b->title ? b->title : "");
	if (b->variant && strcmp(b->variant, "asan") != 0)
		buf_addf(&where, " (%s build)", b->variant);
	return buf_detach(&where);
}

void bugs_table_row(struct bugs_table *t, const struct bug_rec *b)
{
	struct bugs_row *r;

	GROW(t->v, t->n, t->cap);
	r = &t->v[t->n++];
	*r = (struct bugs_row){ .state = b->state,
		.severity = b->severity,
		.sites = b->sites,
		.size = b->size,
		.findings = b->findings,
		.kind = xstrdup(b->kind ? b->kind : ""),
		.family = xstrdup(b->family ? b->family : ""),
		.frames = xstrdup(b->frames ? b->frames : ""),
		.where = where_line(b) };
	memcpy(r->id, b->id, MIN(strlen(b->id) + 1, sizeof(r->id)));
}

/* like: the bug that it is related to, and stands below; NULL: none. */
static void show_row(struct table *table, struct bugs_row *r, const struct bugs_row *like)
{
	struct buf where = BUF_INIT;

	r->shown = true;
	table_cellf(table, TERM_BOLD, "%.8s", r->id);
	table_cell(
		table, r->state == BUG_REGRESSED ? TERM_RED : TERM_PLAIN, bug_state_name(r->state));
	table_cell(table, severity_style(r->severity), severity_name(r->severity));
	table_cell(table, TERM_PLAIN, r->kind);
	table_cellf(table, TERM_PLAIN, "%llu", (unsigned long long)MAX(r->sites, 1u));
	table_cellf(table, TERM_PLAIN, "%llu", (unsigned long long)r->size);
	table_cellf(table, TERM_PLAIN, "%llu", (unsigned long long)r->findings);
	if (like)
		buf_addf(&where, "(like %.8s) ", like->id);
	buf_adds(&where, r->where);
	table_below(table, WHERE_INDENT, buf_str(&where));
	buf_release(&where);
}

static void show_related(struct bugs_table *t, size_t first, struct table *table)
{
	struct bugs_row *f = &t->v[first];

	for (size_t i = first + 1; i < t->n && t->n <= GROUPED_MAX; i++)
		if (!t->v[i].shown && crash_similarity_kept(f->family, f->frames, t->v[i].family,
					      t->v[i].frames) >= CRASH_RELATED)
			show_row(table, &t->v[i], f);
}

void bugs_table_render(const struct bugs_table *t, const struct term *term, struct buf *out)
{
	struct table *table = table_new(cols, ARRAY_LEN(cols));
	struct bugs_table all = *t;

	for (size_t k = 0; k < all.n; k++)
		all.v[k].shown = false;
	for (size_t k = 0; k < all.n; k++)
		if (!all.v[k].shown) {
			show_row(table, &all.v[k], NULL);
			show_related(&all, k, table);
		}
	table_render(table, term, out);
	table_free(table);
}

void bugs_table_release(struct bugs_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].kind);
		free(t->v[i].family);
		free(t->v[i].frames);
		free(t->v[i].where);
	}
	free(t->v);
	*t = (struct bugs_table){ .v = NULL };
}
