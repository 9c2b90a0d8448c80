/*
 * A process writes its counters when its inputs are through; one that a signal ends writes nothing. Writing them then was
 * thought of and dropped: the handler may have interrupted malloc(), and counters of code that was left halfway say
 * that all of it ran, since clang counts only where ways part. So what fails is told and left out.
 */
#include "base/prelude.h"
#include "coverage/gather.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "target/target.h"
#include <unistd.h>

/* Runs over all, each without those that failed in the one before; in the last each input has a process of its own. */
#define PASSES 4
/* Of one target: its own, and those of libraries that are instrumented. */
#define PROFILES_MAX 64
#define PROFILE_MAX ((uint64_t)1 << 30)

struct pass {
	struct coverage_inputs *in;
	struct buf *data;
	size_t next;
	bool apart;
	size_t ran, failed, not_run, vanished;
};

static bool next_input(void *arg, struct target_input *in)
{
	struct pass *ps = arg;

	while (ps->next < ps->in->n && !proc_interrupted()) {
		size_t i = ps->next++;

		if (ps->in->v[i].failed)
			continue;
		if (dir_read_path(ps->in->v[i].path, COVERAGE_INPUT_MAX, &ps->data[i], NULL) < 0) {
			buf_release(&ps->data[i]);
			ps->vanished++;
			continue;
		}
		*in = (struct target_input){ .data = buf_str(&ps->data[i]),
			.len = ps->data[i].len,
			.tag = i,
			.alone = ps->apart };
		return true;
	}
	return false;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct pass *ps = arg;

	buf_release(&ps->data[in->tag]);
	if (r->outcome == TARGET_ERROR) {
		ps->not_run++;
	} else if (r->outcome == TARGET_OK || r->outcome == TARGET_REJECTED) {
		ps->ran++;
		/* it failed among others, and the profile of these is gone */
		ps->failed += r->stateful;
	} else {
		ps->failed++;
		ps->in->v[in->tag].failed = true;
	}
	return 0;
}

static int run_pass(struct project *p, const struct config_harness *h, const char *profiles,
	struct pass *ps, struct err *err)
{
	struct target_opts how = {
		.batch = ps->apart ? 1 : 0, .expect = ps->in->n, .what = "measuring lines"
	};
	struct target *t = project_target_profiled(p, h, p->jobs, profiles, err);
	int rc = -1;

	if (!t)
		return -1;
	ps->data = xcalloc(ps->in->n + 1, sizeof(*ps->data));
	rc = target_run(t, &how, next_input, one_done, ps, err);
	target_close(t);
	for (size_t i = 0; i < ps->in->n; i++)
		buf_release(&ps->data[i]);
	free(ps->data);
	if (rc == 0 && proc_interrupted())
		rc = err_set(err, "interrupted");
	if (rc == 0 && ps->not_run)
		rc = err_refused(err, "%zu inputs could not be run here", ps->not_run);
	return rc;
}

/* What the target left, whatever it left: regular files of a name that its runtime gives, brought to where it can't write. */
static int take_profiles(
	const char *profiles, const char *work, struct strlist *out, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int dir = dir_open(profiles, err), rc = dir < 0 ? -1 : dir_list(dir, &names, err);

	for (size_t i = 0; rc == 0 && i < names.n && out->n < PROFILES_MAX; i++) {
		struct buf b = BUF_INIT;
		char *to = xasprintf("%s/%zu.profraw", work, i);

		if (strv_ends(strv_of(names.v[i]), ".profraw") &&
			dir_read(dir, names.v[i], PROFILE_MAX, &b, NULL) == 0 && b.len) {
			rc = fs_write(to, b.s, b.len, 0600, err);
			strlist_add(out, to);
		}
		buf_release(&b);
		free(to);
	}
	if (dir >= 0)
		close(dir);
	strlist_release(&names);
	return rc;
}

static int merge(const struct config_harness *h, const struct coverage_llvm *l,
	const char *profiles, const char *to, struct err *err)
{
	struct strlist raw = STRLIST_INIT;
	int rc = take_profiles(profiles, l->work, &raw, err);

	if (rc == 0 && !raw.n)
		rc = err_set(err,
			"its lines build left no profile; is it linked with the flags that the "
			"build gives (`thresh build %s`)?",
			h->name);
	if (rc == 0)
		rc = coverage_llvm_merge(l, &raw, to, err);
	for (size_t i = 0; i < raw.n; i++)
		fs_remove(raw.v[i], NULL);
	strlist_release(&raw);
	return rc;
}

/* clang's runtime takes a percent sign in the profiles' path for a directive, and knows no way to write one. */
static char *profiles_folder(struct err *err)
{
	char *profiles = fs_tmpdir("thresh-profiles", err);

	if (profiles && strchr(profiles, '%')) {
		fs_remove_tree(profiles, NULL);
		err_usage(err,
			"%s: profiles can't be written below a folder with %% in its name; set "
			"TMPDIR to another one",
			profiles);
		free(profiles);
		return NULL;
	}
	return profiles;
}

/* One pass into a folder of its own. */
static int try_pass(struct project *p, const struct config_harness *h,
	const struct coverage_llvm *l, struct pass *ps, const char *profile, struct err *err)
{
	char *profiles = profiles_folder(err);
	int rc = profiles ? run_pass(p, h, profiles, ps, err) : -1;

	if (rc == 0 && !ps->ran)
		rc = ps->failed
			     ? err_usage(err,
				       "all its inputs (%zu) fail on the lines build, and so none "
				       "of them counts",
				       ps->failed)
			     : err_usage(err, "none of its inputs can be read");
	/* else once more */
	if (rc == 0 && (!ps->failed || ps->apart))
		rc = merge(h, l, profiles, profile, err);
	if (profiles)
		fs_remove_tree(profiles, NULL);
	free(profiles);
	return rc;
}

int coverage_gather(struct project *p, const struct config_harness *h,
	const struct coverage_llvm *l, struct coverage_inputs *in, const char *profile,
	struct coverage_gathered *out, struct err *err)
{
	bool again = true;

	*out = (struct coverage_gathered){ 0 };
	for (int i = 0; again && i < PASSES; i++) {
		struct pass ps = { .in = in, .apart = i == PASSES - 1 };

		if (try_pass(p, h, l, &ps, profile, err) < 0)
			return err_prefix(err, "%s", h->name);
		again = ps.failed && !ps.apart;
		out->ran = ps.ran;
		out->vanished = ps.vanished;
	}
	for (size_t i = 0; i < in->n; i++)
		out->failed += in->v[i].failed;
	return 0;
}
