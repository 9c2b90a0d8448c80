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
#ifndef STORE_DISPOSITIONS_H
#define STORE_DISPOSITIONS_H

#include "base/buf.h"
#include "base/err.h"

#define DISPOSITION_ID_LEN 16
#define DISPOSITIONS_FILE "thresh.verdicts"

enum disposition_kind { DISPOSITION_MERGE, DISPOSITION_SPLIT, DISPOSITION_IGNORE };

struct disposition {
	enum disposition_kind kind;
	char id[DISPOSITION_ID_LEN + 1]; /* the bug it is about; of a merge: B, the one that ends */
	char into[DISPOSITION_ID_LEN + 1]; /* of a merge: A; else "" */
	uint64_t until_ms;                 /* of an ignore: 0 without an end */
	char *why;                         /* of an ignore; owned by the list it is in */
	unsigned line;                     /* in the text; 0 in one not yet added */
};

struct dispositions {
	struct disposition *v; /* in the order of the text */
	size_t n, cap;
	struct buf text; /* what save writes */
	char *name;      /* the file, for messages */
};

#define DISPOSITIONS_INIT                        \
	{                                        \
		NULL, 0, 0, { NULL, 0, 0 }, NULL \
	}

/*
 * Text -> verdicts; out is fresh or released. A word that isn't understood, a bug merged twice, a circle of merges, a
 * bug both merged and split, and the marks of a git conflict are ERR_USAGE with name:line; out is then empty.
 */
int dispositions_parse(
	struct dispositions *out, struct strv text, const char *name, struct err *err);
void dispositions_release(struct dispositions *v);

/*
 * Add a decision, or change an earlier one: a merge replaces a split or merge of the same bug, a split its merge, an
 * ignore its ignore. The same once more changes nothing. -1, with nothing changed: an id that is none, an ignore
 * without a reason, a merge that would close a circle. New strings are copied; v's entries move.
 */
int dispositions_add(struct dispositions *v, const struct disposition *add, struct err *err);
/* Take the lines of this kind about this bug out; how many. */
size_t dispositions_remove(struct dispositions *v, enum disposition_kind kind, const char *id);

/* The bug that findings of this signature, or of this bug, belong to: follows merges. out may be signature itself. */
void dispositions_resolve(
	const struct dispositions *v, const char *signature, char out[DISPOSITION_ID_LEN + 1]);
/* Split: never to be joined to another bug by an alias or a rule. */
bool dispositions_is_split(const struct dispositions *v, const char *signature);
/* The ignore that holds now for this bug or one merged into it; NULL for none. */
const struct disposition *dispositions_ignored(
	const struct dispositions *v, const char *id, uint64_t now_ms);

/* "2027-01-31" <-> the start of that day, UTC. -1 when it is no day from 1970 to 9999. */
int disposition_date_parse(struct strv s, uint64_t *ms);
#define DISPOSITION_DATE_LEN 11
void disposition_date(uint64_t ms, char out[DISPOSITION_DATE_LEN]);

/* A missing file is an empty list; save leaves it missing when nothing was ever added. */
int dispositions_load(struct dispositions *out, const char *path, struct err *err);
int dispositions_save(const struct dispositions *v, const char *path, struct err *err);

#endif
