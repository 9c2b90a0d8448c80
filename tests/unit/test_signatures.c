/*
 * What each kind of failure signs as: tests/data/signatures, which this makes anew and compares. With THRESH_UPDATE=1 in the
 * environment (`make signatures`) the file is written instead.
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "crash/crash.h"
#include "crash/site.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <cmocka.h>

#define FILE_MAX ((uint64_t)1 << 22)
#define SOURCES_MAX 8

static char *golden, *kinds_c;

/* The project that the reports are of. */
static struct {
	struct {
		struct strv name;
		struct buf text;
		struct statement_index *index;
	} v[SOURCES_MAX];
	size_t n;
} sources;

static bool statement_at(
	void *arg, const char *file, unsigned line, unsigned column, struct crash_statement *out)
{
	(void)arg;
	for (size_t i = 0; i < sources.n; i++)
		if (strv_eqs(sources.v[i].name, file))
			return statement_find(sources.v[i].index, line, column, out);
	return false;
}

static const struct crash_rules rules = { .harness = "h", .statement = statement_at };

/* --- a report's results --- */

static void row(struct buf *out, const char *key, const char *value)
{
	if (value)
		buf_addf(out, "%-10s %s\n", key, value);
}

static void add_names(struct buf *out, const char *key, const char *const *v, size_t n)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		buf_addf(&b, "%s%s", i ? " " : "", v[i]);
	row(out, key, n ? b.s : NULL);
	buf_release(&b);
}

/* What a reviewer has to see of it; another part of a signature is another line here. */
static void add_results(struct buf *out, const struct buf *report, struct buf *kind)
{
	struct crash_report *r = crash_parse(strv_n(buf_str(report), report->len));
	struct crash_signature s;
	struct buf text = BUF_INIT;

	crash_finish(r, &rules);
	crash_sign(r, &rules, &s);
	buf_reset(kind);
	buf_adds(kind, r->kind);
	buf_addf(&text, "%s (%s)", r->kind, r->family);
	row(out, "kind", text.s);
	row(out, "summary", r->summary);
	add_names(out, "frames", r->frames, r->n_frames);
	buf_reset(&text);
	buf_addf(&text, "%s  %s", s.id, s.text);
	row(out, "bug", text.s);
	buf_reset(&text);
	buf_addf(&text, "%s  %s", s.site->id, s.site->text);
	row(out, "site", text.s);
	for (size_t i = 1; i < s.site->n_keys; i++) {
		const struct crash_key *k = &s.site->keys[i];

		buf_reset(&text);
		buf_addf(&text, "%s: %s%s", k->rule, k->text,
			k->part == CRASH_KEY_SEEKS   ? " (asked for only)"
			: k->part == CRASH_KEY_GIVES ? " (given only)"
						     : "");
		row(out, "key", text.s);
	}
	crash_signature_release(&s);
	crash_report_free(r);
	buf_release(&text);
}

/* --- the file --- */

struct making {
	struct buf out, report, kind;
	struct strlist seen; /* kinds that an entry is called by and that it has */
	struct strv name;    /* of the entry under way; len 0: none */
};

static void end_entry(struct making *m)
{
	if (!m->name.len)
		return;
	add_results(&m->out, &m->report, &m->kind);
	if (strv_chr(m->name, ':') == SIZE_MAX) {
		if (!strv_eqs(m->name, buf_str(&m->kind)))
			fail_msg(
				"= " STRV_FMT ": its report is a %s", STRV_ARG(m->name), m->kind.s);
		strlist_add(&m->seen, m->kind.s);
	}
	buf_reset(&m->report);
	m->name = (struct strv){ NULL, 0 };
	buf_addch(&m->out, '\n');
}

static void keep_line(struct making *m, struct strv line)
{
	buf_addv(&m->out, line);
	buf_addch(&m->out, '\n');
}

/* A line behind its mark and one blank. */
static struct strv behind(struct strv line)
{
	return strv_from(line, MIN(line.len, (size_t)2));
}

static void one_line(struct making *m, struct strv line)
{
	switch (line.len ? line.s[0] : '\0') {
	case '=':
		end_entry(m);
		m->name = behind(line);
		break;
	case '@':
		assert_true(sources.n < SOURCES_MAX);
		sources.v[sources.n++].name = behind(line);
		break;
	case '|':
		assert_true(sources.n > 0);
		buf_addv(&sources.v[sources.n - 1].text, behind(line));
		buf_addch(&sources.v[sources.n - 1].text, '\n');
		break;
	case '>':
		buf_addv(&m->report, behind(line));
		buf_addch(&m->report, '\n');
		break;
	case '#':
		end_entry(m);
		break;
	case '\0':
		if (m->name.len)
			return; /* end_entry puts it behind the results */
		break;
	default:
		return; /* results: made anew */
	}
	keep_line(m, line);
}

static void index_sources(void)
{
	for (size_t i = 0; i < sources.n; i++) {
		statement_index_free(sources.v[i].index);
		sources.v[i].index = statement_index_new(
			strv_n(buf_str(&sources.v[i].text), sources.v[i].text.len));
	}
}

static void make(struct making *m, struct strv text)
{
	struct strv line;
	bool indexed = false;

	while (strv_line(&text, &line)) {
		if (!indexed && line.len && line.s[0] == '=') {
			index_sources();
			indexed = true;
		}
		one_line(m, line);
	}
	end_entry(m);
	while (m->out.len > 1 && m->out.s[m->out.len - 2] == '\n')
		m->out.s[--m->out.len] = '\0';
}

static void show_diff(const struct buf *made)
{
	char *path = fs_tmpdir("thresh-test", NULL), *is = fs_join(path, "signatures"), *cmd;

	assert_int_equal(fs_write(is, buf_str(made), made->len, 0600, NULL), 0);
	cmd = xasprintf(
		"diff -u --label '%s' --label 'what it is now' '%s' '%s' >&2", golden, golden, is);
	if (system(cmd) == -1)
		print_error("no diff(1)\n");
	fs_remove_tree(path, NULL);
	free(cmd);
	free(is);
	free(path);
}

static void as_in_the_file(void **state)
{
	struct making m = { .out = BUF_INIT };
	struct buf text = BUF_INIT;

	(void)state;
	assert_int_equal(fs_read(golden, FILE_MAX, &text, NULL), 0);
	make(&m, strv_n(buf_str(&text), text.len));
	if (getenv("THRESH_UPDATE")) {
		assert_int_equal(fs_write(golden, buf_str(&m.out), m.out.len, 0644, NULL), 0);
	} else if (m.out.len != text.len || memcmp(m.out.s, text.s, text.len) != 0) {
		show_diff(&m.out);
		fail_msg("other signatures than in %s; if they are meant to be: make signatures",
			golden);
	}
	for (size_t i = 0; i < sources.n; i++) {
		statement_index_free(sources.v[i].index);
		buf_release(&sources.v[i].text);
	}
	sources.n = 0;
	buf_release(&m.out);
	buf_release(&m.report);
	buf_release(&m.kind);
	strlist_release(&m.seen);
	buf_release(&text);
}

/* Each row of the table of kinds has an entry that is called so. */
static void every_kind_is_there(void **state)
{
	struct buf table = BUF_INIT, text = BUF_INIT;
	struct strv rest, line;
	unsigned n = 0;

	(void)state;
	assert_int_equal(fs_read(kinds_c, FILE_MAX, &table, NULL), 0);
	assert_int_equal(fs_read(golden, FILE_MAX, &text, NULL), 0);
	rest = strv_n(buf_str(&table), table.len);
	while (strv_line(&rest, &line)) {
		struct strv name;
		char *entry;

		if (!strv_skip(&line, "\t{ \"") || !strv_split(&line, '"', &name))
			continue;
		n++;
		entry = xasprintf("\n= " STRV_FMT "\n", STRV_ARG(name));
		if (!strstr(buf_str(&text), entry))
			fail_msg("no entry \"= " STRV_FMT "\" in %s", STRV_ARG(name), golden);
		free(entry);
	}
	assert_true(n > 50);
	buf_release(&table);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_in_the_file),
		cmocka_unit_test(every_kind_is_there),
	};
	const char *top = getenv("TOP") ? getenv("TOP") : ".";
	int rc;

	golden = fs_join(top, "tests/data/signatures");
	kinds_c = fs_join(top, "src/crash/kinds.c");
	rc = cmocka_run_group_tests_name("signatures", tests, NULL, NULL);
	free(golden);
	free(kinds_c);
	return rc;
}
