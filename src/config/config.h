/*
 * thresh.yaml -> a read-only description. libyaml is confined to this room.
 * Unknown keys, wrong types, duplicate keys and impossible values are errors with file, line, column, the
 * offending line and a caret.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strv.h"

struct config_strs {
	const char **v; /* v[n] is NULL */
	size_t n;
};

/* How a library is built: from sources, or by its own OSS-Fuzz-style script. */
struct config_build {
	const char *name;           /* "" for the top-level one, else its key below `targets` */
	const char *script;         /* NULL: sources; absolute */
	struct config_strs sources; /* patterns, absolute; expanded by build/ */
	struct config_strs include; /* absolute */
	struct config_strs cflags, cxxflags, ldflags;
	struct config_strs
		sanitizers; /* "address", "undefined", "memory", "address+undefined", ... */
};

struct config_harness {
	const char *name;
	const char *source; /* absolute; may be NULL when a script builds it */
	const struct config_build *build;
	const char *format;       /* "raw" unless said */
	struct config_strs seeds; /* absolute */
	const char *dictionary;   /* absolute, or NULL */
	uint64_t max_len, timeout_ms, memory;
	unsigned line; /* where it is declared */
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
	unsigned frames;           /* triage.frames */
	struct config_strs ignore; /* triage.ignore: checked POSIX extended regexes */
	const char *store;         /* URL */
	struct config_strs on_new_bug;
};

/* path NULL: thresh.yaml here or in a parent directory. NULL on failure, err->kind ERR_USAGE. */
struct config *config_load(const char *path, struct err *err);
/* The same from memory (fuzzed); name is for messages, dir for relative paths. No file is opened. */
struct config *config_parse(struct strv text, const char *name, const char *dir, struct err *err);
void config_free(struct config *c);
const struct config_harness *config_harness(const struct config *c, const char *name);
const struct config_build *config_build(const struct config *c, const char *name);

/* One row a key: generates parsing, defaults, and the reference in README and man page. */
struct config_key {
	const char *path, *type, *def, *help;
};
extern const struct config_key config_keys[]; /* ends with a NULL path */

#endif
