/*
 * The one table of what thresh.yaml may say: the reader, the defaults, the error messages, the README's and the
 * man page's reference all come from these rows. A key of `build` is a key of each of `targets` too.
 */
#include "base/prelude.h"
#include "config/config.h"

#define OFF(type, field) offsetof(struct type, field)
#define SECOND ((uint64_t)1000)
#define DAY (24 * 3600 * SECOND)
#define MIB ((uint64_t)1 << 20)

static const char *const formats[] = { "raw", "text", "json", "yaml", "ini", "xml", "csv", "base64",
	"url", "binary", NULL };
static const char *const engines[] = { "libfuzzer", "aflpp", NULL };
static const char *const policies[] = { "auto", "required", "off", NULL };
static const char *const sanitizers[] = { "address", "undefined", "memory", NULL };

#define STRINGS .kind = CONFIG_STRINGS, .type = "list of strings"
#define PATH .kind = CONFIG_PATH, .type = "path"
#define PATHS .kind = CONFIG_PATHS, .type = "list of paths"

const struct config_key config_keys[] = {
	{ .path = "version",
		.kind = CONFIG_VERSION,
		.type = "number",
		.required = true,
		.help = "of this format: 1" },
	{ .path = "project",
		.kind = CONFIG_NAME,
		.type = "name",
		.off = OFF(config, project),
		.def = "(the directory's name)",
		.help = "the project's name, in reports" },

	{ .path = "build",
		.kind = CONFIG_SECTION,
		.type = "map",
		.def = "(nothing: each harness stands alone)",
		.help = "how the library under test is built" },
	{ .path = "build.script",
		PATH,
		.off = OFF(config_build, script),
		.help = "an OSS-Fuzz style build script, instead of sources; it gets CC, CXX, "
			"CFLAGS, "
			"CXXFLAGS, LIB_FUZZING_ENGINE, SANITIZER, FUZZING_ENGINE, ARCHITECTURE, "
			"SRC, WORK "
			"and OUT, and leaves one program a harness in $OUT" },
	{ .path = "build.sources",
		.kind = CONFIG_PATTERNS,
		.type = "list of path patterns",
		.off = OFF(config_build, sources),
		.def = "[]",
		.help = "the library's source files, compiled into each harness" },
	{ .path = "build.include",
		PATHS,
		.off = OFF(config_build, include),
		.def = "[]",
		.help = "directories of header files (-I)" },
	{ .path = "build.cflags",
		STRINGS,
		.off = OFF(config_build, cflags),
		.def = "[]",
		.help = "further flags of the C compiler" },
	{ .path = "build.cxxflags",
		STRINGS,
		.off = OFF(config_build, cxxflags),
		.def = "[]",
		.help = "further flags of the C++ compiler" },
	{ .path = "build.ldflags",
		STRINGS,
		.off = OFF(config_build, ldflags),
		.def = "[]",
		.help = "further flags of the linker, libraries among them" },
	{ .path = "build.sanitizers",
		.kind = CONFIG_SANITIZERS,
		.type = "list of sanitizers",
		.off = OFF(config_build, sanitizers),
		.words = sanitizers,
		.def = "[address+undefined]",
		.help = "what detects bugs: address, undefined, memory, joined by + where one "
			"build has "
			"several" },
	{ .path = "targets",
		.kind = CONFIG_NAMED,
		.type = "map of builds",
		.def = "(none)",
		.help = "further builds by name, each with the keys of build; a harness picks one "
			"by "
			"target" },

	{ .path = "harnesses",
		.kind = CONFIG_NAMED,
		.type = "map of harnesses",
		.required = true,
		.help = "the harnesses by name, one for each input boundary" },
	{ .path = "harnesses.*.source",
		PATH,
		.off = OFF(config_harness, source),
		.def = "(needed unless a script builds it)",
		.help = "the file that holds LLVMFuzzerTestOneInput" },
	{ .path = "harnesses.*.target",
		.kind = CONFIG_NAME,
		.type = "name",
		.off = OFF(config_harness, target),
		.def = "(build)",
		.help = "which of the targets it is linked with" },
	{ .path = "harnesses.*.format",
		.kind = CONFIG_WORD,
		.type = "raw, text, json, yaml, ini, xml, csv, base64, url or binary",
		.off = OFF(config_harness, format),
		.words = formats,
		.def = "raw",
		.help = "what its input is: chooses edge cases and the dictionary; binary: records "
			"behind their lengths" },
	{ .path = "harnesses.*.seeds",
		PATHS,
		.off = OFF(config_harness, seeds),
		.def = "[]",
		.help = "files, directories or archives (zip, tar) of first inputs" },
	{ .path = "harnesses.*.dictionary",
		PATH,
		.off = OFF(config_harness, dictionary),
		.def = "(the format's)",
		.help = "a dictionary of tokens, as libFuzzer and AFL++ read it, or the name of "
			"one "
			"that thresh brings: csv, http, ini, json, url, xml or yaml" },
	{ .path = "harnesses.*.max_len",
		.kind = CONFIG_SIZE,
		.type = "size",
		.off = OFF(config_harness, max_len),
		.def = "4096",
		.min = 1,
		.max = 1024 * MIB,
		.help = "the longest input tried" },
	{ .path = "harnesses.*.timeout",
		.kind = CONFIG_DURATION,
		.type = "duration",
		.off = OFF(config_harness, timeout_ms),
		.def = "5s",
		.min = 1,
		.max = DAY,
		.help = "how long one input may take" },
	{ .path = "harnesses.*.start_timeout",
		.kind = CONFIG_DURATION,
		.type = "duration",
		.off = OFF(config_harness, start_ms),
		.def = "20s",
		.min = 100,
		.max = DAY,
		.help = "how long it may take to start, LLVMFuzzerInitialize with it; in a "
			"campaign "
			"no longer than that explores, or 5s" },
	{ .path = "harnesses.*.memory",
		.kind = CONFIG_SIZE,
		.type = "size",
		.off = OFF(config_harness, memory),
		.def = "2G",
		.min = 16 * MIB,
		.max = MIB * MIB,
		.help = "how much memory one input may take" },
	{ .path = "harnesses.*.env",
		.kind = CONFIG_ENV,
		.type = "list of NAME=value",
		.off = OFF(config_harness, env),
		.def = "[]",
		.help = "environment variables set while it runs" },
	{ .path = "harnesses.*.files",
		PATHS,
		.off = OFF(config_harness, files),
		.def = "[]",
		.help = "files and folders that it reads: they are shown in its working folder by "
			"the same relative names, and beside its argv[0]; it can't change them" },
	{ .path = "harnesses.*.leaks",
		.kind = CONFIG_BOOL,
		.type = "true or false",
		.off = OFF(config_harness, leaks),
		.def = "true",
		.help = "whether memory it doesn't free is a finding" },
	{ .path = "harnesses.*.engines",
		.kind = CONFIG_WORDS,
		.type = "list of engines",
		.off = OFF(config_harness, engines),
		.words = engines,
		.def = "(campaign.engines)",
		.help = "the engines that explore it" },
	{ .path = "harnesses.*.sanitizers",
		.kind = CONFIG_SANITIZERS,
		.type = "list of sanitizers",
		.off = OFF(config_harness, sanitizers),
		.words = sanitizers,
		.def = "(its build's sanitizers)",
		.help = "the sanitizers it runs under" },

	{ .path = "campaign",
		.kind = CONFIG_SECTION,
		.type = "map",
		.help = "how `thresh run` spends its time" },
	{ .path = "campaign.time",
		.kind = CONFIG_DURATION,
		.type = "duration",
		.off = OFF(config, time_ms),
		.def = "8h",
		.min = SECOND,
		.max = 365 * DAY,
		.help = "how long a campaign lasts" },
	{ .path = "campaign.jobs",
		.kind = CONFIG_JOBS,
		.type = "number or auto",
		.off = OFF(config, jobs),
		.def = "auto",
		.min = 1,
		.max = 256,
		.help = "workers at the same time; auto: one a processor" },
	{ .path = "campaign.engines",
		.kind = CONFIG_WORDS,
		.type = "list of engines",
		.off = OFF(config, engines),
		.words = engines,
		.def = "[libfuzzer, aflpp]",
		.help = "the engines that explore: libfuzzer, aflpp" },

	{ .path = "triage",
		.kind = CONFIG_SECTION,
		.type = "map",
		.help = "how crashes are told apart" },
	{ .path = "triage.frames",
		.kind = CONFIG_UINT,
		.type = "number",
		.off = OFF(config, frames),
		.def = "3",
		.min = 1,
		.max = 32,
		.help = "stack frames that make a signature where the source isn't known" },
	{ .path = "triage.ignore",
		.kind = CONFIG_REGEXES,
		.type = "list of regular expressions (Perl's)",
		.off = OFF(config, ignore),
		.def = "[]",
		.help = "functions that no signature is made of, wrappers like xmalloc or die; "
			"matched from the start of the name on" },
	{ .path = "triage.helpers",
		STRINGS,
		.off = OFF(config, helpers),
		.def = "[]",
		.help = "functions that fail by what others pass to them: a failure in one is told "
			"apart by its caller; names, \"*\" for any part, \"!\" in front of one "
			"that "
			"isn't; what fails under many callers with things of as many others is "
			"learned" },

	{ .path = "sandbox",
		.kind = CONFIG_WORD,
		.type = "auto, required or off",
		.off = OFF(config, sandbox),
		.words = policies,
		.def = "auto",
		.help = "targets and engines see your files, but for passwords and keys (~/.ssh "
			"and its like, variables with TOKEN, SECRET, PASSWORD in their names), "
			"can't change them, have a /tmp, shared memory, processes and a loopback "
			"network of their own, and no way out; auto: as far as this machine "
			"permits, with a warning where that isn't all; required: all of it or "
			"nothing is run; off: none, so that a "
			"target may change your files, and end or stop thresh itself" },
	{ .path = "store",
		.kind = CONFIG_URL,
		.type = "URL",
		.off = OFF(config, store),
		.def = "sqlite:.thresh/thresh.db",
		.help = "where jobs, findings and bugs are kept: sqlite:PATH, or a PostgreSQL "
			"database (UTF8), postgres://USER@HOST/DATABASE, that several checkouts "
			"may share; passwords belong into ~/.pgpass, a schema of its own is "
			"?options=-csearch_path%3DNAME, and the PG* variables hold. "
			"Failing inputs and corpora are then in the database, too, and folders "
			"here hold what is worked with" },
	{ .path = "on_new_bug",
		STRINGS,
		.off = OFF(config, on_new_bug),
		.def = "[]",
		.help = "commands run for each new bug, which they get as JSON on standard input; "
			"one "
			"that fails is tried again, within a minute; THRESH_CONFIG and "
			"THRESH_STATE tell it the project file and the state folder" },
	{ .path = "on_regression",
		STRINGS,
		.off = OFF(config, on_regression),
		.def = "[]",
		.help = "likewise for each bug that is back; without any, those of on_new_bug" },
	{ .path = "on_alarm",
		STRINGS,
		.off = OFF(config, on_alarm),
		.def = "[]",
		.help = "likewise, at the end of a night, for each thing that got worse or isn't "
			"alive: level, about, text, command" },
	{ .path = "on_end",
		STRINGS,
		.off = OFF(config, on_end),
		.def = "[]",
		.help = "likewise, at the end of a night, once: level, counts, news, todo" },
	{ .path = NULL },
};

const char *key_leaf(const struct config_key *key)
{
	const char *dot = strrchr(key->path, '.');

	return dot ? dot + 1 : key->path;
}
