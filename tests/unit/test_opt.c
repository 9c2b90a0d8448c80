/* The option parser, every command's table, "did you mean", tables and wrapping. */
#include "base/prelude.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "config/config.h"
#include "cli/opt.h"
#include "cli/opt_check.h"
#include "cli/suggest.h"
#include "report/term.h"
#include "report/table.h"
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct args {
	bool flag, other;
	uint64_t jobs, size, time;
	const char *name, *format;
	struct strlist list;
};

static int run_nothing(void *args, const struct cli_ctx *ctx)
{
	(void)args;
	(void)ctx;
	return EXIT_OK;
}

static const struct opt table[] = {
	{ .name = "flag",
		.key = 'f',
		.kind = OPT_FLAG,
		.off = offsetof(struct args, flag),
		.help = "a flag" },
	{ .name = "other",
		.key = 'o',
		.kind = OPT_FLAG,
		.off = offsetof(struct args, other),
		.help = "another" },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct args, jobs),
		.min = 1,
		.max = 256,
		.def = "2",
		.help = "workers" },
	{ .name = "size",
		.kind = OPT_SIZE,
		.off = offsetof(struct args, size),
		.min = 1024,
		.help = "a size" },
	{ .name = "time",
		.key = 't',
		.kind = OPT_DURATION,
		.off = offsetof(struct args, time),
		.max = 86400000,
		.def = "10m",
		.help = "a duration" },
	{ .name = "name",
		.key = 'n',
		.kind = OPT_STRING,
		.off = offsetof(struct args, name),
		.help = "a string" },
	{ .name = "format",
		.kind = OPT_CHOICE,
		.off = offsetof(struct args, format),
		.choices = "raw|text|json",
		.def = "raw",
		.help = "a choice" },
	{ .name = "list",
		.key = 'l',
		.kind = OPT_STRINGS,
		.off = offsetof(struct args, list),
		.help = "a list" },
	{ .kind = OPT_END },
};

/* What was parsed, in one line, "" for each field at its default. */
static void show(struct buf *b, const struct args *a, const struct strlist *words,
	const struct strlist *command)
{
	buf_addf(b, "%s%s", a->flag ? "f" : "", a->other ? "o" : "");
	if (a->jobs != 2)
		buf_addf(b, " j%d", (int)a->jobs);
	if (a->size)
		buf_addf(b, " s%d", (int)a->size);
	if (a->time != 600000)
		buf_addf(b, " t%d", (int)a->time);
	if (a->name)
		buf_addf(b, " n<%s>", a->name);
	if (strcmp(a->format, "raw") != 0)
		buf_addf(b, " F%s", a->format);
	for (size_t i = 0; i < a->list.n; i++)
		buf_addf(b, " l<%s>", a->list.v[i]);
	for (size_t i = 0; i < words->n; i++)
		buf_addf(b, " %s", words->v[i]);
	for (size_t i = 0; i < command->n; i++)
		buf_addf(b, " !%s", command->v[i]);
}

/* argv is split at '|'; want starting with "!" is the error. */
static const struct {
	const char *argv;
	bool takes_command;
	const char *want;
} parse_cases[] = {
	{ "", false, "" },
	{ "--flag", false, "f" },
	{ "-f|-o", false, "fo" },
	{ "-fo", false, "fo" },
	{ "-fj4", false, "f j4" },
	{ "-j4", false, " j4" },
	{ "-j|4", false, " j4" },
	{ "-of|-j|256|x", false, "fo j256 x" },
	{ "--jobs=4", false, " j4" },
	{ "--jobs|4", false, " j4" },
	{ "--jobs=4|--jobs=5", false, " j5" },
	{ "--size=2k", false, " s2048" },
	{ "--time=250ms", false, " t250" },
	{ "-t5", false, " t5000" },
	{ "--name=", false, " n<>" },
	{ "--name=a=b", false, " n<a=b>" },
	{ "--name|-x", false, " n<-x>" },
	{ "-nx", false, " n<x>" },
	{ "-n|--", false, " n<-->" },
	{ "--format=json", false, " Fjson" },
	{ "-la|--list=b|-l|c", false, " l<a> l<b> l<c>" },
	{ "a|-f|b", false, "f a b" },
	{ "-", false, " -" },
	{ "a|--|-f|--nope", false, " a -f --nope" },
	{ "a|--|cmd|-f|@@", true, " a !cmd !-f !@@" },
	{ "--|--|x", true, " !-- !x" },
	{ "--|--|x", false, " -- x" },
	{ "--jbos=3", false, "!unknown option --jbos; did you mean --jobs?" },
	{ "--fla", false, "!unknown option --fla; did you mean --flag?" },
	{ "--zzzzzz", false, "!unknown option --zzzzzz" },
	{ "--=x", false, "!unknown option --" },
	{ "-x", false, "!unknown option -x" },
	{ "-fx", false, "!unknown option -x" },
	{ "-xyz", false, "!unknown option -xyz" },
	{ "-flag", false, "!unknown option -flag; did you mean --flag?" },
	{ "-name|x", false, "!unknown option -name; did you mean --name?" },
	{ "-nam", false, " n<am>" },
	{ "-size", false, "!unknown option -size; did you mean --size?" },
	{ "--flag=1", false, "!option --flag takes no value" },
	{ "--flag=", false, "!option --flag takes no value" },
	{ "--jobs", false, "!option --jobs needs a value: N" },
	{ "-fj", false, "!option -j needs a value: N" },
	{ "--format", false, "!option --format needs a value: raw|text|json" },
	{ "--jobs=0", false, "!--jobs 0: out of range, 1 to 256" },
	{ "-j257", false, "!-j 257: out of range, 1 to 256" },
	{ "--jobs=-1", false, "!--jobs -1: not a number" },
	{ "--jobs=", false, "!--jobs : not a number" },
	{ "--jobs=4x", false, "!--jobs 4x: not a number" },
	{ "--jobs= 4", false, "!--jobs  4: not a number" },
	{ "--jobs=99999999999999999999", false, "!--jobs 99999999999999999999: not a number" },
	{ "--size=1000", false, "!--size 1000: out of range, 1k or more" },
	{ "--size=2x", false, "!--size 2x: not a size like 512, 64k, 2M or 1G" },
	{ "--time=2d", false, "!--time 2d: out of range, up to 1d" },
	{ "--time=soon", false, "!--time soon: not a duration like 250ms, 5s, 10m, 8h or 2d" },
	{ "--format=jsn", false, "!--format jsn: not one of raw, text, json; did you mean json?" },
	{ "--format=", false, "!--format : not one of raw, text, json" },
	{ "--format=raw|--format=text|json", false, " Ftext json" },
};

static void lines_are_parsed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parse_cases); i++) {
		struct args a;
		struct opt_set set = { table, &a };
		struct strlist argv = STRLIST_INIT, words = STRLIST_INIT, command = STRLIST_INIT;
		struct opt_parse p = { .sets = &set,
			.n_sets = 1,
			.takes_command = parse_cases[i].takes_command,
			.words = &words,
			.command = &command };
		struct strv rest = strv_of(parse_cases[i].argv), part;
		struct err err = ERR_INIT;
		struct buf got = BUF_INIT;
		int used;

		while (strv_split(&rest, '|', &part))
			if (part.len || strchr(parse_cases[i].argv, '|'))
				strlist_add_take(&argv, strv_dup(part));
		memset(&a, 0xa5, sizeof(a));
		opt_defaults(&set);
		used = opt_parse(&p, (int)argv.n, argv.v, &err);
		if (used < 0) {
			assert_int_equal(err.kind, ERR_USAGE);
			buf_addf(&got, "!%s", err.msg);
		} else {
			assert_int_equal(used, (int)argv.n);
			show(&got, &a, &words, &command);
		}
		assert_string_equal(buf_str(&got), parse_cases[i].want);
		buf_release(&got);
		opt_release(&set);
		strlist_release(&argv);
		strlist_release(&words);
		strlist_release(&command);
	}
}

static void top_level_stops_at_the_command(void **state)
{
	char *argv[] = { (char *)"-f", (char *)"run", (char *)"-x", NULL };
	struct args a;
	struct opt_set set = { table, &a };
	struct opt_parse p = { .sets = &set, .n_sets = 1, .stop_at_word = true };
	struct err err = ERR_INIT;

	(void)state;
	opt_defaults(&set);
	assert_int_equal(opt_parse(&p, 3, argv, &err), 1);
	assert_true(a.flag);
}

static void commands_keep_the_rules(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		struct err err = ERR_INIT;

		if (opt_check(commands[i], &err) < 0)
			fail_msg("%s", err.msg);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(commands[k]->name, commands[i]->name);
	}
}

/* One fault each: the check must see it, and say which option. */
static const struct {
	struct opt rows[2];
	const char *want;
} fault_cases[] = {
	{ { { .name = "Bad", .kind = OPT_FLAG, .help = "x" } }, "not a name" },
	{ { { .name = NULL, .kind = OPT_FLAG, .help = "x" } }, "not a name" },
	{ { { .name = "a", .kind = OPT_FLAG } }, "help" },
	{ { { .name = "a", .kind = OPT_FLAG, .help = "ends." } }, "help" },
	{ { { .name = "a", .kind = OPT_FLAG, .help = "x", .off = sizeof(struct args) } },
		"outside" },
	{ { { .name = "a", .kind = OPT_CHOICE, .help = "x" } }, "choices" },
	{ { { .name = "a", .kind = OPT_STRING, .choices = "a|b", .help = "x" } }, "choices" },
	{ { { .name = "a", .kind = OPT_FLAG, .def = "1", .help = "x" } }, "flag" },
	{ { { .name = "a", .kind = OPT_UINT, .min = 2, .max = 1, .help = "x" } }, "min and max" },
	{ { { .name = "a", .kind = OPT_STRING, .max = 1, .help = "x" } }, "min and max" },
	{ { { .name = "a", .kind = OPT_UINT, .min = 2, .def = "1", .help = "x" } },
		"out of range" },
	{ { { .name = "a", .kind = OPT_UINT, .def = "auto", .help = "x" } }, "not a number" },
	{ { { .name = "a", .kind = OPT_STRINGS, .def = "x", .help = "x" } }, "starts empty" },
	{ { { .name = "a", .key = '-', .kind = OPT_FLAG, .help = "x" } }, "letter" },
	{ { { .name = "config", .kind = OPT_FLAG, .help = "x" } }, "global" },
	{ { { .name = "a", .key = 'q', .kind = OPT_FLAG, .help = "x" } }, "global" },
};

static void faults_in_tables_are_seen(void **state)
{
	struct cmd cmd = {
		.name = "x", .help = "x", .args_size = sizeof(struct args), .run = run_nothing
	};
	const struct opt twice[] = { { .name = "a", .kind = OPT_FLAG, .help = "x" },
		{ .name = "a", .kind = OPT_FLAG, .help = "x" }, { .kind = OPT_END } };
	const struct opt keys[] = { { .name = "a", .key = 'k', .kind = OPT_FLAG, .help = "x" },
		{ .name = "b", .key = 'k', .kind = OPT_FLAG, .help = "x" }, { .kind = OPT_END } };
	const struct opt global[] = { { .name = "quiet", .kind = OPT_FLAG, .help = "x" },
		{ .kind = OPT_END } };
	const struct opt older[] = {
		{ .name = "quiet", .kind = OPT_FLAG, .older = true, .help = "x" },
		{ .kind = OPT_END }
	};
	struct err err = ERR_INIT;

	(void)state;
	cmd.opts = table;
	assert_int_equal(opt_check(&cmd, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(fault_cases); i++) {
		cmd.opts = fault_cases[i].rows;
		assert_int_equal(opt_check(&cmd, &err), -1);
		assert_non_null(strstr(err.msg, fault_cases[i].want));
	}
	cmd.opts = twice;
	assert_int_equal(opt_check(&cmd, &err), -1);
	cmd.opts = keys;
	assert_int_equal(opt_check(&cmd, &err), -1);
	cmd.opts = global;
	assert_int_equal(opt_check(&cmd, &err), -1);
	cmd.opts = older;
	assert_int_equal(opt_check(&cmd, &err), 0);
	cmd.opts = NULL;
	assert_int_equal(opt_check(&cmd, &err), 0);
	cmd.max_args = 1;
	assert_int_equal(opt_check(&cmd, &err), -1);
}

static void notes_say_range_and_default(void **state)
{
	static const char *const want[] = { "", "", "1 to 256; default 2", "1k or more",
		"up to 1d; default 10m", "", "default raw", "repeatable" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		struct buf b = BUF_INIT;

		opt_note(&b, &table[i]);
		assert_string_equal(buf_str(&b), want[i]);
		buf_release(&b);
	}
}

static const struct {
	const char *wrong, *want;
} suggest_cases[] = {
	{ "tme", "time" },
	{ "tiem", "time" },
	{ "jobs", "jobs" },
	{ "job", "jobs" },
	{ "minimise", "minimize" },
	{ "min", "minimize" },
	{ "x", NULL },
	{ "", NULL },
	{ "completely", NULL },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		NULL },
};

static void near_words_are_suggested(void **state)
{
	static const char *const words[] = { "time", "jobs", "minimize", "harness", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(suggest_cases); i++) {
		struct suggest s = SUGGEST_INIT(suggest_cases[i].wrong);

		for (size_t k = 0; k < ARRAY_LEN(words); k++)
			suggest_try(&s, words[k]);
		if (suggest_cases[i].want)
			assert_string_equal(s.best, suggest_cases[i].want);
		else
			assert_null(s.best);
	}
}

static const struct {
	const char *text;
	size_t columns;
	const char *want;
} cut_cases[] = {
	{ "short", 10, "short" },
	{ "exactly 10", 10, "exactly 10" },
	{ "more than 10", 10, "more th..." },
	{ "abc", 2, ".." },
	{ "abc", 0, "" },
	{ "\xc3\xa4\xc3\xb6\xc3\xbc", 3, "\xc3\xa4\xc3\xb6\xc3\xbc" },
	{ "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", 3, "..." },
	{ "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f!", 4, "\xc3\xa4..." },
	{ "\xe6\xbc\xa2\xe5\xad\x97", 4, "\xe6\xbc\xa2\xe5\xad\x97" }, /* two wide ones */
	{ "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 5, "\xe6\xbc\xa2..." },
	{ "e\xcc\x81", 1, "e\xcc\x81" }, /* a combining accent */
	{ "a\033[2Jb", 20, "a\\x1b[2Jb" },
	{ "a\nb", 20, "a\\x0ab" },
	{ "\xff", 20, "\\xff" },
};

static void text_is_cut_to_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cut_cases); i++) {
		struct buf b = BUF_INIT;

		term_add_cut(&b, strv_of(cut_cases[i].text), cut_cases[i].columns);
		assert_string_equal(buf_str(&b), cut_cases[i].want);
		buf_release(&b);
	}
}

static const struct {
	const char *text;
	size_t indent, columns;
	const char *want;
} wrap_cases[] = {
	{ "", 0, 10, "" },
	{ "one two three", 0, 8, "one two\nthree\n" },
	{ "one two three", 2, 8, "  one\n  two\n  three\n" },
	{ "averyverylongword x", 0, 5, "averyverylongword\nx\n" },
	{ "a\nb", 0, 10, "a b\n" },
	{ "a\n\nb", 0, 10, "a\n\nb\n" },
	{ "a:\n  kept   as it is\nb", 0, 10, "a:\n  kept   as it is\nb\n" },
	{ "a\033b", 0, 10, "a\\x1bb\n" },
};

static void text_is_wrapped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrap_cases); i++) {
		struct buf b = BUF_INIT;

		term_add_wrapped(
			&b, wrap_cases[i].text, wrap_cases[i].indent, wrap_cases[i].columns);
		assert_string_equal(buf_str(&b), wrap_cases[i].want);
		buf_release(&b);
	}
}

static void tables_fit(void **state)
{
	static const struct table_col cols[] = { { .head = "BUG" }, { .head = "N", .right = true },
		{ .head = "WHERE", .flex = true }, { .head = "WHAT", .flex = true } };
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	struct term term = { .columns = 40 };
	struct buf b = BUF_INIT;

	(void)state;
	table_cell(t, TERM_PLAIN, "4f2a");
	table_cellf(t, TERM_PLAIN, "%d", 12);
	table_cell(t, TERM_PLAIN, "a_very_long_function_name_here");
	table_cell(t, TERM_RED, "heap-buffer-overflow");
	table_cell(t, TERM_PLAIN, "77");
	table_cell(t, TERM_PLAIN, "3");
	table_cell(t, TERM_PLAIN, "f\033[0m");
	table_cell(t, TERM_PLAIN, "");
	assert_int_equal(table_rows(t), 2);
	table_render(t, &term, &b);
	assert_string_equal(b.s, "BUG    N  WHERE           WHAT\n"
				 "4f2a  12  a_very_long...  heap-buffer...\n"
				 "77     3  f\\x1b[0m\n");
	buf_reset(&b);
	term.columns = 200;
	term.color = true;
	table_render(t, &term, &b);
	assert_non_null(strstr(b.s, "  \033[31mheap-buffer-overflow\033[0m\n"));
	buf_release(&b);
	table_free(t);
	table_free(NULL);
}

static void formats_are_those_of_the_project_file(void **state)
{
	const struct config_key *k = config_keys;
	struct buf words = BUF_INIT;

	(void)state;
	while (strcmp(k->path, "harnesses.*.format") != 0)
		k++;
	for (size_t i = 0; k->words[i]; i++)
		buf_addf(&words, "%s%s", i ? "|" : "", k->words[i]);
	assert_string_equal(buf_str(&words), FORMAT_CHOICES);
	buf_release(&words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_parsed),
		cmocka_unit_test(top_level_stops_at_the_command),
		cmocka_unit_test(commands_keep_the_rules),
		cmocka_unit_test(faults_in_tables_are_seen),
		cmocka_unit_test(notes_say_range_and_default),
		cmocka_unit_test(near_words_are_suggested),
		cmocka_unit_test(text_is_cut_to_columns),
		cmocka_unit_test(text_is_wrapped),
		cmocka_unit_test(tables_fit),
		cmocka_unit_test(formats_are_those_of_the_project_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
