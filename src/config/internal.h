/* What reading a value needs to know, shared by what reads the tree and what reads values. */
#ifndef CONFIG_INTERNAL_H
#define CONFIG_INTERNAL_H

#include "config/config.h"
#include "config/doc.h"

/* rows of config_keys */
#define READER_KEYS_MAX 64
/* harnesses; targets */
#define READER_NAMES_MAX 1000
/* pairs and items looked at: aliases can't multiply beyond */
#define READER_BUDGET 100000

struct reader {
	struct doc doc;
	struct err *err;
	struct config *c;
	/* dir, as the start of a glob(3) pattern */
	const char *dir_pattern;
	/* " in harness x": behind a key in messages */
	const char *where;
	size_t budget;
};

/* value.c. Convert n into the field of base that key describes. Places and words of errors are n's. */
int value_set(struct reader *r, const struct config_key *key, const struct node *n, void *base);
/* Take one from the budget; an error at n when there is nothing left. */
int reader_spend(struct reader *r, const struct node *n);

#endif
