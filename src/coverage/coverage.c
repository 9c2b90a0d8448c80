/* Build, list, and either remember or measure. */
#include "base/prelude.h"
#include "coverage/coverage.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "coverage/export.h"
#include "target/libraries.h"

#define FORMAT "thresh coverage 1"
#define KEPT_MAX ((uint64_t)2 << 30)
#define EXE_MAX ((uint64_t)4 << 30)

void coverage_release(struct coverage *c)
{
	coverage_model_release(&c->model);
	coverage_changes_release(&c->changes);
	strlist_release(&c->objects);
	free(c->profile);
	*c = (struct coverage){ NULL };
}

/* Names the question: this program, these inputs. */
static int make_key(const struct coverage *c, const struct coverage_inputs *in,
	char key[SHA256_HEX], struct err *err)
{
	struct buf b = BUF_INIT;
	struct hasher *h = hasher_new();
	int rc = 0;

	hasher_adds(h, FORMAT);
	for (size_t i = 0; rc == 0 && i < c->objects.n; i++) {
		buf_reset(&b);
		rc = fs_read(c->objects.v[i], EXE_MAX, &b, err);
		hasher_add(h, buf_str(&b), b.len);
	}
	for (size_t i = 0; i < in->n; i++)
		hasher_adds(h, in->v[i].id);
	hasher_end(h, key);
	buf_release(&b);
	return rc;
}

static uint64_t number_of(const cJSON *j, const char *key)
{
	const cJSON *n = cJSON_GetObjectItemCaseSensitive(j, key);

	return cJSON_IsNumber(n) && n->valuedouble > 0 && n->valuedouble < 9e15
		       ? (uint64_t)n->valuedouble
		       : 0;
}

static bool has_text(const cJSON *j, const char *key, const char *want)
{
	const cJSON *s = cJSON_GetObjectItemCaseSensitive(j, key);

	return cJSON_IsString(s) && !strcmp(s->valuestring, want);
}

/* What was kept the last time; NULL: nothing that can be read. */
static cJSON *load(const char *path)
{
	struct buf b = BUF_INIT;
	cJSON *j = NULL;

	if (fs_read(path, KEPT_MAX, &b, NULL) == 0)
		j = cJSON_ParseWithLength(buf_str(&b), b.len);
	buf_release(&b);
	if (j && !has_text(j, "format", FORMAT)) {
		cJSON_Delete(j);
		j = NULL;
	}
	return j;
}

/* key: of the question that has to be its answer's; NULL: any. */
static bool take_over(const cJSON *kept, const char *key, struct coverage *out)
{
	const cJSON *export = cJSON_GetObjectItemCaseSensitive(kept, "export");

	if (!kept || (key && (!has_text(kept, "key", key) || !fs_is_file(out->profile))) ||
		coverage_export_parse(export, &out->model, NULL) < 0) {
		coverage_model_release(&out->model);
		return false;
	}
	out->cached = true;
	out->inputs.ran = number_of(kept, "ran");
	out->inputs.failed = number_of(kept, "failed");
	out->skipped = number_of(kept, "skipped");
	out->measured_ms = number_of(kept, "measured_ms");
	out->before_ms = number_of(kept, "before_ms");
	coverage_changes_parse(cJSON_GetObjectItemCaseSensitive(kept, "changes"), &out->changes);
	return true;
}

/* The next answer, and what the next measurement is compared with. */
static int keep(const struct coverage *c, const char *path, const char *key,
	const struct coverage_memory *now, cJSON *export, struct err *err)
{
	cJSON *j = cJSON_CreateObject();
	char *text;
	int rc;

	cJSON_AddStringToObject(j, "format", FORMAT);
	/* inputs that went away meanwhile may be there again */
	cJSON_AddStringToObject(j, "key", c->inputs.vanished ? "" : key);
	cJSON_AddNumberToObject(j, "ran", (double)c->inputs.ran);
	cJSON_AddNumberToObject(j, "failed", (double)c->inputs.failed);
	cJSON_AddNumberToObject(j, "skipped", (double)c->skipped);
	cJSON_AddNumberToObject(j, "measured_ms", (double)c->measured_ms);
	cJSON_AddNumberToObject(j, "before_ms", (double)c->before_ms);
	cJSON_AddItemToObject(j, "changes", coverage_changes_json(&c->changes));
	cJSON_AddItemToObject(j, "functions", coverage_memory_json(now));
	cJSON_AddItemToObject(j, "export", export);
	text = cJSON_PrintUnformatted(j);
	rc = text ? fs_write(path, text, strlen(text), 0600, err)
		  : err_refused(err, "%s: no memory", path);
	cJSON_free(text);
	cJSON_DetachItemViaPointer(j, export);
	cJSON_Delete(j);
	return rc;
}

static void compare(const cJSON *kept, struct coverage_memory *now, struct coverage *out)
{
	struct coverage_memory before = { NULL };

	if (!kept)
		return;
	out->before_ms = number_of(kept, "measured_ms");
	coverage_memory_parse(cJSON_GetObjectItemCaseSensitive(kept, "functions"), &before);
	coverage_compare(&before, now, &out->changes);
	coverage_memory_release(&before);
}

/* The model from the profile, compared and kept. */
static int finish(const struct coverage_llvm *l, const cJSON *kept, const char *profile,
	const char *path, const char *key, struct coverage *out, struct err *err)
{
	struct coverage_texts *texts = coverage_texts_new();
	struct coverage_memory now = { NULL };
	struct buf text = BUF_INIT;
	struct err why = ERR_INIT;
	cJSON *export = NULL;
	int rc = coverage_llvm_export(l, &out->objects, profile, &text, err);

	if (rc == 0) {
		export = cJSON_ParseWithLength(buf_str(&text), text.len);
		buf_release(&text);
		rc = coverage_export_parse(export, &out->model, err);
	}
	if (rc == 0) {
		coverage_remember(&out->model, texts, &now);
		compare(kept, &now, out);
		coverage_export_trim(export);
		if (fs_copy(profile, out->profile, 0600, &why) < 0 ||
			keep(out, path, key, &now, export, &why) < 0)
			log_warn("coverage isn't remembered: %s", why.msg);
	}
	cJSON_Delete(export);
	buf_release(&text);
	coverage_memory_release(&now);
	coverage_texts_free(texts);
	return rc;
}

static int measure(struct project *p, struct coverage_inputs *in, const cJSON *kept,
	const char *path, const char *key, struct coverage *out, struct err *err)
{
	char *work = fs_tmpdir("thresh-cover", err), *profile = NULL;
	struct coverage_llvm l = { &p->tools, project_sandbox(p), work, p->cfg->dir };
	int rc = work ? coverage_llvm_check_version(&p->tools, err) : -1;

	if (rc == 0) {
		profile = fs_join(work, "all.profdata");
		rc = coverage_gather(p, out->h, &l, in, profile, &out->inputs, err);
	}
	out->measured_ms = clock_wall_ms();
	if (rc == 0)
		rc = finish(&l, kept, profile, path, key, out, err);
	if (work)
		fs_remove_tree(work, NULL);
	free(work);
	free(profile);
	return rc;
}

/* It has a map of lines to counters, in a section of that name. */
static bool has_map(const char *path)
{
	struct buf b = BUF_INIT;
	bool has = fs_read(path, EXE_MAX, &b, NULL) == 0 &&
		   strv_find(strv_n(buf_str(&b), b.len), "__llvm_covmap") != SIZE_MAX;

	buf_release(&b);
	return has;
}

/* Of shared libraries only those that count: llvm-cov fails on others. */
static void add_objects(const char *exe, struct strlist *out)
{
	struct strlist libraries = STRLIST_INIT;

	strlist_add(out, exe);
	libraries_list(exe, &libraries);
	for (size_t i = 0; i < libraries.n; i++)
		if (has_map(libraries.v[i]))
			strlist_add(out, libraries.v[i]);
	strlist_release(&libraries);
}

static int build(struct project *p, struct coverage *out, struct err *err)
{
	struct build_result built = { 0 };
	int rc = project_need_tools(p, err);

	if (rc == 0)
		rc = coverage_llvm_check(&p->tools, err);
	if (rc == 0)
		rc = build_variant(
			p->cfg, out->h, NULL, VARIANT_LINES, &p->tools, p->jobs, &built, err);
	if (rc == 0)
		add_objects(built.exe, &out->objects);
	build_result_release(&built);
	return rc;
}

int coverage_measure(struct project *p, const struct config_harness *h,
	const struct coverage_opts *opts, struct coverage *out, struct err *err)
{
	char *dir = opts->inputs ? xasprintf("%s.coverage", opts->inputs)
				 : fs_join(p->state_dir, "coverage");
	char *path = xasprintf("%s/%s.json", dir, h->name), key[SHA256_HEX];
	struct coverage_inputs in = { NULL };
	cJSON *kept = NULL;
	int rc = -1;

	*out = (struct coverage){ .h = h, .profile = xasprintf("%s/%s.profdata", dir, h->name) };
	if (coverage_inputs_list(p, h, opts->inputs, opts->tests, &in, err) < 0)
		goto out;
	if (!in.n) {
		err_usage(err,
			"%s: it has no corpus yet, and no regression tests: `thresh run` or "
			"`thresh import` makes one",
			h->name);
		goto out;
	}
	out->skipped = in.skipped;
	if (build(p, out, err) < 0 || fs_mkdirs(dir, err) < 0 || make_key(out, &in, key, err) < 0)
		goto out;
	kept = load(path);
	if (!opts->fresh && take_over(kept, key, out))
		rc = 0;
	else
		rc = measure(p, &in, kept, path, key, out, err);
out:
	cJSON_Delete(kept);
	coverage_inputs_release(&in);
	free(path);
	free(dir);
	return rc;
}

bool coverage_last(const struct project *p, const struct config_harness *h, struct coverage *out)
{
	char *path = xasprintf("%s/coverage/%s.json", p->state_dir, h->name);
	cJSON *kept = load(path);
	bool found;

	*out = (struct coverage){ .h = h };
	found = take_over(kept, NULL, out);
	cJSON_Delete(kept);
	free(path);
	return found;
}

int coverage_html(struct project *p, const struct coverage *c, size_t n, const char *dir,
	struct buf *said, struct err *err)
{
	struct strlist objects = STRLIST_INIT, profiles = STRLIST_INIT;
	char *work = fs_tmpdir("thresh-cover", err), *all = NULL, *abs = fs_abspath(dir);
	struct coverage_llvm l = { &p->tools, project_sandbox(p), work, p->cfg->dir };
	int rc = work ? fs_mkdirs(abs, err) : -1;

	for (size_t i = 0; i < n; i++) {
		strlist_add_all(&objects, &c[i].objects);
		strlist_add(&profiles, c[i].profile);
	}
	if (rc == 0) {
		all = fs_join(work, "all.profdata");
		rc = coverage_llvm_merge(&l, &profiles, all, err);
	}
	if (rc == 0)
		rc = coverage_llvm_html(&l, &objects, all, abs, said, err);
	if (work)
		fs_remove_tree(work, NULL);
	free(work);
	free(all);
	free(abs);
	strlist_release(&objects);
	strlist_release(&profiles);
	return rc;
}
