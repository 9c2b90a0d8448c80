/* From a look at the project, or a prototype, to the files of a new project. */
#include "base/prelude.h"
#include "scaffold/plan.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "config/names.h"
#include "proc/interrupt.h"
#include "scaffold/asked.h"
#include "scaffold/callers.h"
#include "scaffold/class_object.h"
#include "scaffold/declaration.h"
#include "scaffold/first_input.h"
#include "scaffold/format.h"
#include "scaffold/handle.h"
#include "scaffold/harness_text.h"
#include "scaffold/propose.h"
#include "scaffold/roles.h"
#include "scaffold/source_patterns.h"
#include "scaffold/testdata.h"
#include "scaffold/text_end.h"
#include "scaffold/words.h"
#include "scaffold/yaml_text.h"
#include "survey/command.h"
#include "survey/flags.h"
#include <glob.h>
#include <unistd.h>

#define ALL_MAX 10
#define TARGETS_MAX 10
#define CANDIDATES_SHOWN 10
/* functions in reserve, for those whose harness turns out to be of no use */
#define SPARES 5

/* What was found out on the way. */
struct look {
	struct init_plan *plan;
	const struct init_args *args;
	struct arena *a;
	struct declaration found;
	struct api api;
	struct ranking ranking;
	struct cxx_functions cxx;
	struct proposals proposals;
};

/* --- the project as it is --- */

static int survey_project(struct look *l, struct err *err)
{
	struct survey *s = &l->plan->survey;
	const struct survey_how how = { .build = !l->args->no_build,
		.jobs = (unsigned)MAX(sysconf(_SC_NPROCESSORS_ONLN), 1),
		.build_ms = l->args->look_ms,
		.promises = rank_promises };

	if (!fs_is_dir(l->args->dir) || l->plan->adds || l->args->sources.n)
		return 0;
	if (survey_make(l->args->dir, &how, s, err) < 0)
		return -1;
	source_patterns(s, &l->plan->build.sources);
	strlist_add_all(&l->plan->build.include, &s->include);
	strlist_add_all(&l->plan->build.cflags, &s->cflags);
	strlist_add_all(&l->plan->build.cxxflags, &s->cxxflags);
	strlist_add_all(&l->plan->build.ldflags, &s->ldflags);
	l->plan->build.ran = s->ran;
	l->plan->build.generated = s->n_generated ? SURVEY_GENERATED : NULL;
	strlist_add_all(&l->plan->notes, &s->notes);
	survey_flags(s, false, &l->found.flags);
	l->found.cxx = s->cxx && !s->cflags.n && !l->args->function;
	if (s->functions.n || s->headers_alone)
		api_read(l->a, l->args->dir, s, &l->api);
	callers_read(l->a, l->args->dir, &s->files, &l->api);
	return 0;
}

/* What the user names. */
static void take_sources(struct look *l)
{
	strlist_add_all(&l->plan->build.sources, &l->args->sources);
	for (size_t i = 0; i < l->args->sources.n; i++) {
		char *pattern = fs_join(l->args->dir, l->args->sources.v[i]);
		glob_t found;

		if (glob(pattern, 0, NULL, &found) == 0)
			globfree(&found);
		else
			log_warn("--sources %s: matches no file in %s", l->args->sources.v[i],
				l->args->dir);
		free(pattern);
		l->found.cxx = l->found.cxx || command_is_cxx(l->args->sources.v[i]);
	}
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

/* --- harnesses --- */

static bool name_taken(const struct init_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n; i++)
		if (strcmp(plan->v[i].name, name) == 0)
			return true;
	return false;
}

/* A name that is fit and free, from what the harness is for; *out NULL: the user's own isn't fit. */
static const char *choose_name(struct look *l, const char *from, struct err *err)
{
	const char *own = l->args->name, *colons, *name = from ? from : "first";
	struct arena *a = l->a;

	while ((colons = strstr(name, "::")))
		name = colons + 2;
	if (own && !l->plan->n)
		name = own;
	if (!config_name_ok(strv_of(name))) {
		err_usage(err, "--name %s: letters, digits, '_', '.' and '-' make a name", name);
		return NULL;
	}
	for (unsigned n = 2; name_taken(l->plan, name); n++)
		name = arena_printf(a, "%s_%u", from, n);
	return name;
}

/*
 * What most of the library's functions read, by its name and by what it is linked with; NULL: nothing says. A file that is known to
 * be of a format of its own (EPUB) is no more than made of what the libraries read.
 */
static const char *format_of_whole(const struct look *l, const char *name)
{
	char *abs = fs_abspath(l->args->dir);
	const char *format = format_of_project(fs_basename(abs));
	bool own = first_input_find(name, fs_basename(abs)) != NULL;

	free(abs);
	return format || own ? format : format_of_libraries(&l->plan->build.ldflags);
}

/* Of the libraries that are linked the first whose name is a format's. */
static const char *reader_of(const struct look *l)
{
	const struct strlist *flags = &l->plan->build.ldflags;

	for (size_t i = 0; i < flags->n; i++)
		if (strncmp(flags->v[i], "-l", 2) == 0 && first_input_find(flags->v[i] + 2, ""))
			return arena_strdup(l->a, flags->v[i] + 2);
	return NULL;
}

/* NULL: the user's name has been refused. */
static struct init_harness *add_harness(
	struct look *l, const char *from, const struct proto *proto, bool cxx, struct err *err)
{
	struct init_plan *plan = l->plan;
	const char *name = choose_name(l, from, err), *whole;
	struct init_harness *h;

	if (!name)
		return NULL;
	GROW(plan->v, plan->n, plan->cap);
	h = &plan->v[plan->n++];
	*h = (struct init_harness){
		.name = name, .function = from, .unmade = handle_unmade(proto)
	};
	h->source = arena_printf(l->a, cxx ? "harnesses/%s.cc" : "harnesses/%s.c", name);
	h->format = l->args->format ? l->args->format : format_guess(name, proto);
	h->reader = reader_of(l);
	whole = format_of_whole(l, name);
	if (whole && !l->args->format &&
		(strcmp(h->format, "raw") == 0 || strcmp(h->format, "text") == 0))
		h->format = whole;
	return h;
}

/* From a prototype or a header that the user gives, or a skeleton. */
static int write_given(struct look *l, struct err *err)
{
	struct proto_harness h = { 0 };
	const struct proto *proto;
	struct init_harness *one;

	if (declaration_find(&l->found, err) < 0 || check_types(l, err) < 0)
		return -1;
	proto = l->found.has_proto ? &l->found.proto : NULL;
	one = add_harness(l, proto ? proto->name : NULL, proto, l->found.cxx, err);
	if (!one)
		return -1;
	h.include = l->found.include;
	h.cxx = l->found.cxx;
	h.boundary = arena_printf(l->a, "%s, to be filled in", one->name);
	if (proto)
		h.free_fn = proto_find_free(
			l->a, proto, strv_n(buf_str(&l->found.text), l->found.text.len));
	one->todos = proto_harness(&one->text, proto, &h, l->a);
	for (size_t i = 0; i < l->found.includes.n; i++)
		strlist_add_once(&l->plan->build.include, l->found.includes.v[i]);
	return 0;
}

static int take_proposals(struct look *l, struct err *err)
{
	for (size_t i = 0; i < l->proposals.n; i++) {
		struct proposal *p = &l->proposals.v[i];
		const char *from = p->function;
		struct init_harness *h;

		if (!from) {
			const char *base = fs_basename(p->source), *dot = strrchr(base, '.');

			from = arena_strndup(l->a, base, (size_t)(dot - base));
			from = config_name_ok(strv_of(from)) ? from : "target";
		}
		h = add_harness(l, from, p->proto, p->cxx, err);
		if (!h)
			return -1;
		h->function = p->function;
		h->source = p->source ? p->source : h->source;
		h->text = p->text;
		h->plain = p->plain;
		p->text = p->plain.text = p->plain.ended = (struct buf)BUF_INIT;
		h->zeroed = p->proto ? handle_zeroed(p->proto) : NULL;
		h->text_alone = p->proto && text_is_alone(p->proto);
		h->asks = p->proto && asked_takes(p->proto);
		h->promises = !p->proto || rank_promises(from);
		h->todos = p->todos;
		h->spare = p->spare;
		h->leaves = !p->source && !p->cxx &&
			    (p->program ? p->todos : !handle_ends_all(p->proto));
		h->ends_all = !h->leaves;
		for (size_t k = 0; p->proto && k < p->proto->n_params; k++)
			if (p->proto->params[k].object && p->proto->params[k].object->link)
				strlist_add_once(
					&l->plan->build.ldflags, p->proto->params[k].object->link);
		if (p->header)
			strlist_add_once(&l->plan->build.include, p->header->dir);
	}
	return 0;
}

static void add_candidate(
	struct look *l, const char *function, const char *takes, const char *header)
{
	struct init_candidate *c = &l->plan->candidates[l->plan->n_candidates++];

	*c = (struct init_candidate){ function, takes, header };
}

static bool is_candidate(const struct init_plan *plan, const char *function)
{
	for (size_t i = 0; i < plan->n_candidates; i++)
		if (strcmp(plan->candidates[i].function, function) == 0)
			return true;
	return false;
}

static void list_candidates(struct look *l)
{
	struct init_plan *plan = l->plan;
	const char *takes;

	plan->candidates = xcalloc(CANDIDATES_SHOWN, sizeof(*plan->candidates));
	for (size_t i = 0; i < l->ranking.n && plan->n_candidates < CANDIDATES_SHOWN; i++) {
		const struct rank_entry *e = &l->ranking.v[i];

		add_candidate(l, e->proto.name, e->takes, e->header->rel);
	}
	for (size_t i = 0; i < l->cxx.n && plan->n_candidates < CANDIDATES_SHOWN; i++) {
		const struct cxx_function *f = &l->cxx.v[i];

		/* as a function and as a method, or with other parameters: one of them */
		if (is_candidate(l->plan, f->plain))
			continue;
		rank_takes(&f->proto, &takes);
		add_candidate(l, f->plain, takes, f->header->rel);
	}
}

/* Nobody said which function: the fuzz targets that there are, and the best functions; else calls on objects. */
static int propose(struct look *l, struct err *err)
{
	const struct survey *s = &l->plan->survey;
	size_t targets, pool, there;

	if (s->hopeless)
		return err_set(err, "%s", s->hopeless);
	propose_targets(l->a, l->args->dir, s, TARGETS_MAX, &l->proposals);
	rank_make(l->a, &l->api, s->leads, &l->ranking);
	targets = l->proposals.n;
	if (!targets)
		propose_afl_programs(l->a, l->args->dir, s, TARGETS_MAX, &l->proposals);
	there = l->proposals.n;
	l->plan->want = l->args->all ? ALL_MAX : targets ? 0 : MAX(there, 1);
	pool = l->args->no_build ? l->plan->want : l->plan->want + SPARES;
	propose_functions(l->a, l->args->dir, s, &l->api, &l->ranking,
		l->args->all ? rank_installed_first(&l->ranking) : l->ranking.n, pool,
		&l->proposals);
	if (l->args->all || l->proposals.n == there) {
		size_t functions = l->proposals.n - there;

		cxx_functions_read(l->a, s, &l->api, &l->cxx);
		propose_cxx(l->a, l->args->dir, s, &l->api, &l->cxx, pool - MIN(functions, pool),
			&l->proposals);
	}
	proposals_say_left(&l->proposals.left);
	list_candidates(l);
	if (proc_interrupted() && !l->proposals.n)
		return err_set(err, "interrupted before there was a harness; nothing is written");
	if (l->proposals.n ||
		propose_calls(l->a, l->args->dir, s, &l->api, NULL, &l->proposals, NULL) == 0)
		return take_proposals(l, err);
	if (s->sources.n)
		strlist_addf(&l->plan->notes, "no harness could be made by itself, as %s",
			l->ranking.n ? "none of those for the best functions compiles"
			: l->api.n
				? "no function of the headers takes bytes, a text, a FILE or a path"
			: s->cxx ? "nothing that takes bytes or a string can be called"
				 : "no header declares a function that the sources define");
	return write_given(l, err);
}

/* A function that the library has, by its name alone. */
static int propose_named(struct look *l, const struct api_function *f, struct err *err)
{
	struct rank_entry e = { .proto = f->proto, .header = f->header };
	struct ranking one = { &e, 1 };

	propose_functions(l->a, l->args->dir, &l->plan->survey, &l->api, &one, 1, 1, &l->proposals);
	if (!l->proposals.n)
		return err_usage(err, "--function %s",
			l->proposals.left.n ? l->proposals.left.v[0] : f->proto.name);
	return take_proposals(l, err);
}

/* Of its functions those that are called nearly so. */
static int unknown_function(const struct look *l, struct err *err)
{
	const char **names = xcalloc(l->api.n + 1, sizeof(*names)), *near;

	for (size_t i = 0; i < l->api.n; i++)
		names[i] = l->api.v[i].proto.name;
	near = config_nearest(strv_of(l->args->function), names, l->api.n);
	free(names);
	return err_usage(err, "--function %s: no header of the project declares it%s%s%s",
		l->args->function, near ? "; did you mean " : "", near ? near : "",
		near ? "?" : "; `thresh init` without it proposes some");
}

static int make_harnesses(struct look *l, struct err *err)
{
	const char *function = l->args->function;
	const struct api_function *f;

	if (l->args->handle)
		return propose_calls(l->a, l->args->dir, &l->plan->survey, &l->api, l->args->handle,
			       &l->proposals, err) < 0
			       ? -1
			       : take_proposals(l, err);
	if (!function)
		return l->args->name || l->plan->adds ||
				       !(l->plan->survey.sources.n || l->plan->survey.hopeless)
			       ? write_given(l, err)
			       : propose(l, err);
	f = words_is_name(function) ? api_find(&l->api, function) : NULL;
	if (f)
		return propose_named(l, f, err);
	if (words_is_name(function) && !l->args->header && l->api.n)
		return unknown_function(l, err);
	return write_given(l, err);
}

/* --- all --- */

#define MAX_LEN_DEFAULT 4096

/* First inputs and a dictionary that the project has; what they are is a better word for the format than a guess. */
static void find_data(struct look *l, struct init_harness *h, struct buf *more)
{
	struct strlist names = STRLIST_INIT;
	struct testdata t;
	uint64_t max_len = MAX_LEN_DEFAULT;
	char *abs = fs_abspath(l->args->dir);

	strlist_add(&names, h->name);
	strlist_add(&names, fs_basename(abs));
	strlist_add(&names, h->source);
	testdata_find(l->args->dir, &l->plan->survey.files, &names, h->format, &t);
	if (t.format && !l->args->format)
		h->format = t.format;
	strlist_add_all(&h->seeds, &t.files);
	buf_addf(more, "    seeds: [corpus/%s", h->name);
	for (size_t i = 0; i < t.archives.n; i++) {
		buf_adds(more, ", ");
		yaml_scalar(more, t.archives.v[i]);
	}
	buf_adds(more, "]\n");
	if (t.dictionary) {
		buf_adds(more, "    dictionary: ");
		yaml_scalar(more, t.dictionary);
		buf_addch(more, '\n');
	}
	while (max_len < t.largest)
		max_len *= 2;
	if (max_len > MAX_LEN_DEFAULT)
		buf_addf(more, "    max_len: %lluK\n", (unsigned long long)(max_len >> 10));
	testdata_release(&t);
	strlist_release(&names);
	free(abs);
}

static void write_blocks(struct look *l)
{
	struct init_plan *plan = l->plan;

	for (size_t i = 0; i < plan->n; i++) {
		struct init_harness *h = &plan->v[i];
		struct buf more = BUF_INIT;

		find_data(l, h, &more);
		buf_adds(&h->block, "  ");
		yaml_scalar(&h->block, h->name);
		buf_adds(&h->block, ":\n    source: ");
		yaml_scalar(&h->block, h->source);
		buf_addf(&h->block, "\n    format: %s\n%s", h->format, buf_str(&more));
		buf_release(&more);
	}
}

/* What is about to be written must load; what isn't UTF-8 or holds controls is found out here. */
int init_plan_yaml(const struct init_plan *plan, const struct init_args *args, bool all,
	struct buf *out, struct err *err)
{
	char *abs = fs_abspath(args->dir);
	struct buf blocks = BUF_INIT;
	struct config *c;

	for (size_t i = 0; i < plan->n; i++)
		if (all || plan->v[i].kept)
			yaml_block(&blocks, &plan->v[i].block, !all && plan->v[i].leaves);
	yaml_text(out, args->dir, &plan->build, buf_str(&blocks));
	c = config_parse(strv_n(out->s, out->len), "thresh.yaml", abs, err);
	if (!c)
		err_prefix(err, "what would be written doesn't load");
	buf_release(&blocks);
	free(abs);
	config_free(c);
	return c ? 0 : -1;
}

static int check_begun(const struct init_plan *plan, const struct init_args *args, const char *path,
	struct err *err)
{
	if (!plan->adds || (!args->handle && (args->function || args->name)))
		return 0;
	return err_usage(
		err, "%s: exists; --name or --function adds a harness, --force starts anew", path);
}

/* There may be a project already: then only another harness is added to it. */
static int check_existing(struct init_plan *plan, const struct init_args *args, struct err *err)
{
	char *path = fs_join(args->dir, "thresh.yaml");
	char *source = fs_join(args->dir, plan->n ? plan->v[0].source : "thresh.yaml");
	struct config *c = NULL;
	int rc = -1;

	if (args->force || !fs_exists(path)) {
		rc = 0;
	} else if ((c = config_load(path, err))) {
		if (config_harness(c, plan->v[0].name))
			err_usage(err, "%s: has a harness %s; choose another --name", path,
				plan->v[0].name);
		else if (fs_exists(source))
			err_usage(err, "%s: exists; choose another --name", source);
		else
			rc = 0;
	}
	config_free(c);
	free(source);
	free(path);
	return rc;
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
	struct look l = { .plan = plan, .args = args, .a = &plan->arena };
	char *path = fs_join(args->dir, "thresh.yaml");
	struct buf yaml = BUF_INIT;
	int rc = -1;

	plan->want = 1;
	plan->adds = !args->force && fs_exists(path);
	l.found = (struct declaration){
		.a = l.a, .dir = args->dir, .function = args->function, .header = args->header
	};
	if (check_begun(plan, args, path, err) < 0)
		goto out;
	take_sources(&l);
	take_flags(&l);
	if (survey_project(&l, err) < 0 || make_harnesses(&l, err) < 0)
		goto out;
	/* what was proposed by then is written */
	if (proc_interrupted() && !l.proposals.n) {
		err_set(err, "interrupted");
		goto out;
	}
	write_blocks(&l);
	if (check_existing(plan, args, err) < 0 || init_plan_yaml(plan, args, true, &yaml, err) < 0)
		goto out;
	tell_include(plan, &l.found);
	rc = 0;
out:
	free(path);
	buf_release(&yaml);
	declaration_release(&l.found);
	proposals_release(&l.proposals);
	cxx_functions_release(&l.cxx);
	rank_release(&l.ranking);
	api_release(&l.api);
	return rc;
}

void init_plan_release(struct init_plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		buf_release(&p->v[i].text);
		harness_plain_release(&p->v[i].plain);
		buf_release(&p->v[i].block);
		strlist_release(&p->v[i].seeds);
	}
	free(p->v);
	free(p->candidates);
	strlist_release(&p->build.sources);
	strlist_release(&p->build.include);
	strlist_release(&p->build.cflags);
	strlist_release(&p->build.cxxflags);
	strlist_release(&p->build.ldflags);
	strlist_release(&p->build.sanitizers);
	survey_release(&p->survey);
	strlist_release(&p->notes);
	arena_release(&p->arena);
}
