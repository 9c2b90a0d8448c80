/*
 * What people decided about bugs, in a text file fit for git (thresh.verdicts beside thresh.yaml), so that it outlives
 * the store, new signature rules and other machines. One verdict a line; blank lines and # comments are kept:
 *
 *     merge A B                               B is A: its findings belong to A
 *     split A                                 A is a bug of its own, whatever rules or aliases say
 *     ignore A until 2027-01-01 why TEXT      not shown as open before that day (UTC); "until DATE" may be left out
 *
 * A and B are ids: 16 hex digits. Merge and split may end in a # comment; TEXT runs to the end of its line. Changes
 * made by the program touch the lines they replace, and add theirs at the end; everything else stays byte for byte.
 */
#ifndef STORE_VERDICTS_H
#define STORE_VERDICTS_H

#include "base/buf.h"
#include "base/err.h"

#define VERDICT_ID_LEN 16
#define VERDICTS_FILE "thresh.verdicts"

enum verdict_kind { VERDICT_MERGE, VERDICT_SPLIT, VERDICT_IGNORE };

struct verdict {
	enum verdict_kind kind;
	char id[VERDICT_ID_LEN + 1];   /* the bug it is about; of a merge: B, the one that ends */
	char into[VERDICT_ID_LEN + 1]; /* of a merge: A; else "" */
	uint64_t until_ms;             /* of an ignore: 0 without an end */
	char *why;                     /* of an ignore; owned by the list it is in */
	unsigned line;                 /* in the text; 0 in one not yet added */
};

struct verdicts {
	struct verdict *v; /* in the order of the text */
	size_t n, cap;
	struct buf text; /* what save writes */
	char *name;      /* the file, for messages */
};

#define VERDICTS_INIT                            \
	{                                        \
		NULL, 0, 0, { NULL, 0, 0 }, NULL \
	}

/*
 * Text -> verdicts; out is fresh or released. A word that isn't understood, a bug merged twice, a circle of merges, a
 * bug both merged and split, and the marks of a git conflict are ERR_USAGE with name:line; out is then empty.
 */
int verdicts_parse(struct verdicts *out, struct strv text, const char *name, struct err *err);
void verdicts_release(struct verdicts *v);

/*
 * Add a decision, or change an earlier one: a merge replaces a split or merge of the same bug, a split its merge, an
 * ignore its ignore. The same once more changes nothing. -1, with nothing changed: an id that is none, an ignore
 * without a reason, a merge that would close a circle. New strings are copied; v's entries move.
 */
int verdicts_add(struct verdicts *v, const struct verdict *add, struct err *err);
/* Take the lines of this kind about this bug out; how many. */
size_t verdicts_remove(struct verdicts *v, enum verdict_kind kind, const char *id);

/* The bug that findings of this signature, or of this bug, belong to: follows merges. out may be signature itself. */
void verdicts_resolve(
	const struct verdicts *v, const char *signature, char out[VERDICT_ID_LEN + 1]);
/* Split: never to be joined to another bug by an alias or a rule. */
bool verdicts_is_split(const struct verdicts *v, const char *signature);
/* The ignore that holds now for this bug or one merged into it; NULL for none. */
const struct verdict *verdicts_ignored(const struct verdicts *v, const char *id, uint64_t now_ms);

/* "2027-01-31" <-> the start of that day, UTC. -1 when it is no day from 1970 to 9999. */
int verdict_date_parse(struct strv s, uint64_t *ms);
#define VERDICT_DATE_LEN 11
void verdict_date(uint64_t ms, char out[VERDICT_DATE_LEN]);

/* A missing file is an empty list; save leaves it missing when nothing was ever added. */
int verdicts_load(struct verdicts *out, const char *path, struct err *err);
int verdicts_save(const struct verdicts *v, const char *path, struct err *err);

#endif
