/*
 * JUnit XML: a row at a time into the suite's elements; the counts, which stand in front of them, are known only at
 * the end. There is no standard: this is what Jenkins, GitLab and their like all take.
 */
#include "base/prelude.h"
#include "report/junit.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"

/* around the rows: a suite's name, each byte of it an entity, and its counts */
#define FRAME_MAX (6 * JUNIT_ATTR_MAX + 1024)

static void add_attr(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, " %s=\"", name);
	escape_xml(b, strv_sub(strv_of(value), 0, JUNIT_ATTR_MAX));
	buf_addch(b, '"');
}

/* The head of it, which says what failed. Not in the middle of a character. */
static void add_text(struct buf *b, struct strv text)
{
	size_t n = MIN(text.len, JUNIT_TEXT_MAX);

	while (n < text.len && n > JUNIT_TEXT_MAX - 4 && ((unsigned char)text.s[n] & 0xc0) == 0x80)
		n--;
	escape_xml(b, strv_sub(text, 0, n));
	if (n < text.len)
		buf_addf(b, "\n[%zu bytes left out]\n", text.len - n);
}

static void add_problem(struct buf *b, const char *element, const struct junit_row *row)
{
	buf_addf(b, "\n      <%s", element);
	add_attr(b, "type", row->type ? row->type : element);
	if (row->message)
		add_attr(b, "message", row->message);
	buf_addch(b, '>');
	add_text(b, row->text);
	buf_addf(b, "</%s>\n    ", element);
}

static void add_skipped(struct buf *b, const struct junit_row *row)
{
	if (!row->message) {
		buf_adds(b, "<skipped/>");
		return;
	}
	buf_adds(b, "\n      <skipped");
	add_attr(b, "message", row->message);
	buf_adds(b, "/>\n    ");
}

static void add_property(struct buf *b, const struct junit_row *row)
{
	buf_adds(b, "\n      <properties><property");
	add_attr(b, "name", row->property);
	buf_addf(b, " value=\"%llu\"/></properties>%s", (unsigned long long)row->value,
		row->result == JUNIT_PASSED ? "\n    " : "");
}

static void add_row(struct buf *b, const struct junit_row *row, bool brief)
{
	buf_adds(b, "    <testcase");
	add_attr(b, "classname", row->classname);
	add_attr(b, "name", row->name);
	buf_addf(b, " time=\"%.6f\"", (double)row->us / 1e6);
	if (brief && row->result == JUNIT_PASSED && !row->property) {
		buf_adds(b, "/>\n");
		return;
	}
	buf_addch(b, '>');
	if (row->property)
		add_property(b, row);
	if (row->result == JUNIT_FAILED)
		add_problem(b, "failure", row);
	else if (row->result == JUNIT_ERROR)
		add_problem(b, "error", row);
	else if (row->result == JUNIT_SKIPPED)
		add_skipped(b, row);
	buf_adds(b, "</testcase>\n");
}

void junit_add(struct junit *j, const struct junit_row *row)
{
	bool problem = row->result == JUNIT_FAILED || row->result == JUNIT_ERROR;
	size_t before = j->rows.len;

	add_row(&j->rows, row, j->brief);
	if (j->tests == JUNIT_CASES ||
		j->rows.len > (problem ? JUNIT_BYTES - FRAME_MAX : JUNIT_BYTES / 2)) {
		j->rows.len = before;
		j->rows.s[before] = '\0';
		j->left_out++;
		return;
	}
	j->tests++;
	j->us += row->us;
	j->failures += row->result == JUNIT_FAILED;
	j->errors += row->result == JUNIT_ERROR;
	j->skipped += row->result == JUNIT_SKIPPED;
}

static char *left_out(const struct junit *j)
{
	return xasprintf("%llu tests are left out of this file: %d, and %zu MB, are all that its "
			 "readers take",
		(unsigned long long)j->left_out, JUNIT_CASES, JUNIT_BYTES >> 20);
}

void junit_write(const struct junit *j, const char *suite, struct buf *out)
{
	char *lack = j->left_out ? left_out(j) : NULL;

	if (lack)
		log_warn("%s", lack);
	buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
	add_attr(out, "name", suite);
	buf_addf(out, " tests=\"%llu\" failures=\"%llu\" errors=\"%llu\"",
		(unsigned long long)j->tests, (unsigned long long)j->failures,
		(unsigned long long)j->errors);
	if (!j->brief)
		buf_addf(out, " skipped=\"%llu\"", (unsigned long long)j->skipped);
	buf_addf(out, " time=\"%.6f\">\n", (double)j->us / 1e6);
	buf_add(out, buf_str(&j->rows), j->rows.len);
	if (lack)
		buf_addf(out, "    <system-err>%s</system-err>\n", lack);
	buf_adds(out, "  </testsuite>\n</testsuites>\n");
	free(lack);
}

void junit_release(struct junit *j)
{
	buf_release(&j->rows);
	*j = (struct junit)JUNIT_INIT;
}
