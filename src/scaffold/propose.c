/* Each function is asked for once more alone, for its parameters' names; then its harness is written and compiled. */
#include "base/prelude.h"
#include "scaffold/propose.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/names.h"
#include "proc/interrupt.h"
#include "scaffold/afl_program.h"
#include "scaffold/clang_ast.h"
#include "scaffold/consumer.h"
#include "scaffold/endings.h"
#include "scaffold/handle.h"
#include "scaffold/harness_text.h"
#include "scaffold/owned.h"
#include "scaffold/readers.h"
#include "scaffold/calls.h"
#include "scaffold/calls_text.h"
#include "scaffold/roles.h"
#include "scaffold/startup.h"
#include "scaffold/text_end.h"
#include "scaffold/trial.h"
#include "scaffold/usual_room.h"
#include "scaffold/values.h"
#include "scaffold/wider.h"
#include "survey/command.h"
#include "survey/flags.h"

/* More than that are tried only where many of the best don't compile. */
#define TRIES_MAX 40
#define SOURCE_MAX ((uint64_t)4 << 20)
/* for each that is wanted */
#define PROPOSE_MS 10000

struct proposing {
	struct arena *a;
	const char *dir;
	const struct survey *s;
	const struct api *api;
	struct proposals *out;
	/* of the names of files that the library reads, or NULL */
	const char *ending;
};

/* With its parameters' names and its text. False: by itself it can't be read. */
static bool read_exactly(struct proposing *g, const struct rank_entry *e, struct proto *p)
{
	struct strlist dirs = STRLIST_INIT, flags = STRLIST_INIT, headers = STRLIST_INIT;
	struct clang_query q = { .function = e->proto.name,
		.include = e->header->include,
		.dirs = &dirs,
		.flags = &flags,
		.cwd = g->dir };
	struct buf why = BUF_INIT;
	bool ok;

	strlist_add(&dirs, e->header->dir);
	survey_flags(g->s, false, &flags);
	ok = clang_prototype(g->a, &q, p, &headers, &why) == CLANG_OK;
	for (size_t i = 0; ok && i < p->n_params && i < e->proto.n_params; i++) {
		p->params[i].given = e->proto.params[i].given;
		p->params[i].bound = e->proto.params[i].bound;
		p->params[i].usual = e->proto.params[i].usual;
		if (!*p->params[i].name)
			p->params[i].name = e->proto.params[i].name;
	}
	ok = ok && proto_roles(p, NULL) == 0;
	if (ok) {
		handle_fill(g->a, g->api, p);
		usual_room(g->a, p);
		values_find(g->a, g->api, p);
		consumer_find(g->a, g->api, p);
		for (size_t i = 0; i < p->n_params; i++)
			p->params[i].plain = api_is_plain(g->api, &p->params[i]);
	} else {
		strlist_addf(&g->out->left, "%s: %s", e->proto.name,
			why.len ? buf_str(&why) : "takes no input");
	}
	buf_release(&why);
	strlist_release(&headers);
	strlist_release(&flags);
	strlist_release(&dirs);
	return ok;
}

void harness_plain_release(struct harness_plain *p)
{
	buf_release(&p->text);
	buf_release(&p->ended);
}

static void proposal_release(struct proposal *p)
{
	buf_release(&p->text);
	harness_plain_release(&p->plain);
}

static struct proposal *add(struct proposals *out)
{
	GROW(out->v, out->n, out->cap);
	out->v[out->n] = (struct proposal){ .text = BUF_INIT };
	return &out->v[out->n++];
}

/* With the ending at its path; false: it has none. */
static bool name_path(struct proto *p, const char *ending)
{
	for (size_t i = 0; ending && i < p->n_params; i++)
		if (p->params[i].role == ROLE_PATH) {
			p->params[i].ending = ending;
			return true;
		}
	return false;
}

/* p's harness in both ways where there are two, and p marked with what the first ends and reads. */
static void write_texts(const struct proposing *g, struct proto *p, const struct proto_harness *h,
	bool reads, struct proposal *one)
{
	struct proto other = *p;
	bool owned = proto_owned(p);

	other.first = NULL;
	other.n_readers = 0;
	other.members = NULL;
	other.values = NULL;
	other.consumer = NULL;
	one->plain.ends = !owned;
	one->plain.unopened = p->first != NULL;
	one->plain.named = !owned && name_path(&other, g->ending);
	/* a class's were found with it */
	if (!p->cxx || !reads) {
		p->n_readers = 0;
		p->members = NULL;
	}
	if (reads && !p->cxx && !one->plain.named)
		readers_find(g->a, g->api, p);
	if (owned || p->n_readers || p->members || p->values || p->consumer || one->plain.named ||
		p->first)
		one->plain.todos = proto_harness(&one->plain.text, &other, h, g->a);
	one->todos = proto_harness(&one->text, p, h, g->a);
	other = *p;
	if (texts_end(&other))
		proto_harness(&one->plain.ended, &other, h, g->a);
}

/* Without the methods that the compiler names, as those that are private; without all where it names none. */
static void drop_readers(struct proto *p, const struct buf *why)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_readers; i++) {
		char *name = xasprintf("'%s'", p->readers[i].name);

		if (!strv_contains(strv_n(buf_str(why), why->len), name))
			p->readers[n++] = p->readers[i];
		free(name);
	}
	p->n_readers = n < p->n_readers ? n : 0;
}

/* Without the readers where it doesn't compile with them. */
static bool write_and_compile(const struct proposing *g, struct proto *p,
	const struct proto_harness *h, const char *dir, struct proposal *one, struct buf *why)
{
	struct proto before = *p;
	bool ok;

	write_texts(g, p, h, true, one);
	ok = trial_compiles(g->dir, g->s, &one->text, NULL, dir, one->cxx, why);
	while (!ok && (p->n_readers || p->members || p->values || p->consumer)) {
		if (before.consumer)
			before.consumer = NULL;
		else if (!values_drop(g->a, &before, why))
			drop_readers(&before, why);
		buf_reset(why);
		proposal_release(one);
		*p = before;
		write_texts(g, p, h, before.n_readers > 0, one);
		ok = trial_compiles(g->dir, g->s, &one->text, NULL, dir, one->cxx, why);
	}
	return ok;
}

/* Another header than the function's is included in front of it. False: it has none, or doesn't compile with it. */
static bool write_with_startup(
	struct proposing *g, const struct rank_entry *e, struct proto *p, struct proposal *one)
{
	struct proto_harness h = { .include = e->header->include, .inlined = g->s->headers_alone };
	const struct proto before = *p;
	struct buf why = BUF_INIT;
	struct startup start;
	bool ok;

	if (!startup_find(g->a, g->api, p->name, &start))
		return false;
	h.startup = start.call;
	if (start.header != e->header)
		h.include = arena_printf(
			g->a, "%s\n#include %s", start.header->include, e->header->include);
	ok = write_and_compile(g, p, &h, e->header->dir, one, &why);
	if (!ok) {
		proposal_release(one);
		one->todos = one->plain.todos = 0;
		*p = before;
	}
	buf_release(&why);
	return ok;
}

/* By its own header; where that is no whole one, by one that includes it, which p's header is then. False: none compiles. */
static bool write_somehow(struct proposing *g, struct proto *p, struct proto_harness *h,
	struct proposal *one, struct buf *why)
{
	const struct api_header *own = one->header;
	const struct proto before = *p;

	for (size_t n = 0; one->header && !proc_interrupted(); n++) {
		struct buf other = BUF_INIT;
		bool ok;

		h->include = one->header->include;
		ok = write_and_compile(g, p, h, one->header->dir, one, &other);
		/* the first is the one that tells */
		if (!n)
			buf_addv(why, strv_n(buf_str(&other), other.len));
		buf_release(&other);
		if (ok)
			return true;
		if (!wider_mends(why))
			break;
		one->header = wider_header(g->api, own, n);
		if (one->header) {
			proposal_release(one);
			*p = before;
		}
	}
	one->header = own;
	*p = before;
	return false;
}

static void propose_one(struct proposing *g, const struct rank_entry *e)
{
	struct proto *p = arena_alloc(g->a, sizeof(*p));
	struct proto_harness h = { .inlined = g->s->headers_alone };
	struct proposal one = { .proto = p, .header = e->header };
	struct buf why = BUF_INIT;
	bool ok;

	if (!read_exactly(g, e, p))
		return;
	one.function = p->name;
	if (write_with_startup(g, e, p, &one)) {
		*add(g->out) = one;
		return;
	}
	ok = write_somehow(g, p, &h, &one, &why);
	/* what it returns may be no number */
	if (!ok && h.inlined) {
		proposal_release(&one);
		buf_reset(&why);
		h.inlined = false;
		ok = write_somehow(g, p, &h, &one, &why);
	}
	if (ok || proc_interrupted()) {
		*add(g->out) = one;
	} else {
		strlist_addf(&g->out->left, "%s: its harness doesn't compile: %s", p->name,
			buf_str(&why));
		proposal_release(&one);
	}
	buf_release(&why);
}

/* There is something to try, and to go on looking takes longer than that is worth. */
static bool is_late(const struct proposals *out, size_t max, uint64_t began_ms)
{
	return out->n && clock_mono_ms() > began_ms + max * PROPOSE_MS;
}

void propose_functions(struct arena *a, const char *dir, const struct survey *s,
	const struct api *api, const struct ranking *r, size_t first, size_t max,
	struct proposals *out)
{
	struct proposing g = { a, dir, s, api, out, endings_find(a, dir, &s->sources) };
	uint64_t began = clock_mono_ms();
	size_t before = out->n;

	for (size_t i = 0;
		/* of an interrupted look the first is kept, as it is */
		i < r->n && i < TRIES_MAX && out->n - before < max &&
		(!proc_interrupted() || !out->n) && !is_late(out, max, began);
		i++) {
		size_t n = out->n;

		log_progress("a harness for %s", r->v[i].proto.name);
		propose_one(&g, &r->v[i]);
		if (out->n > n)
			out->v[n].spare = i >= first;
	}
	log_progress_end();
}

/* With what the library wants to be called once, where it has that and it compiles. */
static bool write_calls(
	const struct proposing *g, struct calls *p, struct proposal *one, struct buf *why)
{
	struct startup start;
	bool starts = startup_find(g->a, g->api, p->calls[0].proto->name, &start);

	for (;; starts = false) {
		p->startup = starts ? start.call : NULL;
		p->startup_include = starts ? start.header->include : NULL;
		buf_reset(why);
		one->todos = calls_text(&one->text, p);
		if (trial_compiles(g->dir, g->s, &one->text, NULL, p->header->dir, false, why))
			return true;
		buf_release(&one->text);
		if (!starts)
			return false;
	}
}

int propose_calls(struct arena *a, const char *dir, const struct survey *s, const struct api *api,
	const char *type, struct proposals *out, struct err *err)
{
	const struct proposing g = { a, dir, s, api, out, NULL };
	struct calls p = { 0 };
	struct buf why = BUF_INIT;
	struct proposal *one;
	const char *bare;
	int rc = -1;

	type = type ? type : calls_best_type(a, api);
	if (!type)
		return err_usage(
			err, "no function of the headers takes objects that another makes");
	if (calls_find(a, api, type, &p, err) < 0)
		goto out;
	bare = strncmp(p.type, "struct ", 7) == 0 ? p.type + 7 : p.type;
	log_progress("a harness for %s", p.type);
	one = add(out);
	one->function = arena_printf(a, "%s_calls", bare);
	one->header = p.header;
	one->program = true;
	if (!write_calls(&g, &p, one, &why)) {
		out->n--;
		err_set(err, "--handle %s: its harness doesn't compile: %s", type, buf_str(&why));
		goto out;
	}
	rc = 0;
out:
	log_progress_end();
	calls_release(&p);
	buf_release(&why);
	return rc;
}

static bool is_proposed(const struct proposals *out, const char *function)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].function && strcmp(out->v[i].function, function) == 0)
			return true;
	return false;
}

/* "a::B" of "a::B().read", by its length; 0: it isn't called on an object */
static size_t object_len(const char *name)
{
	const char *at = strstr(name, "().");

	return at ? (size_t)(at - name) : 0;
}

/* No object of the class can be made out of nothing: none of its methods can be called so. */
static bool is_unmakeable(const struct buf *why)
{
	static const char *const words[] = { "no matching constructor", "private constructor",
		"protected constructor", "abstract class", "deleted constructor",
		"deleted default constructor" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_contains(strv_n(buf_str(why), why->len), words[i]))
			return true;
	return false;
}

static bool has_class(const struct strlist *classes, const char *name)
{
	size_t n = object_len(name);

	for (size_t i = 0; n && i < classes->n; i++)
		if (strncmp(classes->v[i], name, n) == 0 && !classes->v[i][n])
			return true;
	return false;
}

/* Classes of which no object can be made, and those whose constructor takes a text: a name, or what it is for. */
struct class_lists {
	struct strlist unmakeable, named;
};

/* "a::B(\"input\").read" of "a::B().read" */
static const char *with_name(struct arena *a, const char *name)
{
	return arena_printf(
		a, "%.*s(\"input\")%s", (int)object_len(name), name, name + object_len(name) + 2);
}

/* It returns nothing that could be kept. */
static bool is_void(const struct buf *why)
{
	return strv_contains(strv_n(buf_str(why), why->len), "'void'");
}

static bool write_cxx(struct proposing *g, struct proto *p, struct proto_harness *h,
	struct proposal *one, struct buf *why)
{
	const bool inlined = h->inlined;
	bool ok = write_somehow(g, p, h, one, why);

	if (!ok && inlined && is_void(why)) {
		proposal_release(one);
		buf_reset(why);
		h->inlined = false;
		ok = write_somehow(g, p, h, one, why);
		h->inlined = inlined;
	}
	return ok;
}

static void propose_one_cxx(
	struct proposing *g, const struct cxx_function *c, struct class_lists *classes)
{
	struct proto_harness h = { .cxx = true, .inlined = c->is_template };
	struct proto *p = arena_alloc(g->a, sizeof(*p));
	struct proposal one = {
		.function = c->plain, .proto = p, .header = c->header, .cxx = true
	};
	struct buf why = BUF_INIT;

	bool ok, method = object_len(c->proto.name) > 0,
		 named = has_class(&classes->named, c->proto.name);

	*p = c->proto;
	log_progress("a harness for %s", c->proto.name);
	p->name = named ? with_name(g->a, c->proto.name) : p->name;
	ok = write_cxx(g, p, &h, &one, &why);
	if (!ok && method && !named && is_unmakeable(&why)) {
		struct strlist *list = &classes->unmakeable;

		proposal_release(&one);
		buf_reset(&why);
		p->name = with_name(g->a, c->proto.name);
		ok = write_cxx(g, p, &h, &one, &why);
		if (ok || !is_unmakeable(&why))
			list = &classes->named;
		strlist_add_take(list, strv_dup(strv_n(p->name, object_len(c->proto.name))));
	}
	if (ok) {
		*add(g->out) = one;
	} else {
		log_debug("%s: %s", p->name, buf_str(&why));
		proposal_release(&one);
	}
	buf_release(&why);
}

void propose_cxx(struct arena *a, const char *dir, const struct survey *s, const struct api *api,
	const struct cxx_functions *f, size_t max, struct proposals *out)
{
	struct proposing g = { a, dir, s, api, out, NULL };
	struct class_lists classes = { STRLIST_INIT, STRLIST_INIT };
	uint64_t began = clock_mono_ms();
	size_t before = out->n;

	for (size_t i = 0; i < f->n && i < TRIES_MAX && out->n - before < max &&
			   !proc_interrupted() && !is_late(out, max, began);
		i++) {
		const struct cxx_function *c = &f->v[i];

		if (!is_proposed(out, c->plain) && !has_class(&classes.unmakeable, c->proto.name))
			propose_one_cxx(&g, c, &classes);
	}
	strlist_release(&classes.unmakeable);
	strlist_release(&classes.named);
	log_progress_end();
}

void propose_targets(
	struct arena *a, const char *dir, const struct survey *s, size_t max, struct proposals *out)
{
	size_t before = out->n;

	for (size_t i = 0; i < s->fuzz_targets.n && out->n - before < max && !proc_interrupted();
		i++) {
		const char *source = s->fuzz_targets.v[i];
		bool cxx = !strv_ends(strv_of(source), ".c");
		struct buf why = BUF_INIT;

		if (trial_compiles(dir, s, NULL, source, NULL, cxx, &why)) {
			struct proposal *one = add(out);

			one->source = arena_strdup(a, source);
			one->cxx = cxx;
		} else {
			strlist_addf(&out->left, "%s: doesn't compile: %s", source, buf_str(&why));
		}
		buf_release(&why);
	}
}

void propose_afl_programs(
	struct arena *a, const char *dir, const struct survey *s, size_t max, struct proposals *out)
{
	size_t before = out->n;

	for (size_t i = 0; i < s->afl_programs.n && out->n - before < max && !proc_interrupted();
		i++) {
		const char *rel = s->afl_programs.v[i];
		char *path = fs_join(dir, rel), *from = xasprintf("../%s", rel);
		struct buf text = BUF_INIT, tried = BUF_INIT, why = BUF_INIT;
		struct proposal one = { .program = true, .cxx = command_is_cxx(rel) };
		const char *name = fs_basename(rel);
		struct strv program;

		one.function = arena_strndup(a, name, (size_t)(strrchr(name, '.') - name));
		one.function = config_name_ok(strv_of(one.function)) ? one.function : "program";
		fs_read(path, SOURCE_MAX, &text, NULL);
		program = strv_n(buf_str(&text), text.len);
		/* as seen from the project's folder, where it is tried, and from the harness's */
		if (!afl_program_text(&tried, rel, program, one.cxx) ||
			!afl_program_text(&one.text, from, program, one.cxx))
			buf_adds(&why, "its main() is none that can be called");
		if (!why.len && trial_compiles(dir, s, &tried, NULL, NULL, one.cxx, &why)) {
			*add(out) = one;
		} else {
			strlist_addf(&out->left, "%s: is of no use: %s", rel, buf_str(&why));
			proposal_release(&one);
		}
		buf_release(&why);
		buf_release(&tried);
		buf_release(&text);
		free(from);
		free(path);
	}
}

/* What stands behind the function's name; all of it where that isn't clear. */
static const char *reason_of(const char *left)
{
	const char *at = strstr(left, ": ");

	return at ? at : left;
}

void proposals_group_left(const struct strlist *left, struct strlist *out)
{
	for (size_t i = 0; i < left->n; i++) {
		const char *why = reason_of(left->v[i]);
		size_t same = 0;
		bool told = false;

		for (size_t k = 0; k < left->n; k++) {
			bool is = strcmp(reason_of(left->v[k]), why) == 0;

			told |= is && k < i;
			same += is;
		}
		if (told)
			continue;
		if (same == 1)
			strlist_add(out, left->v[i]);
		else
			strlist_addf(out, "%.*s and %zu other%s%s", (int)(why - left->v[i]),
				left->v[i], same - 1, same > 2 ? "s" : "", why);
	}
}

void proposals_say_left(const struct strlist *left)
{
	struct strlist lines = STRLIST_INIT;

	proposals_group_left(left, &lines);
	for (size_t i = 0; i < lines.n; i++)
		log_info("left out: %s", lines.v[i]);
	strlist_release(&lines);
}

void proposals_release(struct proposals *p)
{
	for (size_t i = 0; i < p->n; i++)
		proposal_release(&p->v[i]);
	free(p->v);
	strlist_release(&p->left);
	*p = (struct proposals){ 0 };
}
