/* From a prototype and a look at the directory to the files of a new project. */
#include "base/prelude.h"
#include "scaffold/plan.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "scaffold/declaration.h"
#include "scaffold/harness_text.h"
#include "scaffold/roles.h"
#include <ctype.h>
#include <glob.h>

#define SOURCE_MAX (8u << 20)

/* What was found out on the way. */
struct look {
	const struct init_args *args;
	struct arena *a;
	struct declaration found;
	struct strlist sources; /* patterns or files */
};

static bool ends_in(const char *s, const char *const *ends)
{
	for (; *ends; ends++)
		if (strv_ends(strv_of(s), *ends))
			return true;
	return false;
}

static const char *const cxx_sources[] = { ".cc", ".cpp", ".cxx", ".C", NULL };
static const char *const all_sources[] = { ".c", ".cc", ".cpp", ".cxx", ".C", NULL };

/* Does the text define main()? Such a file can't be linked with a harness. */
static bool defines_main(struct strv text)
{
	struct strv line;

	while (strv_line(&text, &line)) {
		strv_skip(&line, "int ");
		if (!strv_skip(&line, "main"))
			continue;
		line = strv_trim(line);
		if (line.len && line.s[0] == '(' && !strv_ends(line, ";"))
			return true;
	}
	return false;
}

/* The sources of one directory: a pattern where all of them will do, else one by one. */
static void look_for_sources(struct look *l, const char *dir)
{
	char *path = fs_join(l->args->dir, dir);
	struct strlist names = STRLIST_INIT, fit = STRLIST_INIT;
	const char *prefix = strcmp(dir, ".") == 0 ? "" : arena_printf(l->a, "%s/", dir);
	bool left_out = false, mixed = false;

	if (!fs_is_dir(path) || fs_list(path, &names, NULL) < 0)
		goto out;
	for (size_t i = 0; i < names.n; i++) {
		struct buf text = BUF_INIT;
		char *file = fs_join(path, names.v[i]);

		if (ends_in(names.v[i], all_sources) && fs_is_file(file)) {
			if (fs_read(file, SOURCE_MAX, &text, NULL) < 0 ||
				defines_main(strv_n(buf_str(&text), text.len)))
				left_out = true;
			else
				strlist_addf(&fit, "%s%s", prefix, names.v[i]);
		}
		buf_release(&text);
		free(file);
	}
	for (size_t i = 0; i < fit.n; i++)
		mixed = mixed || !strv_ends(strv_of(fit.v[i]), ".c");
	if (fit.n && !left_out && !mixed && fit.n > 1)
		strlist_addf(&l->sources, "%s*.c", prefix);
	else
		strlist_add_all(&l->sources, &fit);
out:
	strlist_release(&names);
	strlist_release(&fit);
	free(path);
}

static void find_sources(struct look *l)
{
	static const char *const dirs[] = { "src", "lib", "source", "." };

	strlist_add_all(&l->sources, &l->args->sources);
	for (size_t i = 0; i < ARRAY_LEN(dirs) && !l->sources.n; i++)
		look_for_sources(l, dirs[i]);
	for (size_t i = 0; i < l->args->sources.n; i++) {
		char *pattern = fs_join(l->args->dir, l->args->sources.v[i]);
		glob_t found;

		if (glob(pattern, 0, NULL, &found) == 0)
			globfree(&found);
		else
			log_warn("--sources %s: matches no file in %s", l->args->sources.v[i],
				l->args->dir);
		free(pattern);
	}
	for (size_t i = 0; i < l->sources.n; i++)
		l->found.cxx = l->found.cxx || ends_in(l->sources.v[i], cxx_sources);
}

/* Without a header the harness declares the function itself, which takes types that everybody knows. */
static int check_types(const struct look *l, struct err *err)
{
	const struct proto *p = &l->found.proto;
	const char *unknown = NULL;

	if (!l->found.has_proto || l->found.include)
		return 0;
	for (size_t i = 0; i < p->n_params && !unknown; i++) {
		const struct proto_param *q = &p->params[i];
		bool by_value = strncmp(q->base, "struct ", 7) == 0 && !q->depth;

		if (q->is_callback)
			unknown = "the callback's types";
		else if (by_value || !proto_standard_type(q->base))
			unknown = q->base;
	}
	if (!proto_standard_type(p->ret) || (strncmp(p->ret, "struct ", 7) == 0 && !p->ret_depth))
		unknown = unknown ? unknown : p->ret;
	if (strstr(p->name, "::"))
		unknown = p->name;
	if (!unknown)
		return 0;
	return err_usage(err, "--function: which header declares %s? say so with --header",
		*unknown ? unknown : p->name);
}

static int choose_name(struct init_plan *plan, const struct look *l, struct err *err)
{
	const char *name = l->args->name, *colons;

	if (!name && l->found.has_proto) {
		name = l->found.proto.name;
		while ((colons = strstr(name, "::")))
			name = colons + 2;
	}
	plan->name = name ? name : "first";
	if (!config_name_ok(strv_of(plan->name)))
		return err_usage(err, "--name %s: letters, digits, '_', '.' and '-' make a name",
			plan->name);
	plan->source = arena_printf(
		&plan->arena, l->found.cxx ? "harnesses/%s.cc" : "harnesses/%s.c", plan->name);
	return 0;
}

static bool name_says(const char *name, const char *const *words)
{
	for (; *words; words++)
		if (strcasestr(name, *words))
			return true;
	return false;
}

static const char *guess_format(const struct look *l, const char *name)
{
	static const char *const json[] = { "json", NULL }, *const yaml[] = { "yaml", "yml", NULL };
	static const char *const xml[] = { "xml", "html", "svg", NULL };
	static const char *const csv[] = { "csv", "tsv", NULL };
	static const char *const ini[] = { "ini_", "_ini", "inifile", "toml", "conf", NULL };
	static const char *const url[] = { "url", "uri", NULL };
	static const char *const base64[] = { "base64", "b64", NULL };
	static const char *const text[] = { "text", "str", "date", "markdown", NULL };
	static const struct {
		const char *const *words;
		const char *format;
	} names[] = { { json, "json" }, { yaml, "yaml" }, { xml, "xml" }, { csv, "csv" },
		{ url, "url" }, { base64, "base64" }, { ini, "ini" }, { text, "text" } };

	if (l->args->format)
		return l->args->format;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (name_says(name, names[i].words))
			return names[i].format;
	for (size_t i = 0; l->found.has_proto && i < l->found.proto.n_params; i++)
		if (l->found.proto.params[i].role == ROLE_TEXT)
			return "text";
	return "raw";
}

/* Plain where YAML reads it as the same string, quoted otherwise. */
static void add_scalar(struct buf *b, const char *s)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y",
		"n", NULL };
	size_t len = strlen(s);
	bool plain =
		(isalpha((unsigned char)*s) || strchr("_./", *s)) && len &&
		strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") ==
			len;

	for (size_t i = 0; words[i]; i++)
		plain = plain && strcasecmp(words[i], s) != 0;
	if (plain && strcmp(s, ".") != 0 && !isdigit((unsigned char)s[len > 1])) {
		buf_adds(b, s);
		return;
	}
	buf_addch(b, '\'');
	for (; *s; s++)
		buf_adds(b, *s == '\'' ? "''" : (char[]){ *s, 0 });
	buf_addch(b, '\'');
}

static void add_list(struct buf *b, const char *key, const struct strlist *l)
{
	if (!l->n)
		return;
	buf_addf(b, "  %s:\n", key);
	for (size_t i = 0; i < l->n; i++) {
		buf_adds(b, "    - ");
		add_scalar(b, l->v[i]);
		buf_addch(b, '\n');
	}
}

static void write_yaml(struct init_plan *plan, const struct look *l)
{
	char *abs = fs_abspath(l->args->dir);
	const char *project = fs_basename(abs);
	struct buf *b = &plan->yaml;

	buf_adds(b, "# What thresh fuzzes here. Every key: thresh help --markdown, or thresh(1).\n"
		    "version: 1\n");
	if (config_name_ok(strv_of(project))) {
		buf_adds(b, "project: ");
		add_scalar(b, project);
		buf_addch(b, '\n');
	}
	buf_adds(b, "\n");
	if (l->sources.n || l->found.includes.n)
		buf_adds(b, "# The code under test, compiled into each harness.\nbuild:\n");
	else
		buf_adds(b, "# TODO: what the code under test is compiled from.\n"
			    "#build:\n#  sources: ['src/*.c']\n#  include: [include]\n");
	add_list(b, "sources", &l->sources);
	add_list(b, "include", &l->found.includes);
	buf_adds(&plan->block, "  ");
	add_scalar(&plan->block, plan->name);
	buf_addf(&plan->block, ":\n    source: %s\n    format: %s\n    seeds: [corpus/%s]\n",
		plan->source, plan->format, plan->name);
	buf_addf(b, "\nharnesses:\n%s", plan->block.s);
	free(abs);
}

/* What is about to be written must load; what isn't UTF-8 or holds controls is found out here. */
static int check_yaml(const struct init_plan *plan, const struct init_args *args, struct err *err)
{
	char *abs = fs_abspath(args->dir);
	struct config *c;

	c = config_parse(strv_n(plan->yaml.s, plan->yaml.len), "thresh.yaml", abs, err);
	if (!c)
		err_prefix(err, "what would be written doesn't load");
	free(abs);
	config_free(c);
	return c ? 0 : -1;
}

/* There may be a project already: then only another harness is added to it. */
static int check_existing(struct init_plan *plan, const struct init_args *args, struct err *err)
{
	char *path = fs_join(args->dir, "thresh.yaml"), *source = fs_join(args->dir, plan->source);
	struct config *c = NULL;
	int rc = -1;

	if (args->force || !fs_exists(path)) {
		rc = 0;
	} else if (!args->function && !args->name) {
		err_usage(err,
			"%s: exists; --name or --function adds a harness, --force starts anew",
			path);
	} else if ((c = config_load(path, err))) {
		if (config_harness(c, plan->name))
			err_usage(err, "%s: has a harness %s; choose another --name", path,
				plan->name);
		else if (fs_exists(source))
			err_usage(err, "%s: exists; choose another --name", source);
		else
			rc = 0;
		plan->adds = true;
	}
	config_free(c);
	free(source);
	free(path);
	return rc;
}

static void write_harness(struct init_plan *plan, const struct look *l)
{
	struct proto_harness h = { .include = l->found.include, .cxx = l->found.cxx };

	h.boundary = arena_printf(&plan->arena, "%s, to be filled in", plan->name);
	if (l->found.has_proto)
		h.free_fn = proto_find_free(&plan->arena, &l->found.proto,
			strv_n(buf_str(&l->found.text), l->found.text.len));
	plan->todos = proto_harness(
		&plan->harness, l->found.has_proto ? &l->found.proto : NULL, &h, &plan->arena);
}

/* What the project compiles with already: a header may not be readable without it. */
static void take_flags(struct look *l)
{
	char *path = fs_join(l->args->dir, "thresh.yaml");
	struct config *c = l->args->force || !fs_exists(path) ? NULL : config_load(path, NULL);
	const struct config_build *b = c ? &c->builds[0] : NULL;

	for (size_t i = 0; b && i < b->include.n; i++)
		strlist_addf(&l->found.flags, "-I%s", b->include.v[i]);
	for (size_t i = 0; b && i < b->cflags.n; i++)
		strlist_add(&l->found.flags, b->cflags.v[i]);
	config_free(c);
	free(path);
}

/* A further harness leaves thresh.yaml as it is: what it would need there has to be told. */
static void tell_include(const struct init_plan *plan, const struct declaration *d)
{
	char *flag = d->beside ? xasprintf("-I%s", d->beside) : NULL;

	if (plan->adds && flag && !strlist_has(&d->flags, flag))
		log_warn("%s lies below %s, which build.include of thresh.yaml doesn't name",
			d->header, d->beside);
	free(flag);
}

int init_plan_make(struct init_plan *plan, const struct init_args *args, struct err *err)
{
	struct look l = { .args = args, .a = &plan->arena };
	int rc = -1;

	l.found = (struct declaration){
		.a = l.a, .dir = args->dir, .function = args->function, .header = args->header
	};
	find_sources(&l);
	take_flags(&l);
	if (declaration_find(&l.found, err) < 0 || check_types(&l, err) < 0 ||
		choose_name(plan, &l, err) < 0)
		goto out;
	plan->format = guess_format(&l, plan->name);
	write_yaml(plan, &l);
	write_harness(plan, &l);
	if (check_existing(plan, args, err) < 0 || check_yaml(plan, args, err) < 0)
		goto out;
	tell_include(plan, &l.found);
	rc = 0;
out:
	declaration_release(&l.found);
	strlist_release(&l.sources);
	return rc;
}

void init_plan_release(struct init_plan *p)
{
	buf_release(&p->harness);
	buf_release(&p->yaml);
	buf_release(&p->block);
	arena_release(&p->arena);
}
