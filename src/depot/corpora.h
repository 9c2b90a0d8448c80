/*
 * Corpora of a shared store: each machine has its folders, flat, as engines read them; this brings in what others found and
 * gives them what is new here. A folder's files are never changed, and what left a corpus for all leaves each folder.
 */
#ifndef DEPOT_CORPORA_H
#define DEPOT_CORPORA_H

#include "base/strlist.h"
#include "project/project.h"

struct depot;

/* What this process knows of each corpus. NULL: the store isn't shared, folders are all there is. p stays the caller's. */
struct depot *depot_open(struct project *p);
/* NULL is fine. */
void depot_close(struct depot *d);
/*
 * Both ways, of one harness; d NULL: nothing. Costs a query and a look at the folder where nothing is new. An input of the
 * store that doesn't match its name is told of and left there.
 */
int depot_sync(struct depot *d, const char *harness, struct err *err);
/* It came from another machine, to this process: no engine of this one found it. */
bool depot_came(struct depot *d, const char *harness, const char *sha1);
/* Its folder was removed: all of it comes again when it is needed. */
void depot_forget(struct depot *d, const char *harness);
/* These are needed no more. In a store that isn't shared nothing is known of them. */
int depot_drop(
	struct project *p, const char *harness, const struct strlist *names, struct err *err);
/* Once both ways, before and after what works on the folder. Of a store that isn't shared: nothing. */
int depot_bring(struct project *p, const char *harness, struct err *err);
/* The same after somebody put inputs into the folder: what others needed no more is in the corpus again. */
int depot_give(struct project *p, const char *harness, struct err *err);

#endif
