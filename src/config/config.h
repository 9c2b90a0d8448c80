/*
 * thresh.yaml -> a read-only description. libyaml is confined to this room.
 * Unknown keys, wrong types, duplicate keys and impossible values are errors with file, line, column, the
 * offending line and a caret.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/arena.h"
#include "config/keys.h"
#include "config/load.h"
#include "config/names.h"
#include "config/parse.h"

/* Where campaigns put regression tests, below the project's folder. */
#define CONFIG_TESTS "tests/regress"

struct config_strs {
	/* v[n] is NULL */
	const char **v;
	size_t n;
};

/* How a library is built: from sources, or by its own OSS-Fuzz-style script. */
struct config_build {
	/* "" for the top-level one, else its key below `targets` */
	const char *name;
	/* NULL: sources; absolute */
	const char *script;
	/*
	 * Absolute patterns for glob(3), expanded by build/. Where the project's directory itself holds
	 * characters that glob(3) takes as special, they come escaped by a backslash.
	 */
	struct config_strs sources;
	/* absolute */
	struct config_strs include;
	struct config_strs cflags, cxxflags, ldflags;
	/* "address", "undefined", "memory", "address+undefined"; never empty, no two the same */
	struct config_strs sanitizers;
	/* where it is declared; 0: the file has no `build` */
	unsigned line;
};

struct config_harness {
	const char *name;
	/* absolute; may be NULL when a script builds it */
	const char *source;
	const struct config_build *build;
	/* "raw" unless said */
	const char *format;
	/* absolute */
	struct config_strs seeds;
	/* absolute, or NULL */
	const char *dictionary;
	uint64_t max_len, timeout_ms, start_ms, memory;
	/* "NAME=value" */
	struct config_strs env;
	/* absolute: what it reads */
	struct config_strs files;
	/* a leak is a finding */
	bool leaks;
	/* some or all of the campaign's */
	struct config_strs engines;
	/* the file names them, here or for all; else the defaults */
	bool engines_asked;
	/* some or all of the build's */
	struct config_strs sanitizers;
	/* where it is declared */
	unsigned line;
	/* as the file names it; `build` is what it stands for */
	const char *target;
};

struct config {
	struct arena arena;
	/* of the file, absolute */
	const char *path;
	/* its directory: what relative paths are relative to */
	const char *dir;
	/* dir/.thresh */
	const char *state_dir;
	/* Where its builds were made, if not here: they are used as they are, and paths in them begin so. NULL: here. */
	const char *made_in;
	const char *project;
	/* builds[0] is the top-level one */
	struct config_build *builds;
	size_t n_builds;
	struct config_harness *harnesses;
	size_t n_harnesses;
	/* campaign.time */
	uint64_t time_ms;
	/* 0: auto */
	unsigned jobs;
	struct config_strs engines;
	/* triage.frames */
	unsigned frames;
	/* triage.ignore: checked regular expressions, see base/pattern.h */
	struct config_strs ignore;
	/* triage.helpers: names, "*" for any part */
	struct config_strs helpers;
	/* URL; a sqlite: path in it is absolute */
	const char *store;
	/* "auto", "required" or "off" */
	const char *sandbox;
	struct config_strs on_new_bug, on_regression, on_alarm, on_end;
};

void config_free(struct config *c);
/* NULL when there is none of that name. */
const struct config_harness *config_harness(const struct config *c, const char *name);
const struct config_build *config_build(const struct config *c, const char *name);

#endif
