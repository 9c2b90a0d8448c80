/*
 * What is in $OUT after one build says which harnesses there are; what lies beside the script, or in the project, is named in
 * thresh.yaml where it is, and only what the build made itself is copied.
 */
#include "base/prelude.h"
#include "cli/init_oss_fuzz.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "build/image.h"
#include "config/names.h"
#include "proc/proc.h"
#include "project/project.h"
#include "scaffold/format.h"
#include "scaffold/options_file.h"
#include "survey/files.h"
#include <stdio.h>

#define TEXT_MAX ((uint64_t)1 << 20)
#define PROGRAM_MAX ((uint64_t)1 << 30)
#define ENTRY "LLVMFuzzerTestOneInput"
#define LOOK_UP_MS 10000

struct taking {
	const struct init_args *args;
	struct init_plan *plan;
	struct init_writing *w;
	/* absolute: of OSS-Fuzz, of the project, its script, where the build left its programs */
	char *dir, *top, *script, *out;
	struct image image;
	/* of the project, to know what the build only copied */
	struct files tree;
};

/* As thresh.yaml names it; the arena's. */
static const char *as_named(struct taking *t, const char *path)
{
	return arena_strdup(&t->plan->arena, fs_below(t->top, path));
}

/* --- project.yaml --- */

/* "key: value" of the top level, without quotes. */
static bool top_value(struct strv line, const char *key, struct strv *value)
{
	if (!strv_skip(&line, key) || !strv_skip(&line, ":"))
		return false;
	*value = strv_trim(line);
	while (value->len && strchr("\"'", value->s[0]))
		*value = strv_from(*value, 1);
	while (value->len && strchr("\"'", value->s[value->len - 1]))
		value->len--;
	return true;
}

static void take_sanitizers(struct taking *t, bool address, bool undefined, bool memory)
{
	struct strlist *s = &t->plan->build.sanitizers;

	if (!address && !undefined && !memory)
		return;
	if (address || undefined)
		strlist_addf(s, "%s%s%s", address ? "address" : "", address && undefined ? "+" : "",
			undefined ? "undefined" : "");
	if (memory)
		strlist_add(s, "memory");
	/* as it is anyway */
	if (s->n == 1 && strcmp(s->v[0], "address+undefined") == 0)
		strlist_release(s);
}

static int read_project_yaml(struct taking *t, struct err *err)
{
	char *path = fs_join(t->dir, "project.yaml");
	struct buf text = BUF_INIT;
	struct strv rest, line, value;
	bool in_sanitizers = false, address = false, undefined = false, memory = false;
	unsigned n = 0;
	int rc = 0;

	if (!fs_is_file(path) || (rc = fs_read(path, TEXT_MAX, &text, err)) < 0)
		goto out;
	for (rest = strv_n(buf_str(&text), text.len); rc == 0 && strv_line(&rest, &line);) {
		n++;
		if (top_value(line, "language", &value) && !strv_eqs(value, "c++") &&
			!strv_eqs(value, "c"))
			rc = err_usage(err, "%s:%u: language %.*s; thresh fuzzes C and C++", path,
				n, (int)value.len, value.s);
		if (line.len && !strv_is_space(line.s[0]) && line.s[0] != '-')
			in_sanitizers = strv_starts(line, "sanitizers:");
		address |= in_sanitizers && strv_contains(line, "address");
		undefined |= in_sanitizers && strv_contains(line, "undefined");
		memory |= in_sanitizers && strv_contains(line, "memory");
	}
	if (rc == 0)
		take_sanitizers(t, address, undefined, memory);
out:
	buf_release(&text);
	free(path);
	return rc;
}

/* --- what a container would have done --- */

static void tell_packages(struct taking *t)
{
	const struct dockerfile *d = &t->image.docker;
	struct strlist argv = STRLIST_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct buf lacking = BUF_INIT;

	if (!d->packages.n)
		return;
	strlist_add(&argv, "dpkg-query");
	strlist_add(&argv, "-W");
	strlist_add(&argv, "-f=${db:Status-Abbrev} ${Package}\\n");
	strlist_add(&argv, "--");
	strlist_add_all(&argv, &d->packages);
	spec.argv = (const char *const *)argv.v;
	spec.out = PROC_CAPTURE;
	spec.wall_ms = LOOK_UP_MS;
	/* without dpkg nobody knows */
	if (proc_run(&spec, &r, NULL) == 0)
		for (size_t i = 0; i < d->packages.n; i++) {
			struct strv name = strv_of(d->packages.v[i]);
			size_t colon = strv_chr(name, ':');
			char *line = xasprintf("ii  %.*s\n", (int)MIN(colon, name.len), name.s);

			if (!strv_contains(strv_n(buf_str(&r.out), r.out.len), line))
				buf_adds2(&lacking, " ", d->packages.v[i]);
			free(line);
		}
	if (lacking.len)
		log_warn("%s/Dockerfile:%u: wants packages that aren't here: apt-get install -y%s",
			t->dir, d->packages_line, lacking.s);
	buf_release(&lacking);
	proc_result_release(&r);
	strlist_release(&argv);
}

static void tell_docker(struct taking *t)
{
	const struct dockerfile *d = &t->image.docker;

	tell_packages(t);
	for (size_t i = 0; i < d->n_clones; i++) {
		const struct docker_clone *c = &d->clones[i];

		if (strcmp(docker_below(c->to), t->plan->build.project) != 0 &&
			!image_has_clone(&t->image, c))
			log_warn("%s/Dockerfile:%u: clones %s, which isn't here: put it into %s/%s",
				t->dir, c->line, c->url, t->dir, fs_basename(c->to));
	}
	for (size_t i = 0; i < d->n_rest; i++)
		log_warn("%s/Dockerfile:%u: isn't done here, and is to be done by hand where the "
			 "script needs it: %s",
			t->dir, d->rest[i].line, d->rest[i].text);
}

/* --- the build --- */

/* Its programs, whatever they are called. */
static int run_script(struct taking *t, struct err *err)
{
	char *path = fs_join(t->top, "thresh.yaml");
	struct buf yaml = BUF_INIT;
	struct build_want want = { .v = VARIANT_ASAN, .any = true };
	struct project *p = NULL;
	struct config *c;
	int rc = -1;

	yaml_text(&yaml, t->args->dir, &t->plan->build, "  oss-fuzz: {}\n");
	c = config_parse(strv_n(yaml.s, yaml.len), path, t->top, err);
	p = c ? project_open_take(c, err) : NULL;
	if (!p || project_need_tools(p, err) < 0)
		goto out;
	want.h = &p->cfg->harnesses[0];
	rc = build_many(p->cfg, &want, 1, &p->tools, p->jobs, err);
	log_progress_end();
	if (rc == 0 && want.rc < 0) {
		*err = want.err;
		log_info(
			"all of what it said is in %s/build/_/.asan/script.log", p->cfg->state_dir);
		rc = -1;
	}
	if (rc == 0)
		t->out = fs_dirname(want.result.exe);
out:
	build_result_release(&want.result);
	buf_release(&yaml);
	project_close(p);
	free(path);
	return rc;
}

/* Fuzz targets are told as OSS-Fuzz itself tells them: by the name of their entry. */
static bool is_target(const char *path)
{
	struct buf b = BUF_INIT;
	bool is = fs_is_file(path) && fs_is_exe(path) &&
		  fs_read(path, PROGRAM_MAX, &b, NULL) == 0 && b.len > 4 &&
		  memcmp(b.s, "\177ELF", 4) == 0 && memmem(b.s, b.len, ENTRY, sizeof(ENTRY) - 1);

	buf_release(&b);
	return is;
}

/* --- what belongs to a target --- */

/*
 * The file of that name which the build left or that lies beside the script, as thresh.yaml names it: the original where there
 * is one, else a copy, which is written to the folder `to`. NULL: there is none, or -1 in *rc.
 */
static const char *own_file(
	struct taking *t, const char *name, const char *to, int *rc, struct err *err)
{
	char *made = fs_join(t->out, name), *beside = fs_join(t->dir, name), *rel = NULL;
	const char *found = NULL;

	if (fs_is_file(beside) && (!fs_is_file(made) || fs_same(made, beside, PROGRAM_MAX)))
		found = as_named(t, beside);
	for (size_t i = 0; !found && fs_is_file(made) && i < t->tree.files.n; i++) {
		char *path = fs_join(t->top, t->tree.files.v[i]);

		if (strcmp(fs_basename(path), name) == 0 && fs_same(made, path, PROGRAM_MAX))
			found = as_named(t, path);
		free(path);
	}
	if (!found && fs_is_file(made)) {
		rel = fs_join(to, name);
		*rc = init_write_copy(t->w, rel, made, err);
		found = *rc < 0 ? NULL : arena_strdup(&t->plan->arena, rel);
	}
	free(rel);
	free(beside);
	free(made);
	return found;
}

static void read_options(struct taking *t, const char *name, struct options_file *o)
{
	char *file = xasprintf("%s.options", name);
	char *made = fs_join(t->out, file), *beside = fs_join(t->dir, file);
	const char *path = fs_is_file(made) ? made : beside;
	struct buf text = BUF_INIT;

	*o = (struct options_file){ 0 };
	if (fs_is_file(path) && fs_read(path, TEXT_MAX, &text, NULL) == 0)
		options_file_read(strv_n(buf_str(&text), text.len), o);
	for (size_t i = 0; i < o->left.n; i++)
		log_warn("%s:%s", file, o->left.v[i]);
	buf_release(&text);
	free(beside);
	free(made);
	free(file);
}

static void add_named(struct buf *b, const char *key, const char *value)
{
	buf_addf(b, "    %s: ", key);
	yaml_scalar(b, value);
	buf_addch(b, '\n');
}

static int take_data(
	struct taking *t, struct init_harness *h, const struct options_file *o, struct err *err)
{
	struct arena *a = &t->plan->arena;
	const char *dict = o->dictionary ? o->dictionary : arena_printf(a, "%s.dict", h->name);
	const char *zip = arena_printf(a, "%s_seed_corpus.zip", h->name);
	int rc = 0;

	zip = own_file(t, zip, "corpus", &rc, err);
	if (rc == 0)
		dict = own_file(t, fs_basename(dict), "dictionaries", &rc, err);
	if (rc < 0)
		return -1;
	buf_adds(&h->block, "    seeds: [");
	if (zip)
		yaml_scalar(&h->block, zip);
	else
		buf_addf(&h->block, "corpus/%s", h->name);
	buf_adds(&h->block, "]\n");
	if (dict)
		add_named(&h->block, "dictionary", dict);
	else if (o->dictionary)
		log_warn("%s.options: the dictionary %s is neither in $OUT nor beside the script",
			h->name, o->dictionary);
	/* two of the format, so that there is something to start from */
	return zip ? 0 : init_write_harness(t->w, h, err);
}

static int take_target(struct taking *t, const char *name, struct err *err)
{
	struct init_plan *plan = t->plan;
	struct options_file o;
	struct init_harness *h;
	int rc;

	if (!config_name_ok(strv_of(name))) {
		log_warn("%s: left out, as thresh can't give a harness such a name", name);
		return 0;
	}
	GROW(plan->v, plan->n, plan->cap);
	h = &plan->v[plan->n++];
	*h = (struct init_harness){ .name = arena_strdup(&plan->arena, name), .kept = true };
	h->format = t->args->format ? t->args->format : format_guess(name, NULL);
	read_options(t, name, &o);
	buf_adds(&h->block, "  ");
	yaml_scalar(&h->block, h->name);
	buf_addf(&h->block, ":\n    format: %s\n", h->format);
	rc = take_data(t, h, &o, err);
	if (o.max_len)
		buf_addf(&h->block, "    max_len: %llu\n", (unsigned long long)o.max_len);
	if (o.timeout_s)
		buf_addf(&h->block, "    timeout: %llus\n", (unsigned long long)o.timeout_s);
	if (o.memory_mb)
		buf_addf(&h->block, "    memory: %lluM\n", (unsigned long long)o.memory_mb);
	if (o.no_leaks)
		buf_adds(&h->block, "    leaks: false\n");
	options_file_release(&o);
	return rc;
}

static int take_targets(struct taking *t, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	struct buf others = BUF_INIT;
	int rc = fs_list(t->out, &names, err);

	for (size_t i = 0; i < names.n && rc == 0; i++) {
		char *path = fs_join(t->out, names.v[i]);

		if (is_target(path))
			rc = take_target(t, names.v[i], err);
		else if (names.v[i][0] != '.')
			buf_adds2(&others, others.len ? ", " : "", names.v[i]);
		free(path);
	}
	if (rc == 0 && !t->plan->n)
		rc = err_usage(err, "%s: leaves no fuzz target in $OUT, but %s", t->script,
			others.len ? others.s : "nothing at all");
	if (rc == 0) {
		buf_reset(&others);
		buf_addf(&others, "%zu fuzz target%s:", t->plan->n, t->plan->n == 1 ? "" : "s");
		for (size_t i = 0; i < t->plan->n; i++)
			buf_addf(&others, "%s %s", i ? "," : "", t->plan->v[i].name);
		buf_adds(&others, "\n\n");
		term_print(t->w->term, &others);
	}
	buf_release(&others);
	strlist_release(&names);
	return rc;
}

/* --- all --- */

static int check(const struct taking *t, struct err *err)
{
	char *yaml = fs_join(t->top, "thresh.yaml");
	int rc = 0;

	if (!fs_is_file(t->script))
		rc = err_usage(err,
			"%s: no such file; --oss-fuzz takes a folder of OSS-Fuzz's projects, or of "
			"ClusterFuzzLite",
			t->script);
	else if (!fs_is_dir(t->top))
		rc = err_usage(err, "%s: no such folder; the project's source is needed", t->top);
	else if (fs_exists(yaml) && !t->args->force)
		rc = err_usage(err, "%s: exists; --force starts anew", yaml);
	else if (t->args->function || t->args->header || t->args->sources.n)
		rc = err_usage(err, "--oss-fuzz: its script says what is built; --function, "
				    "--header and --sources don't go with it");
	free(yaml);
	return rc;
}

int init_oss_fuzz(const struct init_args *args, struct init_plan *plan, struct init_writing *w,
	struct err *err)
{
	struct taking t = { .args = args, .plan = plan, .w = w };
	char *name;
	int rc = -1;

	t.dir = fs_abspath(args->oss_fuzz);
	t.top = fs_abspath(args->dir);
	t.script = fs_join(t.dir, "build.sh");
	if (check(&t, err) < 0 || read_project_yaml(&t, err) < 0)
		goto out;
	image_read(t.script, &t.image);
	name = image_project(
		&t.image, fs_basename(t.dir)[0] == '.' ? fs_basename(t.top) : fs_basename(t.dir));
	plan->build.project = arena_strdup(&plan->arena, name);
	free(name);
	plan->build.script = as_named(&t, t.script);
	tell_docker(&t);
	if (files_list(t.top, &t.tree, err) == 0 && run_script(&t, err) == 0)
		rc = take_targets(&t, err);
out:
	image_release(&t.image);
	files_release(&t.tree);
	free(t.dir);
	free(t.top);
	free(t.script);
	free(t.out);
	return rc;
}
