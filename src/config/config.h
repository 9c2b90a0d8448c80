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
		ignore;    /* triage.ignore: checked regular expressions, see base/pattern.h */
	const char *store; /* URL; a sqlite: path in it is absolute */
	struct config_strs on_new_bug;
};

/*
 * path NULL: thresh.yaml here, or in the nearest parent up to the top of the git work tree or of the file
 * system. path may be a directory that holds one. NULL on failure; err->kind is ERR_USAGE but for I/O trouble.
 * The message is "FILE:LINE:COLUMN: what", the line, and a caret below it; it is fit for a terminal.
 */
struct config *config_load(const char *path, struct err *err);
/* The same from memory (fuzzed); name is for messages, dir (absolute) for relative paths. No file is opened. */
struct config *config_parse(struct strv text, const char *name, const char *dir, struct err *err);
void config_free(struct config *c);
/* NULL when there is none of that name. */
const struct config_harness *config_harness(const struct config *c, const char *name);
const struct config_build *config_build(const struct config *c, const char *name);
/* Letters, digits, "_", "." and "-", not starting with "." or "-", at most CONFIG_NAME_MAX: fit for a file name. */
#define CONFIG_NAME_MAX 100
bool config_name_ok(struct strv name);
/* The most similar of n words, for "did you mean"; NULL when none is near enough. */
const char *config_nearest(struct strv word, const char *const *words, size_t n);

enum config_kind {
	CONFIG_VERSION,
	CONFIG_SECTION, /* a map with keys of its own */
	CONFIG_NAMED,   /* a map from names to sections */
	CONFIG_NAME,
	CONFIG_STRINGS,
	CONFIG_PATH,
	CONFIG_PATHS,
	CONFIG_PATTERNS,
	CONFIG_WORD, /* one of `words` */
	CONFIG_WORDS,
	CONFIG_SANITIZERS, /* combinations of `words` by "+" */
	CONFIG_UINT,
	CONFIG_JOBS, /* "auto" (0) or a number */
	CONFIG_SIZE,
	CONFIG_DURATION,
	CONFIG_BOOL,
	CONFIG_REGEXES,
	CONFIG_ENV,
	CONFIG_URL,
};

/* One row a key: generates parsing, defaults, and the reference in README and man page. */
struct config_key {
	const char *path; /* "harnesses.*.timeout"; a key of `build` is one of `targets.*` too */
	const char *type; /* in words, for people */
	const char *def;  /* YAML; in brackets: said in words; NULL: none */
	const char *help;
	enum config_kind kind;
	bool required;
	size_t off;               /* of the field, in the struct that its section fills */
	uint64_t min, max;        /* of numbers, sizes (bytes), durations (ms) */
	const char *const *words; /* NULL-terminated */
};
extern const struct config_key config_keys[]; /* ends with a NULL path */

#endif
