/* SARIF as code scanning takes it: each result is somewhere, and there are no more than are read. */
#include "base/prelude.h"
#include "base/mem.h"
#include "crash/crash.h"
#include "report/bug_json.h"
#include "report/sarif.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define EVIL "</td><script>\"'`\n\x1b[31m\xe2\x80\xae\xff"

static char *s(const char *text)
{
	return (char *)(uintptr_t)text;
}

static struct bug_rec a_bug(const char *text)
{
	return (struct bug_rec){ .id = s("0123456789abcdef"),
		.signature = s("0123456789abcdef"),
		.rule = 2,
		.harness = s(text),
		.kind = s(text),
		.title = s(text),
		.state = BUG_OPEN };
}

/* As it is read again. */
static cJSON *read_back(struct sarif *log)
{
	struct buf b = BUF_INIT;
	cJSON *j;

	json_print_take(&b, sarif_take(log), true);
	j = cJSON_Parse(buf_str(&b));
	assert_non_null(j);
	buf_release(&b);
	return j;
}

static cJSON *results_of(const cJSON *log)
{
	return cJSON_GetObjectItem(
		cJSON_GetArrayItem(cJSON_GetObjectItem(log, "runs"), 0), "results");
}

/* GitHub refuses a log for one result without a file in its first location. */
static void somewhere(void **state)
{
	struct crash_frame unknown = { .function = s("f") };
	struct crash_frame runtime = { .function = s("abort"), .file = "/r.c", .ignored = true };
	struct crash_frame found = { .function = s("f"), .file = "/p/f.c", .line = 3 };
	struct crash_frame elsewhere = { .function = s("g"), .file = "/q/g h.c", .line = 4 };
	const struct {
		struct crash_frame frames[2];
		size_t n;
		const char *uri;
		int line;
	} rows[] = {
		{ { found }, 1, "f.c", 3 },
		{ { runtime, found }, 2, "f.c", 3 },
		{ { unknown, found }, 2, "f.c", 3 },
		{ { elsewhere, found }, 2, "file:///q/g%20h.c", 4 },
		{ { unknown }, 1, "thresh.yaml", 1 },
		{ { runtime }, 1, "thresh.yaml", 1 },
		{ { { 0 } }, 0, "thresh.yaml", 1 },
	};

	(void)state;
	/* the last: its report is lost */
	for (size_t i = 0; i <= ARRAY_LEN(rows); i++) {
		size_t at = MIN(i, ARRAY_LEN(rows) - 1);
		struct crash_stack stack = { .role = CRASH_STACK_FAULT,
			.frames = (struct crash_frame *)(uintptr_t)rows[at].frames,
			.n = rows[at].n };
		struct crash_report report = { .stacks = &stack, .n_stacks = 1 };
		struct bug_rec bug = a_bug(EVIL);
		const cJSON *place, *all;
		struct sarif log;
		cJSON *j;

		sarif_begin(&log, "/p", "/p/thresh.yaml", "1", NULL, NULL);
		sarif_add(&log, &bug, i < ARRAY_LEN(rows) ? &report : NULL);
		j = read_back(&log);
		all = cJSON_GetObjectItem(cJSON_GetArrayItem(results_of(j), 0), "locations");
		assert_int_equal(cJSON_GetArraySize(all), 1);
		place = cJSON_GetObjectItem(cJSON_GetArrayItem(all, 0), "physicalLocation");
		assert_string_equal(
			cJSON_GetObjectItem(cJSON_GetObjectItem(place, "artifactLocation"), "uri")
				->valuestring,
			rows[at].uri);
		assert_int_equal(
			cJSON_GetObjectItem(cJSON_GetObjectItem(place, "region"), "startLine")
				->valueint,
			rows[at].line);
		cJSON_Delete(j);
	}
}

/* JSON is looked at on terminals, too: it acts on none, and says the same. */
static void printed(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "\xe2\x80\xae", "\"\\u202e\"\n" },
		{ "\xe2\x81\xa9", "\"\\u2069\"\n" },
		{ "\xd8\x9c", "\"\\u061c\"\n" },
		{ "\xc2\x9b", "\"\\u009b\"\n" },
		{ "\x7f\x1b", "\"\\u007f\\u001b\"\n" },
		{ "a\\\xe2\x80\xae", "\"a\\\\\\u202e\"\n" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
			"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;
		cJSON *j;

		json_print_take(&b, json_text(rows[i].text), false);
		assert_string_equal(buf_str(&b), rows[i].want);
		j = cJSON_Parse(buf_str(&b));
		assert_string_equal(j->valuestring, rows[i].text);
		cJSON_Delete(j);
		buf_release(&b);
	}
}

/* What the log says of how it was made. */
static const char *said_of(const cJSON *log)
{
	const cJSON *run = cJSON_GetArrayItem(cJSON_GetObjectItem(log, "runs"), 0);
	const cJSON *made = cJSON_GetArrayItem(cJSON_GetObjectItem(run, "invocations"), 0);
	const cJSON *note =
		cJSON_GetArrayItem(cJSON_GetObjectItem(made, "toolExecutionNotifications"), 0);

	assert_non_null(note);
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(made, "executionSuccessful")));
	return cJSON_GetObjectItem(cJSON_GetObjectItem(note, "message"), "text")->valuestring;
}

static void limits(void **state)
{
	static struct crash_frame frame = { .function = "f", .file = "/p/f.c", .line = 3 };
	struct crash_stack stack = { .role = CRASH_STACK_FAULT, .frames = &frame, .n = 1 };
	struct crash_report report = { .stacks = &stack, .n_stacks = 1 };
	char *large = xcalloc(1, 100001);
	const struct {
		const char *title;
		size_t add, fits;
	} rows[] = {
		{ "x", SARIF_RESULTS + 3, SARIF_RESULTS },
		{ large, 1000, SARIF_BYTES / 100000 },
	};

	(void)state;
	memset(large, 'x', 100000);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bug_rec bug = a_bug("k"), small = a_bug("small");
		size_t with_stacks = 0, bytes, n, left_out;
		const cJSON *result;
		struct sarif log;
		cJSON *j;

		sarif_begin(&log, "/p", "/p/thresh.yaml", "1", NULL, NULL);
		bug.title = s(rows[i].title);
		for (size_t k = 0; k < rows[i].add; k++)
			sarif_add(&log, &bug, &report);
		/* the worst come first: what is behind one that was left out is, too */
		sarif_add(&log, &small, &report);
		bytes = log.bytes;
		n = log.n;
		left_out = log.left_out;
		j = read_back(&log);
		cJSON_ArrayForEach(result, results_of(j)) with_stacks +=
			cJSON_GetArraySize(cJSON_GetObjectItem(result, "stacks")) > 0;
		assert_int_equal(cJSON_GetArraySize(results_of(j)), n);
		assert_in_range(n, 1, rows[i].fits);
		assert_int_equal(n + left_out, rows[i].add + 1);
		assert_non_null(strstr(said_of(j), "are left out of the log"));
		assert_int_equal(with_stacks, MIN(n, (size_t)SARIF_STACKS));
		assert_in_range(bytes, 1, SARIF_BYTES);
		cJSON_Delete(j);
	}
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(somewhere),
		cmocka_unit_test(printed),
		cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
