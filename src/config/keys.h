/* The keys of thresh.yaml, in a table. */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

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

/* The part of a path behind its last dot. */
const char *key_leaf(const struct config_key *key);

#endif
