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

struct config_strs {
	const char **v; /* v[n] is NULL */
	size_t n;
};

/* How a library is built: from sources, or by its own OSS-Fuzz-style script. */
struct config_build {
	const char *name;   /* "" for the top-level one, else its key below `targets` */
	const char *script; /* NULL: sources; absolute */
	/*
	 * Absolute patterns for glob(3), expanded by build/. Where the project's directory itself holds
	 * characters that glob(3) takes as special, they come escaped by a backslash.
	 */
	struct config_strs sources;
	struct config_strs include; /* absolute */
	struct config_strs cflags, cxxflags, ldflags;
	/* "address", "undefined", "memory", "address+undefined"; never empty, no two the same */
	struct config_strs sanitizers;
	unsigned line; /* where it is declared; 0: the file has no `build` */
};

struct config_harness {
	const char *name;
	const char *source; /* absolute; may be NULL when a script builds it */
	const struct config_build *build;
	const char *format;       /* "raw" unless said */
	struct config_strs seeds; /* absolute */
	const char *dictionary;   /* absolute, or NULL */
	uint64_t max_len, timeout_ms, memory;
	struct config_strs env;        /* "NAME=value" */
	bool leaks;                    /* a leak is a finding */
	struct config_strs engines;    /* some or all of the campaign's */
	bool engines_asked;            /* the file names them, here or for all; else the defaults */
	struct config_strs sanitizers; /* some or all of the build's */
	unsigned line;                 /* where it is declared */
	const char *target;            /* as the file names it; `build` is what it stands for */
};

struct config {
	struct arena arena;
	const char *path;      /* of the file, absolute */
	const char *dir;       /* its directory: what relative paths are relative to */
	const char *state_dir; /* dir/.thresh */
	const char *project;
	struct config_build *builds; /* builds[0] is the top-level one */
	size_t n_builds;
	struct config_harness *harnesses;
	size_t n_harnesses;
	uint64_t time_ms; /* campaign.time */
	unsigned jobs;    /* 0: auto */
	struct config_strs engines;
	unsigned frames; /* triage.frames */
	struct config_strs
		ignore; /* triage.ignore: checked regular expressions, see base/pattern.h */
	struct config_strs helpers; /* triage.helpers: names, "*" for any part */
	const char *store;          /* URL; a sqlite: path in it is absolute */
	struct config_strs on_new_bug;
};

void config_free(struct config *c);
/* NULL when there is none of that name. */
const struct config_harness *config_harness(const struct config *c, const char *name);
const struct config_build *config_build(const struct config *c, const char *name);

#endif
