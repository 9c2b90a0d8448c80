/*
 * What all engines share: the time of a slice, one report per failing input, the words an engine prints, and that
 * nothing of it is left running.
 */
#ifndef ENGINE_SLICE_H
#define ENGINE_SLICE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "engine/engine.h"
#include "proc/proc.h"

struct known;

struct slice {
	const struct engine_job *job;
	engine_found_fn found;
	engine_tick_fn tick;
	void *arg;
	struct engine_stats *stats;
	/* absolute; scratch is the engine's working directory */
	char *corpus, *work, *scratch;
	/* failing inputs that couldn't be handed over, as KIND-SHA1 */
	char *unstored;
	/* the same, held: what a target does to the paths leads nowhere else */
	int corpus_fd, work_fd, scratch_fd, unstored_fd;
	uint64_t start_ms, end_ms, ticked_ms, swept_ms, offered_ms;
	time_t start_wall;
	/* a callback or an interrupt ended it */
	bool stopped;
	/* what was handed over in this slice */
	struct known *known;
	/* by the engine: its target can write to that folder */
	bool corpus_writable;
	/* children that we had before: not the engine's */
	pid_t *others;
	size_t n_others, cap_others;
	/* by the engine: of the work directory, only what slice_dir gave it */
	struct strlist writable;
};

/* Directories, and what earlier slices couldn't hand over. -1: they can't be made. End it with slice_end in any case. */
int slice_begin(struct slice *s, const struct engine_job *job, engine_found_fn found,
	engine_tick_fn tick, void *arg, struct engine_stats *stats, struct err *err);
/* Ends every process that is left, empties the scratch directory, names new corpus files by their content. */
void slice_end(struct slice *s);
/* No time left, or told to stop. */
bool slice_over(const struct slice *s);
uint64_t slice_left_ms(const struct slice *s);
/*
 * What one input may take: the harness's limit, or less in a slice that a few of those would use up. What runs into it is
 * judged by the whole limit later.
 */
uint64_t slice_timeout_ms(const struct slice *s);
/* Calls tick about once a second, keeps the scratch directory small. Call it often. */
void slice_beat(struct slice *s);
/*
 * A folder below the work directory, made anew where something else is in its place: its descriptor, and its path, which
 * the caller frees. What the engine may write to is trusted by nobody.
 */
int slice_dir(struct slice *s, const char *name, bool writable, char **path, struct err *err);
/*
 * Hand a failing input over, a file of that folder, once in a slice. True: it is stored, or kept in a place of the
 * slice's own, and the file may go; false: it must stay where it is. f's path is filled in.
 */
bool slice_report(struct slice *s, int dir, const char *name, const struct engine_find *f);
/* The harness's own environment, behind what the engine needs and only where that says nothing. */
void slice_env(const struct slice *s, struct strlist *env);
/* What the harness's own environment says of a sanitizer, in front of ours, which goes before: "", or with a ':' behind. */
char *slice_options(const struct slice *s, const char *name);
/*
 * What to start: the executable, or, where files are to be shown beside it, a link to it that has them, below the working
 * directory (NULL: in it). The caller frees; NULL: they can't be shown.
 */
char *slice_exe(const struct slice *s, const char *exe, const char *below, struct err *err);
/* Kill p and all that came from it, its own sessions included. */
void slice_kill(struct slice *s, struct proc *p);

/* SHA-1 of a file's bytes. -1: unreadable, no file of ours, or larger than max. content may be NULL. */
int slice_sha1(int dir, const char *name, uint64_t max, char hex[SHA1_HEX], struct buf *content);
bool is_sha1_name(const char *name);

#endif
