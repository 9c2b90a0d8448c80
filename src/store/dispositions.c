/*
 * The verdict file. Editing works on the text and parses it again, so what is in memory is always what the file says,
 * and a hand's own lines pass through unread.
 */
#include "base/prelude.h"
#include "store/dispositions.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include <errno.h>
#include <stdio.h>

#define FILE_MAX (1u << 20)
#define DAY_MS 86400000
#define SHOWN 60 /* of a word in a message */

static const char *const kind_words[] = {
	[DISPOSITION_MERGE] = "merge",
	[DISPOSITION_SPLIT] = "split",
	[DISPOSITION_IGNORE] = "ignore",
};

static bool is_leap(unsigned y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static unsigned month_days(unsigned y, unsigned m)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return m == 2 && is_leap(y) ? 29 : days[m - 1];
}

int disposition_date_parse(struct strv s, uint64_t *ms)
{
	uint64_t y, m, d, days = 0;

	if (s.len != DISPOSITION_DATE_LEN - 1 || s.s[4] != '-' || s.s[7] != '-' ||
		num_u64(strv_sub(s, 0, 4), &y) < 0 || num_u64(strv_sub(s, 5, 2), &m) < 0 ||
		num_u64(strv_sub(s, 8, 2), &d) < 0)
		return -1;
	if (y < 1970 || m < 1 || m > 12 || d < 1 || d > month_days((unsigned)y, (unsigned)m))
		return -1;
	for (unsigned i = 1970; i < y; i++)
		days += is_leap(i) ? 366 : 365;
	for (unsigned i = 1; i < m; i++)
		days += month_days((unsigned)y, i);
	*ms = (days + d - 1) * DAY_MS;
	return 0;
}

void disposition_date(uint64_t ms, char out[DISPOSITION_DATE_LEN])
{
	uint64_t days = ms / DAY_MS;
	unsigned y = 1970, m = 1;

	for (; y < 9999 && days >= (is_leap(y) ? 366u : 365u); y++)
		days -= is_leap(y) ? 366 : 365;
	for (; m < 12 && days >= month_days(y, m); m++)
		days -= month_days(y, m);
	days = MIN(days, 30);
	snprintf(out, DISPOSITION_DATE_LEN, "%04u-%02u-%02u", y % 10000, m % 100,
		(unsigned)days + 1);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cut the next word off *line, which then starts at what follows its blanks. Empty at the end. */
static struct strv word(struct strv *line)
{
	struct strv w;
	size_t n = 0;

	*line = strv_trim(*line);
	while (n < line->len && !is_blank(line->s[n]))
		n++;
	w = strv_sub(*line, 0, n);
	*line = strv_trim(strv_from(*line, n));
	return w;
}

static int complain(const struct dispositions *v, unsigned line, struct err *err, const char *what,
	struct strv w)
{
	return err_usage(err, "%s:%u: %s%s%.*s%s", v->name, line, what, w.len ? ", not '" : "",
		(int)MIN(w.len, SHOWN), w.len ? w.s : "", w.len ? "'" : "");
}

static int read_id(
	const struct dispositions *v, unsigned line, struct strv *rest, char *id, struct err *err)
{
	struct strv w = word(rest);

	for (size_t i = 0; i < w.len && i < DISPOSITION_ID_LEN; i++) {
		char c = w.s[i] >= 'A' && w.s[i] <= 'F' ? (char)(w.s[i] + 'a' - 'A') : w.s[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			break;
		id[i] = c;
	}
	if (w.len != DISPOSITION_ID_LEN || strlen(id) != DISPOSITION_ID_LEN)
		return complain(v, line, err, "expected the 16 hex digits of a bug's id", w);
	return 0;
}

static int read_ignore(
	const struct dispositions *v, struct disposition *out, struct strv rest, struct err *err)
{
	struct strv w = word(&rest);

	if (strv_eqs(w, "until")) {
		w = word(&rest);
		if (disposition_date_parse(w, &out->until_ms) < 0)
			return complain(
				v, out->line, err, "until: expected a day as 2027-01-31", w);
		w = word(&rest);
	}
	if (!strv_eqs(w, "why"))
		return complain(
			v, out->line, err, "ignore: expected 'until DATE' or 'why TEXT'", w);
	if (!rest.len)
		return complain(v, out->line, err, "why: the reason is missing", rest);
	out->why = strv_dup(rest);
	return 0;
}

static int read_line(
	const struct dispositions *v, struct disposition *out, struct strv rest, struct err *err)
{
	struct strv w = word(&rest), extra;
	size_t k = 0;

	while (k < ARRAY_LEN(kind_words) && !strv_eqs(w, kind_words[k]))
		k++;
	if (k == ARRAY_LEN(kind_words)) {
		if (strv_starts(w, "<<<<<<<") || strv_starts(w, "=======") ||
			strv_starts(w, ">>>>>>>"))
			return complain(v, out->line, err,
				"an unresolved git conflict: keep the lines that are right",
				STRV(""));
		return complain(v, out->line, err, "expected merge, split or ignore", w);
	}
	out->kind = (enum disposition_kind)k;
	if (out->kind == DISPOSITION_MERGE && read_id(v, out->line, &rest, out->into, err) < 0)
		return -1;
	if (read_id(v, out->line, &rest, out->id, err) < 0)
		return -1;
	if (out->kind == DISPOSITION_IGNORE)
		return read_ignore(v, out, rest, err);
	extra = word(&rest);
	if (extra.len && extra.s[0] != '#')
		return complain(
			v, out->line, err, "expected the end of the line or a # comment", extra);
	return 0;
}

static const struct disposition *find(
	const struct dispositions *v, enum disposition_kind kind, const char *id)
{
	for (size_t i = v->n; i-- > 0;)
		if (v->v[i].kind == kind && strcmp(v->v[i].id, id) == 0)
			return &v->v[i];
	return NULL;
}

/* The whole must make sense, not each line alone. Quadratic in the merges, of which people make few. */
static int check_new(const struct dispositions *v, const struct disposition *new, struct err *err)
{
	const struct disposition *merge = find(v, DISPOSITION_MERGE, new->id);
	const struct disposition *split = find(v, DISPOSITION_SPLIT, new->id);
	char end[DISPOSITION_ID_LEN + 1];

	if (new->kind == DISPOSITION_IGNORE)
		return 0;
	if (new->kind == DISPOSITION_SPLIT && merge)
		return err_usage(err, "%s:%u: %s is split here and merged in line %u", v->name,
			new->line, new->id, merge->line);
	if (new->kind == DISPOSITION_SPLIT)
		return 0;
	if (split)
		return err_usage(err, "%s:%u: %s is merged here and split in line %u", v->name,
			new->line, new->id, split->line);
	if (merge && strcmp(merge->into, new->into) != 0)
		return err_usage(err, "%s:%u: %s is merged into another bug in line %u", v->name,
			new->line, new->id, merge->line);
	dispositions_resolve(v, new->into, end);
	if (strcmp(end, new->id) == 0)
		return err_usage(err, "%s:%u: this merge closes a circle: %s is %s already",
			v->name, new->line, new->into, new->id);
	return 0;
}

int dispositions_parse(
	struct dispositions *out, struct strv text, const char *name, struct err *err)
{
	struct strv rest = text, line;
	unsigned number = 0;

	*out = (struct dispositions)DISPOSITIONS_INIT;
	out->name = xstrdup(name);
	buf_addv(&out->text, text);
	while (strv_line(&rest, &line)) {
		struct disposition new = { .line = ++number };
		struct strv t = strv_trim(line);

		if (memchr(line.s, '\0', line.len)) {
			complain(out, number, err, "a NUL byte", STRV(""));
			goto fail;
		}
		if (!t.len || t.s[0] == '#')
			continue;
		if (read_line(out, &new, t, err) < 0 || check_new(out, &new, err) < 0) {
			free(new.why);
			goto fail;
		}
		GROW(out->v, out->n, out->cap);
		out->v[out->n++] = new;
	}
	return 0;
fail:
	dispositions_release(out);
	return -1;
}

void dispositions_release(struct dispositions *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->v[i].why);
	free(v->v);
	free(v->name);
	buf_release(&v->text);
	*v = (struct dispositions)DISPOSITIONS_INIT;
}

/* Whether adding `add` makes the line of `old` wrong. */
static bool replaces(const struct disposition *add, const struct disposition *old)
{
	if (strcmp(add->id, old->id) != 0)
		return false;
	return (add->kind == DISPOSITION_IGNORE) == (old->kind == DISPOSITION_IGNORE);
}

static bool same(const struct disposition *a, const struct disposition *b)
{
	return a->kind == b->kind && strcmp(a->id, b->id) == 0 && strcmp(a->into, b->into) == 0 &&
	       a->until_ms == b->until_ms &&
	       strcmp(a->why ? a->why : "", b->why ? b->why : "") == 0;
}

/* The text without the lines for which drop[line] is set. */
static void without(const struct dispositions *v, const bool *drop, struct buf *out)
{
	struct strv rest = strv_n(buf_str(&v->text), v->text.len), line;
	const char *from = rest.s;
	unsigned number = 0;

	while (strv_line(&rest, &line)) {
		const char *end = rest.len ? rest.s : buf_str(&v->text) + v->text.len;

		if (!drop[++number])
			buf_add(out, from, (size_t)(end - from));
		from = end;
	}
}

static void print(struct buf *b, const struct disposition *v)
{
	char date[DISPOSITION_DATE_LEN];

	buf_addf(b, "%s %s%s%s", kind_words[v->kind], v->into, *v->into ? " " : "", v->id);
	if (v->kind == DISPOSITION_IGNORE && v->until_ms) {
		disposition_date(v->until_ms, date);
		buf_addf(b, " until %s", date);
	}
	if (v->kind == DISPOSITION_IGNORE) {
		buf_adds(b, " why ");
		/* one line, whatever it was given */
		for (const char *p = v->why; *p; p++)
			buf_addch(b, (unsigned char)*p < ' ' || *p == 0x7f ? ' ' : *p);
	}
	buf_addch(b, '\n');
}

/* One for each line, all false; numbered from 1. */
static bool *no_lines(const struct dispositions *v)
{
	size_t n = 2; /* none at 0, and one without a newline at the end */

	for (size_t i = 0; i < v->text.len; i++)
		n += v->text.s[i] == '\n';
	return xcalloc(n, sizeof(bool));
}

/* Replace v by what `text` says; on failure v stays. */
static int become(struct dispositions *v, const struct buf *text, struct err *err)
{
	struct dispositions next;

	if (dispositions_parse(
		    &next, strv_n(buf_str(text), text->len), v->name ? v->name : "", err) < 0)
		return -1;
	dispositions_release(v);
	*v = next;
	return 0;
}

static int check_add(const struct disposition *add, struct err *err)
{
	const char *ids[] = { add->id, add->kind == DISPOSITION_MERGE ? add->into : add->id };

	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		if (strlen(ids[i]) != DISPOSITION_ID_LEN ||
			strspn(ids[i], "0123456789abcdef") != DISPOSITION_ID_LEN)
			return err_usage(err, "'%s': not a bug's id (16 hex digits)", ids[i]);
	if (add->kind == DISPOSITION_IGNORE && (!add->why || !strv_trim(strv_of(add->why)).len))
		return err_usage(err, "ignoring %s needs a reason", add->id);
	return 0;
}

int dispositions_add(struct dispositions *v, const struct disposition *add, struct err *err)
{
	struct buf text = BUF_INIT;
	bool *drop, known = false;
	int rc;

	if (check_add(add, err) < 0)
		return -1;
	drop = no_lines(v);
	for (size_t i = 0; i < v->n; i++) {
		if (same(add, &v->v[i]) && !known)
			known = true;
		else if (replaces(add, &v->v[i]))
			drop[v->v[i].line] = true;
	}
	without(v, drop, &text);
	if (!known) {
		if (text.len && text.s[text.len - 1] != '\n')
			buf_addch(&text, '\n');
		print(&text, add);
	}
	rc = become(v, &text, err);
	buf_release(&text);
	free(drop);
	return rc;
}

size_t dispositions_remove(struct dispositions *v, enum disposition_kind kind, const char *id)
{
	bool *drop = no_lines(v);
	struct buf text = BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (v->v[i].kind == kind && strcmp(v->v[i].id, id) == 0) {
			drop[v->v[i].line] = true;
			n++;
		}
	}
	without(v, drop, &text);
	if (n && become(v, &text, NULL) < 0)
		BUG("%s: wrong after taking lines out", v->name);
	buf_release(&text);
	free(drop);
	return n;
}

void dispositions_resolve(
	const struct dispositions *v, const char *signature, char out[DISPOSITION_ID_LEN + 1])
{
	const struct disposition *m;

	snprintf(out, DISPOSITION_ID_LEN + 1, "%s", signature);
	/* parsing let no circle in, so this ends */
	while ((m = find(v, DISPOSITION_MERGE, out)))
		memcpy(out, m->into, DISPOSITION_ID_LEN + 1);
}

bool dispositions_is_split(const struct dispositions *v, const char *signature)
{
	return find(v, DISPOSITION_SPLIT, signature) != NULL;
}

const struct disposition *dispositions_ignored(
	const struct dispositions *v, const char *id, uint64_t now_ms)
{
	char want[DISPOSITION_ID_LEN + 1], about[DISPOSITION_ID_LEN + 1];

	dispositions_resolve(v, id, want);
	for (size_t i = v->n; i-- > 0;) {
		const struct disposition *g = &v->v[i];

		if (g->kind != DISPOSITION_IGNORE || (g->until_ms && g->until_ms <= now_ms))
			continue;
		dispositions_resolve(v, g->id, about);
		if (strcmp(about, want) == 0)
			return g;
	}
	return NULL;
}

int dispositions_load(struct dispositions *out, const char *path, struct err *err)
{
	struct buf text = BUF_INIT;
	int rc = 0;

	*out = (struct dispositions)DISPOSITIONS_INIT;
	if (fs_exists(path))
		rc = fs_read(path, FILE_MAX, &text, err);
	if (rc == 0)
		rc = dispositions_parse(out, strv_n(buf_str(&text), text.len), path, err);
	buf_release(&text);
	return rc;
}

int dispositions_save(const struct dispositions *v, const char *path, struct err *err)
{
	if (!v->text.len && !fs_exists(path))
		return 0;
	return fs_write(path, buf_str(&v->text), v->text.len, 0644, err);
}
