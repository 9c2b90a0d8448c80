/* thresh.yaml: what a good file means, and the exact words for each way of getting it wrong. */
#include "base/prelude.h"
#include "config/config.h"
#include "base/fs.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#define HEAD "version: 1\n"
#define TAIL "harnesses: {h: {source: h.c}}\n"

static const char good[] = "# a comment\n"
			   "version: 1\n"
			   "project: cjson\n"
			   "build:\n"
			   "  sources: [src/*.c, /abs/x.c, ./y.c]\n"
			   "  include: [src]\n"
			   "  cflags: [-DENABLE_LOCALES, \"-DX=a b\"]\n"
			   "  sanitizers: [undefined+address, memory]\n"
			   "targets:\n"
			   "  patched:\n"
			   "    script: fuzz/build.sh\n"
			   "harnesses:\n"
			   "  parse: &parse\n"
			   "    source: harnesses/parse.c\n"
			   "    format: json\n"
			   "    seeds: [corpus/parse]\n"
			   "    dictionary: dictionaries/json.dict\n"
			   "    max_len: 64k\n"
			   "    timeout: 250ms\n"
			   "    memory: 1G\n"
			   "    env: [A=b=c, _X1=]\n"
			   "    leaks: false\n"
			   "    engines: [aflpp]\n"
			   "    sanitizers: [memory]\n"
			   "  \xc3print:\n"
			   "    <<: *parse\n"
			   "    timeout: 2m\n"
			   "  print-2.x:\n"
			   "    target: patched\n"
			   "campaign:\n"
			   "  time: 90s\n"
			   "  jobs: 4\n"
			   "  engines: [libfuzzer, aflpp]\n"
			   "triage:\n"
			   "  frames: 5\n"
			   "  ignore: ['^my_assert_', 'x{2}(a|b)']\n"
			   "store: sqlite:state/x.db\n"
			   "on_new_bug: ['tools/notify.sh']\n"
			   "on_regression: [a, b]\non_alarm: [c]\non_end: [d]\n";

/* The good text without the one byte that makes it invalid UTF-8, so that mutations start near both. */
static char *good_text(void)
{
	char *text = xstrdup(good), *bad = strchr(text, '\xc3');

	memmove(bad, bad + 1, strlen(bad));
	return text;
}

static void test_good(void **state)
{
	char *text = good_text();
	struct err err = ERR_INIT;
	struct config *c = config_parse(strv_of(text), "thresh.yaml", "/p[1]", &err);
	const struct config_harness *h;

	(void)state;
	free(text);
	assert_string_equal(err.msg, "");
	assert_non_null(c);
	assert_string_equal(c->path, "/p[1]/thresh.yaml");
	assert_string_equal(c->dir, "/p[1]");
	assert_string_equal(c->state_dir, "/p[1]/.thresh");
	assert_string_equal(c->project, "cjson");
	assert_int_equal(c->n_builds, 2);
	assert_string_equal(c->builds[0].name, "");
	assert_int_equal(c->builds[0].sources.n, 3);
	assert_string_equal(c->builds[0].sources.v[0], "/p\\[1\\]/src/*.c");
	assert_string_equal(c->builds[0].sources.v[1], "/abs/x.c");
	assert_string_equal(c->builds[0].sources.v[2], "/p\\[1\\]/y.c");
	assert_null(c->builds[0].sources.v[3]);
	assert_string_equal(c->builds[0].include.v[0], "/p[1]/src");
	assert_string_equal(c->builds[0].cflags.v[1], "-DX=a b");
	assert_string_equal(c->builds[0].sanitizers.v[0], "address+undefined");
	assert_string_equal(c->builds[0].sanitizers.v[1], "memory");
	assert_null(c->builds[0].script);
	assert_string_equal(c->builds[1].script, "/p[1]/fuzz/build.sh");
	assert_string_equal(c->builds[1].sanitizers.v[0], "address+undefined");
	assert_int_equal(c->n_harnesses, 3);
	h = config_harness(c, "parse");
	assert_non_null(h);
	assert_int_equal(h->line, 13);
	assert_string_equal(h->source, "/p[1]/harnesses/parse.c");
	assert_string_equal(h->format, "json");
	assert_string_equal(h->seeds.v[0], "/p[1]/corpus/parse");
	assert_string_equal(h->dictionary, "/p[1]/dictionaries/json.dict");
	assert_int_equal(h->max_len, 65536);
	assert_int_equal(h->timeout_ms, 250);
	assert_int_equal(h->memory, 1 << 30);
	assert_string_equal(h->env.v[0], "A=b=c");
	assert_false(h->leaks);
	assert_int_equal(h->engines.n, 1);
	assert_string_equal(h->sanitizers.v[0], "memory");
	assert_ptr_equal(h->build, &c->builds[0]);
	h = config_harness(c, "print");
	assert_non_null(h);
	assert_int_equal(h->timeout_ms, 120000);
	assert_string_equal(h->format, "json");
	h = config_harness(c, "print-2.x");
	assert_non_null(h);
	assert_ptr_equal(h->build, config_build(c, "patched"));
	assert_null(h->source);
	assert_string_equal(h->format, "raw");
	assert_int_equal(h->max_len, 4096);
	assert_int_equal(h->timeout_ms, 5000);
	assert_true(h->leaks);
	assert_int_equal(h->engines.n, 2);
	assert_string_equal(h->sanitizers.v[0], "address+undefined");
	assert_null(config_harness(c, "nope"));
	assert_int_equal(c->time_ms, 90000);
	assert_int_equal(c->jobs, 4);
	assert_int_equal(c->frames, 5);
	assert_string_equal(c->ignore.v[1], "x{2}(a|b)");
	assert_string_equal(c->store, "sqlite:/p[1]/state/x.db");
	assert_string_equal(c->on_new_bug.v[0], "tools/notify.sh");
	assert_string_equal(c->on_regression.v[1], "b");
	assert_string_equal(c->on_alarm.v[0], "c");
	assert_string_equal(c->on_end.v[0], "d");
	config_free(c);
}

static void test_defaults(void **state)
{
	struct err err = ERR_INIT;
	struct config *c =
		config_parse(strv_of("\xef\xbb\xbf" HEAD TAIL), "thresh.yaml", "/a/-my lib", &err);

	(void)state;
	assert_string_equal(err.msg, "");
	assert_non_null(c);
	assert_string_equal(c->project, "_my_lib");
	assert_int_equal(c->n_builds, 1);
	assert_int_equal(c->builds[0].sources.n, 0);
	assert_null(c->builds[0].script);
	assert_int_equal(c->builds[0].line, 0);
	assert_int_equal(c->time_ms, 8 * 3600 * 1000);
	assert_int_equal(c->jobs, 0);
	assert_int_equal(c->frames, 3);
	assert_string_equal(c->engines.v[0], "libfuzzer");
	assert_string_equal(c->engines.v[1], "aflpp");
	assert_string_equal(c->store, "sqlite:/a/-my lib/.thresh/thresh.db");
	assert_int_equal(c->on_new_bug.n, 0);
	config_free(c);
}

#define H(keys) HEAD "harnesses:\n  h:\n    source: h.c\n" keys
#define NAME_RULE                                                                              \
	"letters, digits, \"_\", \".\" and \"-\", starting with a letter, digit or \"_\", at " \
	"most 100\n"

static const struct {
	const char *in, *want;
} errors[] = {
	/* keys */
	{ H("    tiemout: 5s\n"), "t.yaml:5:5: unknown key \"tiemout\" in harness h; did you mean "
				  "\"timeout\"?\n    tiemout: 5s\n    ^" },
	{ HEAD "harness: {}\n", "t.yaml:2:1: unknown key \"harness\"; did you mean \"harnesses\"?\n"
				"harness: {}\n^" },
	{ HEAD "wibble: 1\n", "t.yaml:2:1: unknown key \"wibble\"\nwibble: 1\n^" },
	{ HEAD "timeout: 1\n",
		"t.yaml:2:1: unknown key \"timeout\"; it belongs to a harness\ntimeout: 1\n^" },
	{ HEAD "jobs: 1\n",
		"t.yaml:2:1: unknown key \"jobs\"; it belongs below \"campaign\"\njobs: 1\n^" },
	{ HEAD "campaign:\n  store: x\n",
		"t.yaml:3:3: unknown key \"store\" in campaign; it belongs at "
		"the left margin\n  store: x\n  ^" },
	{ HEAD "\"a\\e[31m\": 1\n", "t.yaml:2:1: unknown key \"a\\x1b[31m\"\n\"a\\e[31m\": 1\n^" },
	{ HEAD "project: a\nproject: b\n",
		"t.yaml:3:1: duplicate key \"project\"; first on line 2\nproject: b\n^" },
	{ H("    format: raw\n    format: raw\n"),
		"t.yaml:6:5: duplicate key \"format\" in harness h; "
		"first on line 5\n    format: raw\n    ^" },
	{ HEAD "harnesses:\n  h: {source: a}\n  h: {source: a}\n",
		"t.yaml:4:3: duplicate key \"h\"; first on line 3\n  h: {source: a}\n  ^" },
	{ HEAD "? [a]\n: b\n", "t.yaml:2:3: a key can't be a list\n? [a]\n  ^" },
	{ HEAD, "t.yaml:1:1: no \"harnesses\"\nversion: 1\n^" },
	{ "project: x\n", "t.yaml:1:1: no \"version\"; if it is written for this thresh, put "
			  "\"version: 1\" first\nproject: x\n^" },
	/* version */
	{ "version: 2\nnew_key: 1\n", "t.yaml:1:10: version 2 is of a later thresh; this one reads "
				      "version 1: use a newer thresh\nversion: 2\n         ^" },
	{ "version: 0\n",
		"t.yaml:1:10: \"version\": \"0\" is no version of this format; the first is "
		"1\nversion: 0\n         ^" },
	{ "version: '1'\n", "t.yaml:1:10: \"version\": expected a number, got \"1\"\n"
			    "version: '1'\n         ^" },
	/* types */
	{ HEAD "build: yes\n",
		"t.yaml:2:8: expected a map of keys in build, got text\nbuild: yes\n       ^" },
	{ HEAD "build: {cflags: -O2}\n",
		"t.yaml:2:17: \"cflags\" in build: expected a list of strings, "
		"got \"-O2\"\nbuild: {cflags: -O2}\n                ^" },
	{ HEAD "build: {cflags: [[a]]}\n", "t.yaml:2:18: \"cflags\" in build: expected text, got a "
					   "list\nbuild: {cflags: [[a]]}\n                 ^" },
	{ HEAD "build: {cflags: ['']}\n", "t.yaml:2:18: \"cflags\" in build: \"\" is empty\n"
					  "build: {cflags: ['']}\n                 ^" },
	{ HEAD "build: {cflags: [\"a\\nb\"]}\n",
		"t.yaml:2:18: \"cflags\" in build: \"a\\x0ab\" holds a control character\n"
		"build: {cflags: [\"a\\nb\"]}\n                 ^" },
	{ HEAD "build: {cflags: [\"a\\0b\"]}\n",
		"t.yaml:2:18: a NUL byte can't be used here\n"
		"build: {cflags: [\"a\\0b\"]}\n                 ^" },
	{ HEAD "build: {script: [a]}\n",
		"t.yaml:2:17: \"script\" in build: expected a path, got a list\n"
		"build: {script: [a]}\n                ^" },
	{ HEAD "build: {script: }\n",
		"t.yaml:2:17: \"script\" in build: expected a path, got nothing\n"
		"build: {script: }\n                ^" },
	{ HEAD "build: {script: ''}\n", "t.yaml:2:17: \"script\" in build: \"\" is no path\n"
					"build: {script: ''}\n                ^" },
	{ HEAD "harnesses: [a]\n",
		"t.yaml:2:12: \"harnesses\": expected a map of harnesses, got a list\n"
		"harnesses: [a]\n           ^" },
	{ HEAD "harnesses: {}\n",
		"t.yaml:2:12: \"harnesses\": expected a map of harnesses, got an empty "
		"one\nharnesses: {}\n           ^" },
	{ HEAD "harnesses: {h: }\n",
		"t.yaml:2:16: expected a map of keys in harness h, got nothing\n"
		"harnesses: {h: }\n               ^" },
	{ H("    leaks: maybe\n"),
		"t.yaml:5:12: \"leaks\" in harness h: expected true or false, got "
		"\"maybe\"\n    leaks: maybe\n           ^" },
	/* impossible values */
	{ H("    timeout: 0\n"),
		"t.yaml:5:14: \"timeout\" in harness h: \"0\" is impossible: must be "
		"from 1 ms to 1d 0h\n    timeout: 0\n             ^" },
	{ H("    timeout: 5x\n"),
		"t.yaml:5:14: \"timeout\" in harness h: expected a duration (250ms, 5s, "
		"10m, 8h, 2d), got \"5x\"\n    timeout: 5x\n             ^" },
	{ H("    max_len: 0\n"),
		"t.yaml:5:14: \"max_len\" in harness h: \"0\" is impossible: must be "
		"from 1 B to 1.0 GiB\n    max_len: 0\n             ^" },
	{ H("    max_len: 1025M\n"),
		"t.yaml:5:14: \"max_len\" in harness h: \"1025M\" is impossible: "
		"must be from 1 B to 1.0 GiB\n    max_len: 1025M\n             ^" },
	{ H("    max_len: -1\n"),
		"t.yaml:5:14: \"max_len\" in harness h: expected a size (512, 64k, 2M, "
		"1G), got \"-1\"\n    max_len: -1\n             ^" },
	{ H("    format: josn\n"),
		"t.yaml:5:13: \"format\" in harness h: unknown \"josn\"; did you mean "
		"\"json\"?\n    format: josn\n            ^" },
	{ H("    format: pdf\n"),
		"t.yaml:5:13: \"format\" in harness h: unknown \"pdf\"; known: raw, "
		"text, json, yaml, ini, xml, csv, base64, url, binary\n    format: pdf\n           "
		" ^" },
	{ H("    env: [1A=b]\n"), "t.yaml:5:11: \"env\" in harness h: \"1A=b\" isn't NAME=value\n"
				  "    env: [1A=b]\n          ^" },
	{ HEAD "campaign: {jobs: 257}\n",
		"t.yaml:2:18: \"jobs\" in campaign: \"257\" is impossible: must "
		"be from 1 to 256\ncampaign: {jobs: 257}\n                 ^" },
	{ HEAD "campaign: {jobs: 0}\n",
		"t.yaml:2:18: \"jobs\" in campaign: \"0\" is impossible: must be "
		"from 1 to 256\ncampaign: {jobs: 0}\n                 ^" },
	{ HEAD "campaign: {jobs: [1]}\n",
		"t.yaml:2:18: \"jobs\" in campaign: expected a number or auto, "
		"got a list\ncampaign: {jobs: [1]}\n                 ^" },
	{ HEAD "campaign: {time: 0}\n",
		"t.yaml:2:18: \"time\" in campaign: \"0\" is impossible: must be "
		"from 1.0 s to 365d 0h\ncampaign: {time: 0}\n                 ^" },
	{ HEAD "campaign: {engines: [afl]}\n",
		"t.yaml:2:22: \"engines\" in campaign: unknown \"afl\"; "
		"known: libfuzzer, aflpp\ncampaign: {engines: [afl]}\n"
		"                     ^" },
	{ HEAD "campaign: {engines: []}\n",
		"t.yaml:2:21: \"engines\" in campaign: needs at least one\n"
		"campaign: {engines: []}\n                    ^" },
	{ HEAD "campaign: {engines: [aflpp, aflpp]}\n",
		"t.yaml:2:29: \"engines\" in campaign: \"aflpp\" is listed twice\n"
		"campaign: {engines: [aflpp, aflpp]}\n                            ^" },
	{ HEAD "build: {sanitizers: [adress]}\n",
		"t.yaml:2:22: \"sanitizers\" in build: unknown \"adress\"; did you mean "
		"\"address\"?\n"
		"build: {sanitizers: [adress]}\n                     ^" },
	{ HEAD "build: {sanitizers: [address+memory]}\n",
		"t.yaml:2:22: \"sanitizers\" in build: \"address+memory\" can't be one build; list "
		"the "
		"two apart: [address, memory]\n"
		"build: {sanitizers: [address+memory]}\n                     ^" },
	{ HEAD "build: {sanitizers: [address+]}\n",
		"t.yaml:2:22: \"sanitizers\" in build: \"address+\" is no set of sanitizers\n"
		"build: {sanitizers: [address+]}\n                     ^" },
	{ HEAD "build: {sanitizers: [address+undefined, undefined+address]}\n",
		"t.yaml:2:41: \"sanitizers\" in build: \"undefined+address\" is listed twice\n"
		"build: {sanitizers: [address+undefined, undefined+address]}\n"
		"                                        ^" },
	{ HEAD "triage: {ignore: ['a(']}\n", "t.yaml:2:19: \"ignore\" in triage: bad regular "
					     "expression \"a(\": missing closing parenthesis\n"
					     "triage: {ignore: ['a(']}\n                  ^" },
	{ HEAD "triage: {ignore: ['((a{99}){99}){99}']}\n",
		"t.yaml:2:19: \"ignore\" in triage: bad regular expression "
		"\"((a{99}){99}){99}\": regular expression is too large\ntriage: {ignore: "
		"['((a{99}){99}){99}']}\n"
		"                  ^" },
	{ HEAD "store: mysql:x\n", "t.yaml:2:8: \"store\": \"mysql:x\" is no store: sqlite:PATH or "
				   "postgres://...\nstore: mysql:x\n       ^" },
	/* names */
	{ HEAD "harnesses: {../x: {}}\n",
		"t.yaml:2:13: \"../x\" is no name of a harness: " NAME_RULE
		"harnesses: {../x: {}}\n            ^" },
	{ HEAD "harnesses: {.x: {}}\n", "t.yaml:2:13: \".x\" is no name of a harness: " NAME_RULE
					"harnesses: {.x: {}}\n            ^" },
	{ HEAD "targets: {-x: {}}\n", "t.yaml:2:11: \"-x\" is no name of a target: " NAME_RULE
				      "targets: {-x: {}}\n          ^" },
	/* what only the whole tells */
	{ HEAD "harnesses:\n  h: {format: raw}\n",
		"t.yaml:3:1: harness h has no \"source\", and no script builds it\n"
		"  h: {format: raw}\n^" },
	{ HEAD "targets: {old: {}}\nharnesses:\n  h: {source: a, target: odl}\n",
		"t.yaml:4:26: \"target\" in harness h: no target \"odl\"; did you mean \"old\"?\n"
		"  h: {source: a, target: odl}\n                         ^" },
	{ HEAD "campaign: {engines: [aflpp]}\nharnesses:\n  h: {source: a, engines: [libfuzzer]}\n",
		"t.yaml:4:27: \"engines\" in harness h: \"libfuzzer\" isn't among "
		"campaign.engines\n"
		"  h: {source: a, engines: [libfuzzer]}\n                          ^" },
	{ H("    sanitizers: [memory]\n"),
		"t.yaml:5:17: \"sanitizers\" in harness h: \"memory\" isn't "
		"among the sanitizers of its build\n"
		"    sanitizers: [memory]\n                ^" },
	{ HEAD "build: {script: a, sources: [b]}\n" TAIL,
		"t.yaml:2:1: build has both \"script\" and \"sources\"; a build is one of them\n"
		"build: {script: a, sources: [b]}\n^" },
	/* YAML itself */
	{ "", "t.yaml: is empty; `thresh init` writes a first one" },
	{ "# only this\n", "t.yaml: is empty; `thresh init` writes a first one" },
	{ "---\n...\n", "t.yaml: is empty; `thresh init` writes a first one" },
	{ "\xff\xfev\0", "t.yaml: is UTF-16; save it as UTF-8" },
	{ "- a\n", "t.yaml:1:1: expected a map of keys, got a list\n- a\n^" },
	{ HEAD TAIL "---\na: b\n",
		"t.yaml:3:1: a second document; the file must hold one\n---\n^" },
	{ HEAD "build:\n\tscript: x\n",
		"t.yaml:3:1: a tab can't indent YAML; use blanks\n\tscript: x\n^" },
	{ HEAD "build: {script: x\n",
		"t.yaml:2:8: while parsing a flow mapping did not find expected ',' or '}'\n"
		"build: {script: x\n       ^" },
	{ HEAD "project: 'x\n",
		"t.yaml:2:10: while scanning a quoted scalar found unexpected end of stream\n"
		"project: 'x\n         ^" },
	{ HEAD "project: \xff\n", "t.yaml:2:10: invalid leading UTF-8 octet (byte 0xff)\n"
				  "project: \\xff\n         ^" },
	{ HEAD "project: \x01\n", "t.yaml:2:10: control characters are not allowed (byte 0x01)\n"
				  "project: \\x01\n         ^" },
	{ HEAD "project: *a\n", "t.yaml:2:10: no anchor \"a\" above\nproject: *a\n         ^" },
	{ HEAD "build: &a {cflags: *a}\n", "t.yaml:2:20: alias \"a\" stands inside what it names\n"
					   "build: &a {cflags: *a}\n                   ^" },
	{ HEAD "build: {<<: 1}\n", "t.yaml:2:13: \"<<\" in build: expected a map, got text\nbuild: "
				   "{<<: 1}\n            ^" },
	{ HEAD "project: !x y\n", "t.yaml:2:10: tag \"!x\" means nothing here\n"
				  "project: !x y\n         ^" },
	{ HEAD "project: \xc3\xa9\xe2\x82\xac+\n",
		"t.yaml:2:10: \"project\": \"\xc3\xa9\xe2\x82\xac+\" is no name: letters, digits, "
		"\"_\", "
		"\".\" and \"-\", starting with a letter, digit or \"_\"\n"
		"project: \xc3\xa9\xe2\x82\xac+\n         ^" },
	{ HEAD "build: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
		"t.yaml:2:39: nested too deep\nbuild: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n"
		"                                      ^" },
	/* a long line is shown around its mistake */
	{ HEAD "build: {cflags: "
	       "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaa"
	       ", ''], wibble: "
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n",
		"t.yaml:2:187: \"cflags\" in build: \"\" is empty\n"
		"...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, ''], wibble: "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\n"
		"                                                     ^" },
};

static void test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct err err = ERR_INIT;
		struct config *c = config_parse(strv_of(errors[i].in), "t.yaml", "/p", &err);

		if (strcmp(err.msg, errors[i].want) != 0)
			print_error("row %zu:\n%s\n", i, errors[i].in);
		assert_string_equal(err.msg, errors[i].want);
		assert_null(c);
		assert_int_equal(err.kind, ERR_USAGE);
	}
}

static void check_total(const char *text, size_t len)
{
	struct err err = ERR_INIT;
	char *copy = xmemdup(len ? text : "", len ? len : 1); /* no NUL behind it: overreads show */
	struct config *c = config_parse(strv_n(copy, len), "t.yaml", "/p", &err);

	assert_true(!c == (err.kind != ERR_NONE));
	assert_true(!c == (err.msg[0] != '\0'));
	config_free(c);
	free(copy);
}

/* Every truncation, and every byte replaced by what means something to YAML or to nobody. */
static void test_mutations(void **state)
{
	static const char bytes[] = "\0\t\n\r\xff\xc3:{}[]&*!|>'\"%@`#-?,0";
	char *text = good_text();
	size_t len = strlen(text);

	(void)state;
	for (size_t i = 0; i <= len; i++)
		check_total(text, i);
	for (size_t i = 0; i < len; i++) {
		char was = text[i];

		for (size_t j = 0; j < sizeof(bytes) - 1; j++) {
			text[i] = bytes[j];
			check_total(text, len);
		}
		text[i] = was;
	}
	check_total(good, strlen(good));
	free(text);
}

/* Few bytes that stand for very many values, directly and through merges, end at the budget. */
static void test_bombs(void **state)
{
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	buf_adds(&b, HEAD "harnesses:\n  a: {source: s, seeds: &l [");
	for (int i = 0; i < 2000; i++)
		buf_adds(&b, "x,");
	buf_adds(&b, "]}\n");
	for (int i = 0; i < 900; i++)
		buf_addf(&b, "  h%d: {source: s, seeds: *l}\n", i);
	assert_null(config_parse(strv_n(b.s, b.len), "t.yaml", "/p", &err));
	assert_non_null(strstr(err.msg, "more than 100000 values, aliases counted"));
	buf_reset(&b);
	buf_adds(&b, HEAD "harnesses:\n  m0: &m0 {source: s}\n");
	for (int i = 1; i < 60; i++)
		buf_addf(&b, "  m%d: &m%d {<<: [*m%d, *m%d]}\n", i, i, i - 1, i - 1);
	assert_null(config_parse(strv_n(b.s, b.len), "t.yaml", "/p", &err));
	assert_non_null(strstr(err.msg, "more than 100000 values, aliases counted"));
	buf_release(&b);
}

/* Deep and long nesting without end, an overlong file, names without number. */
static void test_sizes(void **state)
{
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	while (b.len < 900000)
		buf_adds(&b, "[{a: ");
	assert_null(config_parse(strv_n(b.s, b.len), "t.yaml", "/p", &err));
	assert_non_null(strstr(err.msg, "nested too deep"));
	while (b.len < 1100000)
		buf_adds(&b, "# xxxxxxxxxxxx\n");
	assert_null(config_parse(strv_n(b.s, b.len), "t.yaml", "/p", &err));
	assert_string_equal(err.msg, "t.yaml: larger than 1 MiB");
	buf_reset(&b);
	buf_adds(&b, HEAD "harnesses:\n");
	for (int i = 0; i < 1001; i++)
		buf_addf(&b, "  h%d: {source: s}\n", i);
	assert_null(config_parse(strv_n(b.s, b.len), "t.yaml", "/p", &err));
	assert_non_null(strstr(err.msg, "\"harnesses\": more than 1000"));
	buf_release(&b);
}

/* The table is sound: rows complete, defaults readable (set_default dies otherwise), paths unique. */
static void test_table(void **state)
{
	(void)state;
	for (const struct config_key *k = config_keys; k->path; k++) {
		assert_non_null(k->type);
		assert_non_null(k->help);
		assert_true(!k->required == (k->def != NULL || k->kind == CONFIG_SECTION ||
						    strcmp(k->path, "build.script") == 0));
		for (const struct config_key *j = config_keys; j < k; j++)
			assert_string_not_equal(k->path, j->path);
	}
}

static void test_nearest(void **state)
{
	static const char *const words[] = { "timeout", "time", "memory", "max_len" };
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "tiemout", "timeout" },
		{ "tmie", "time" },
		{ "maxlen", "max_len" },
		{ "max-len", "max_len" },
		{ "", NULL },
		{ "x", NULL },
		{ "wibble", NULL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *got = config_nearest(strv_of(rows[i].in), words, ARRAY_LEN(words));

		assert_true(!got == !rows[i].want);
		if (got)
			assert_string_equal(got, rows[i].want);
	}
}

static void put(const char *dir, const char *name, const char *text)
{
	char *path = fs_join(dir, name);

	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(path);
}

static struct config *load_in(const char *dir, const char *path, struct err *err)
{
	*err = (struct err)ERR_INIT;
	assert_int_equal(chdir(dir), 0);
	return config_load(path, err);
}

static void test_load(void **state)
{
	struct err err = ERR_INIT;
	char *old = getcwd(NULL, 0), *tmp = fs_tmpdir("config", &err), *top = realpath(tmp, NULL);
	char *deep = fs_join(top, "a/b"), *git = fs_join(top, "a/.git");
	struct config *c;

	(void)state;
	assert_int_equal(fs_mkdirs(deep, &err), 0);
	put(top, ".git", "");
	assert_null(load_in(deep, NULL, &err));
	assert_string_equal(err.msg, "no thresh.yaml here or above; `thresh init` writes one");
	assert_int_equal(err.kind, ERR_USAGE);
	put(top, "thresh.yml", HEAD TAIL);
	assert_null(load_in(deep, NULL, &err));
	assert_string_equal(err.msg, "../../thresh.yml: must be called thresh.yaml");
	put(top, "thresh.yaml", HEAD TAIL);
	c = load_in(deep, NULL, &err);
	assert_string_equal(err.msg, "");
	assert_string_equal(c->dir, top);
	config_free(c);
	c = load_in(deep, "../..", &err);
	assert_non_null(c);
	assert_string_equal(c->dir, top);
	config_free(c);
	put(top, "thresh.yaml", HEAD);
	assert_null(load_in(deep, NULL, &err));
	assert_string_equal(err.msg, "../../thresh.yaml:1:1: no \"harnesses\"\nversion: 1\n^");
	assert_null(load_in(deep, "nope.yaml", &err));
	assert_string_equal(err.msg, "nope.yaml: no such file; `thresh init` writes one");
	assert_int_equal(err.kind, ERR_USAGE);
	assert_null(load_in(deep, "", &err));
	/* another work tree in between ends the search */
	assert_int_equal(fs_mkdirs(git, &err), 0);
	assert_null(load_in(deep, NULL, &err));
	assert_string_equal(err.msg, "no thresh.yaml here or above; `thresh init` writes one");
	assert_int_equal(chdir(old), 0);
	assert_int_equal(fs_remove_tree(top, &err), 0);
	free(old);
	free(tmp);
	free(top);
	free(deep);
	free(git);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_bombs),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
