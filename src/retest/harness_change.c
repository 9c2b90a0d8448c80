/*
 * What is kept of a harness, as facts in the store: the hash of its source and private headers, their text below that
 * hash, and the trail of the bug's input on the cov build. The former harness on today's library decides where it can
 * be built: that it passes there is the library's doing. A script builds what it wants, so there the trail has to
 * tell.
 */
#include "base/prelude.h"
#include "retest/harness_change.h"
#include "base/fs.h"
#include "base/mem.h"
#include "project/harness_source.h"
#include "retest/exec_trace.h"

#define SOURCE_MAX ((uint64_t)16 << 20)
#define FRAMES_MAX 32
#define ENTRY "LLVMFuzzerTestOneInput"
#define FORMER ".former" /* no target of the project file can be called so */

static char *fact_key(const char *what, const char *id)
{
	return xasprintf("%s/%s", what, id);
}

static int fact_get(
	struct project *p, const char *what, const char *id, char **value, struct err *err)
{
	char *key = fact_key(what, id);
	int rc;

	*value = NULL;
	rc = store_fact_get(p->store, key, value, err);
	free(key);
	return rc;
}

static int fact_set(
	struct project *p, const char *what, const char *id, const char *value, struct err *err)
{
	char *key = fact_key(what, id);
	int rc = store_fact_set(p->store, key, value, err);

	free(key);
	return rc;
}

/* Kept for the site; in stores from before there were sites, for the bug. */
static int fact_of(struct project *p, const char *what, const struct bug_details *l, char **value,
	struct err *err)
{
	int rc = l->site[0] ? fact_get(p, what, l->site, value, err) : 1;

	return rc == 1 ? fact_get(p, what, l->bug.id, value, err) : rc;
}

static const char *keeper(const struct bug_details *l)
{
	return l->site[0] ? l->site : l->bug.id;
}

/* --- trails --- */

struct tracing {
	struct project *project;
	const char *exe;
	struct exec_trace *trail;
	struct exec_trace_text *texts; /* of trail->v[i]'s file while it is made: by path */
	char **paths;
	size_t n, cap, cap_paths;
	char *entry; /* the file of the harness's entry */
};

/* As the project sees it. */
static const char *relative(const struct project *p, const char *path)
{
	return fs_below(p->cfg->dir, path);
}

static void read_text(const struct project *p, const char *path, struct exec_trace_text *out)
{
	char *full = fs_join(p->cfg->dir, path);
	struct buf b = BUF_INIT;

	*out = (struct exec_trace_text){ .n = 0 };
	if (fs_read(full, SOURCE_MAX, &b, NULL) == 0)
		exec_trace_read(out, strv_n(buf_str(&b), b.len));
	buf_release(&b);
	free(full);
}

static const struct exec_trace_text *text_of(struct tracing *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->paths[i], path) == 0)
			return &t->texts[i];
	GROW(t->paths, t->n, t->cap_paths);
	GROW(t->texts, t->n, t->cap);
	t->paths[t->n] = xstrdup(path);
	read_text(t->project, path, &t->texts[t->n]);
	return &t->texts[t->n++];
}

static void add_place(struct tracing *t, uint32_t offset, uint32_t hits)
{
	struct symbol_frame f[FRAMES_MAX];
	size_t n = symbol_lookup(t->project->symbols, t->exe, NULL, offset, false, f, ARRAY_LEN(f));
	const struct exec_trace_text *text;
	const char *path;

	if (n && strcmp(f[n - 1].function, ENTRY) == 0 && !t->entry && *f[n - 1].file)
		t->entry = xstrdup(relative(t->project, f[n - 1].file));
	if (!n || !*f[0].file || !f[0].line)
		return;
	path = relative(t->project, f[0].file);
	text = text_of(t, path);
	if (f[0].line <= text->n)
		exec_trace_add(t->trail, path, text->sha256, text->lines[f[0].line - 1], hits,
			f[0].function);
}

static void add_places(struct tracing *t, const uint32_t *v, size_t n)
{
	struct symbol_request *req = xcalloc(n / 2 + 1, sizeof(*req));

	for (size_t i = 0; i < n / 2; i++)
		req[i] = (struct symbol_request){ .module = t->exe, .offset = v[2 * i] };
	symbol_prefetch(t->project->symbols, req, n / 2);
	free(req);
	for (size_t i = 0; i < n / 2; i++)
		add_place(t, v[2 * i], v[2 * i + 1]);
	exec_trace_sort(t->trail);
}

struct places {
	struct target_input in;
	bool given;
	uint32_t *v;
	size_t n;
};

static bool next_input(void *arg, struct target_input *in)
{
	struct places *p = arg;

	if (p->given)
		return false;
	*in = p->in;
	return p->given = true;
}

static int take_places(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct places *p = arg;

	(void)in;
	p->n = r->n_features & ~(size_t)1;
	p->v = xmalloc((p->n + 1) * sizeof(*p->v));
	if (p->n)
		memcpy(p->v, r->features, p->n * sizeof(*p->v));
	return 0;
}

/* The trail of the bug's input, and the file of the harness's entry (or NULL), which the caller frees. */
static int trace(struct project *project, const struct config_harness *h, const char *target,
	const struct bug_details *l, struct exec_trace *out, char **entry, struct err *err)
{
	struct tracing t = { .project = project, .trail = out };
	struct places p = {
		.in = { .data = buf_str(&l->input), .len = l->input.len, .alone = true }
	};
	const struct config_build *over = target ? config_build(project->cfg, target) : NULL;
	struct target *cov =
		project_target_with(project, h, VARIANT_COV, target, 1, TARGET_PLACES, err);
	char *exe = build_path(project->cfg, h, over, VARIANT_COV);
	int rc = -1;

	*out = (struct exec_trace){ .n = 0 };
	*entry = NULL;
	t.exe = exe;
	if (!cov || project_need_symbols(project, err) < 0 ||
		target_run(cov, NULL, next_input, take_places, &p, err) < 0)
		goto out;
	add_places(&t, p.v, p.n);
	*entry = t.entry;
	rc = out->n ? 0 : err_set(err, "its build with coverage tells no lines");
out:
	for (size_t i = 0; i < t.n; i++) {
		exec_trace_text_release(&t.texts[i]);
		free(t.paths[i]);
	}
	free(t.texts);
	free(t.paths);
	free(p.v);
	free(exe);
	return rc;
}

/* --- what is kept --- */

/* The file that a hash is kept of: the declared source, else where the entry was seen. NULL: unknown. */
static char *harness_path(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err)
{
	char *entry = NULL, *path;

	if (h->source)
		return xstrdup(h->source);
	if (fact_of(p, "harness-file", l, &entry, err) != 0)
		return NULL;
	path = fs_join(p->cfg->dir, entry);
	free(entry);
	return path;
}

static int keep_harness(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err)
{
	char *path = harness_path(p, h, l, err);
	struct harness_source f = HARNESS_SOURCE_INIT;
	int rc = 0;

	if (path && harness_source_read(path, h->build, &f) == 0) {
		rc = fact_set(p, "harness-of", keeper(l), f.hex, err);
		if (rc == 0 && h->source && strlen(buf_str(&f.source)) == f.source.len)
			rc = fact_set(p, "harness-text", f.hex, buf_str(&f.source), err);
		if (rc == 0 && h->source && f.headers.len)
			rc = fact_set(p, "harness-headers", f.hex, buf_str(&f.headers), err);
	}
	harness_source_release(&f);
	free(path);
	return rc;
}

int harness_change_remember(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err)
{
	struct buf text = BUF_INIT;
	struct err why = ERR_INIT;
	struct exec_trace t;
	char *entry;
	int rc = 0;

	if (trace(p, h, NULL, l, &t, &entry, &why) == 0) {
		exec_trace_format(&text, &t);
		rc = fact_set(p, "trail", keeper(l), buf_str(&text), err);
		if (rc == 0 && entry)
			rc = fact_set(p, "harness-file", keeper(l), entry, err);
	} else {
		rc = fact_set(p, "trail", keeper(l), NULL, err);
	}
	if (rc == 0)
		rc = keep_harness(p, h, l, err);
	exec_trace_release(&t);
	buf_release(&text);
	free(entry);
	return rc;
}

int harness_change_seen(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err)
{
	char *was = NULL, *path;
	struct harness_source f = HARNESS_SOURCE_INIT;
	int rc = fact_of(p, "harness-of", l, &was, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	path = harness_path(p, h, l, err);
	rc = 1; /* a file that isn't there any more was replaced */
	if (path && harness_source_read(path, h->build, &f) == 0)
		rc = strcmp(f.hex, was) != 0;
	harness_source_release(&f);
	free(path);
	free(was);
	return rc;
}

int harness_change_is_stale(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err)
{
	char *trail = NULL;
	int rc = fact_of(p, "trail", l, &trail, err);

	free(trail);
	return rc != 0 ? rc : harness_change_seen(p, h, l, err);
}

/* --- the questions --- */

static struct strv top_frame(const struct bug_details *l)
{
	struct strv rest = strv_of(l->bug.frames), top = { "", 0 };

	strv_split(&rest, '|', &top);
	return top;
}

/* By its end: the project may have moved since. */
static bool fails_in(const struct bug_details *l, const char *file)
{
	const struct crash_stack *s = l->report ? crash_fault_stack(l->report) : NULL;
	struct strv top = top_frame(l);
	char *tail = xasprintf("/%s", file);
	bool in = false;

	for (size_t i = 0; s && !in && i < s->n; i++) {
		const struct crash_frame *f = &s->frames[i];

		in = f->name && f->file && strv_eqs(top, f->name) &&
		     strv_ends(strv_of(f->file), tail[1] == '/' ? tail + 1 : tail);
	}
	free(tail);
	return in;
}

bool harness_change_in_harness(
	const struct project *p, const struct config_harness *h, const struct bug_details *l)
{
	struct harness_source f = HARNESS_SOURCE_INIT;
	bool in = h->source && fails_in(l, relative(p, h->source));
	char *dir = h->source ? fs_dirname(h->source) : NULL;

	if (h->source && !in && harness_source_read(h->source, h->build, &f) == 0) {
		for (size_t i = 0; i < f.names.n && !in; i++) {
			char *path = fs_join(dir, f.names.v[i]);

			in = fails_in(l, relative(p, path));
			free(path);
		}
	}
	harness_source_release(&f);
	free(dir);
	return in;
}

static char *compare(struct project *p, const struct exec_trace *was, const struct exec_trace *now,
	struct strv prefer)
{
	struct exec_trace_text *today = xcalloc(was->n + 1, sizeof(*today));
	const char *lost;

	for (size_t i = 0; i < was->n; i++)
		read_text(p, was->v[i].path, &today[i]);
	lost = exec_trace_lost(was, now, today, prefer);
	for (size_t i = 0; i < was->n; i++)
		exec_trace_text_release(&today[i]);
	free(today);
	return lost ? xstrdup(lost) : NULL;
}

enum harness_change harness_change_check(struct project *p, const struct config_harness *h,
	const char *target, const struct bug_details *l, char **why)
{
	struct exec_trace was = { .n = 0 }, now = { .n = 0 };
	char *kept = NULL, *entry = NULL, *lost = NULL;
	enum harness_change answer = HARNESS_CHANGE_UNKNOWN;
	struct err err = ERR_INIT;

	*why = NULL;
	if (fact_of(p, "trail", l, &kept, &err) != 0 || exec_trace_parse(strv_of(kept), &was) < 0 ||
		!was.n) {
		*why = xstrdup("where the input went when it was filed isn't known");
	} else if (trace(p, h, target, l, &now, &entry, &err) < 0) {
		*why = xasprintf("where the input goes today isn't known: %s", err.msg);
	} else {
		lost = compare(p, &was, &now, top_frame(l));
		answer = lost ? HARNESS_CHANGE_NO : HARNESS_CHANGE_YES;
		if (lost)
			*why = xasprintf(
				"the input doesn't get as far in %s as when it was filed", lost);
	}
	exec_trace_release(&was);
	exec_trace_release(&now);
	free(lost);
	free(entry);
	free(kept);
	return answer;
}

/* The text on the disk, where a compiler finds it, below a name that says what it is. */
static char *put_former(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err)
{
	char *hex = NULL, *text = NULL, *headers = NULL, *dir = NULL, *path = NULL;

	if (fact_of(p, "harness-of", l, &hex, err) != 0 ||
		fact_get(p, "harness-text", hex, &text, err) != 0 ||
		fact_get(p, "harness-headers", hex, &headers, err) < 0) {
		if (!err->msg[0])
			err_set(err, "the harness as it was isn't kept");
		goto out;
	}
	dir = xasprintf("%s/former/%.16s", p->state_dir, hex);
	path = harness_source_write(dir, fs_basename(h->source), text, headers ? headers : "", err);
out:
	free(hex);
	free(text);
	free(headers);
	free(dir);
	return path;
}

struct target *harness_change_former_target(struct project *p, const struct config_harness *h,
	const char *target, const struct bug_details *l, struct err *err)
{
	const struct config_build *over = target ? config_build(p->cfg, target) : h->build;
	struct config_harness former = *h;
	struct config_build build = *over;
	struct target *t = NULL;
	char *path, *dir;

	if (!h->source || build.script) {
		err_set(err, "a script builds it");
		return NULL;
	}
	path = put_former(p, h, l, err);
	if (!path)
		return NULL;
	/* what it includes lies where it lay */
	dir = fs_dirname(h->source);
	build.include.v = xcalloc(over->include.n + 2, sizeof(*build.include.v));
	for (size_t i = 0; i < over->include.n; i++)
		build.include.v[i] = over->include.v[i];
	build.include.v[build.include.n++] = dir;
	build.name = FORMER;
	former.source = path;
	t = project_target_open(p, &former, VARIANT_ASAN, &build, 1, 0, err);
	free(build.include.v);
	free(dir);
	free(path);
	return t;
}
