/* The keys of thresh.yaml, in a table. */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

enum config_kind {
	CONFIG_VERSION,
	/* a map with keys of its own */
	CONFIG_SECTION,
	/* a map from names to sections */
	CONFIG_NAMED,
	CONFIG_NAME,
	CONFIG_STRINGS,
	CONFIG_PATH,
	CONFIG_PATHS,
	CONFIG_PATTERNS,
	/* one of `words` */
	CONFIG_WORD,
	CONFIG_WORDS,
	/* combinations of `words` by "+" */
	CONFIG_SANITIZERS,
	CONFIG_UINT,
	/* "auto" (0) or a number */
	CONFIG_JOBS,
	CONFIG_SIZE,
	CONFIG_DURATION,
	CONFIG_BOOL,
	CONFIG_REGEXES,
	CONFIG_ENV,
	CONFIG_URL,
};

/* One row a key: generates parsing, defaults, and the reference in README and man page. */
struct config_key {
	/* "harnesses.*.timeout"; a key of `build` is one of `targets.*` too */
	const char *path;
	/* in words, for people */
	const char *type;
	/* YAML; in brackets: said in words; NULL: none */
	const char *def;
	const char *help;
	enum config_kind kind;
	bool required;
	/* of the field, in the struct that its section fills */
	size_t off;
	/* of numbers, sizes (bytes), durations (ms) */
	uint64_t min, max;
	/* NULL-terminated */
	const char *const *words;
};
/* ends with a NULL path */
extern const struct config_key config_keys[];

/* The part of a path behind its last dot. */
const char *key_leaf(const struct config_key *key);

#endif
