/*
 * An object's maker returns it, fills a pointer to it, or is given memory for it, and takes nothing else that means
 * something; its end takes it alone. Of several the one whose name has most in common with the function that needs it.
 */
#include "base/prelude.h"
#include "scaffold/handle.h"
#include "scaffold/arrays.h"
#include "scaffold/fed.h"
#include "scaffold/object.h"
#include "scaffold/owned.h"
#include "scaffold/roles.h"
#include "scaffold/undoing.h"
#include "scaffold/words.h"
#include <strings.h>

static const char *const making[] = { "new", "create", "init", "initialize", "initialise", "alloc",
	"make", "construct", NULL };
/* of what an object holds, rather than of the object */
static const char *const partial[] = { "reset", "array", "list", "saved", "data", "string", "value",
	"content", "node", "item", "entry", "all", "error", "errors", NULL };
static const char *const size_words[] = { "size", "len", "length", "capacity", "max", "bufsize",
	"initial", NULL };

/* What is passed for a parameter that means nothing; NULL: it does. */
static const char *plain_value(const struct proto_param *q)
{
	const char *max;

	if (q->given || (q->usual && !q->is_callback))
		return q->given ? q->given : q->usual;
	if (q->is_callback || q->depth || q->opaque)
		return "NULL";
	if (words_have_any(q->name, size_words) && proto_integer(q, &max))
		return "4096";
	if (proto_integer(q, &max) || strcmp(q->canon, "bool") == 0 ||
		strcmp(q->canon, "double") == 0 || strcmp(q->canon, "float") == 0)
		return "0";
	return NULL;
}

/* The arguments of f with '@' for the object at place `at` (SIZE_MAX: nowhere); NULL: one means something. */
static const char *arguments(struct arena *a, const struct proto *f, size_t at, const char *object)
{
	struct buf b = BUF_INIT;
	const char *out;

	for (size_t i = 0; i < f->n_params; i++) {
		const struct proto_param *q = &f->params[i];
		const char *value = i == at ? object : NULL;

		if (!value && !q->usual && strncmp(q->canon, "enum ", 5) == 0 && !q->depth)
			value = arena_printf(a, "(%s)0", q->base);
		else if (!value)
			value = plain_value(q);
		/* an enumeration without a name, or a struct of options: the compiler will say whether it is known in full */
		if (!value && *q->base && !q->is_ref && !strchr(q->base, ':'))
			value = arena_printf(a, "(%s){ 0 }", q->base);
		if (!value) {
			buf_release(&b);
			return NULL;
		}
		buf_adds(&b, i ? ", " : "");
		buf_adds(&b, value);
	}
	out = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

struct wanted {
	const char *base, *canon, *near;
	/* 0: a typedef that hides the pointer */
	unsigned depth;
	/* its size is known where one is wanted */
	bool complete;
};

/* more: pointers to it */
static size_t place_of(const struct proto *f, const struct wanted *w, unsigned more)
{
	for (size_t i = 0; i < f->n_params; i++)
		if (object_is(&f->params[i], w->base, w->canon, w->depth + more))
			return i;
	return SIZE_MAX;
}

static bool returns_it(const struct proto *f, const struct wanted *w)
{
	const struct proto_param q = proto_result(f);

	/* what is constant isn't the caller's */
	return !f->ret_const && object_is(&q, w->base, w->canon, w->depth);
}

/*
 * Given memory it makes an object of it, and gives back no other: what is called create or make as well makes something
 * from an object, where that isn't all of its name.
 */
static bool fills_memory(const struct proto *f, const struct wanted *w)
{
	static const char *const filling[] = { "init", "initialize", "initialise", NULL };
	static const char *const last[] = { "create", "construct", NULL };
	size_t n = strlen(f->name);

	if ((f->ret_depth || f->ret_opaque) && !returns_it(f, w))
		return false;
	if (words_have_any(f->name, filling))
		return true;
	for (size_t i = 0; last[i]; i++) {
		size_t tail = strlen(last[i]);

		if (n >= tail && strcasecmp(f->name + n - tail, last[i]) == 0)
			return true;
	}
	return false;
}

/* How good f is as the maker; 0: it is none. */
static int maker_score(
	struct arena *a, const struct proto *f, const struct wanted *w, struct proto_handle *h)
{
	size_t at = SIZE_MAX;
	int score;

	if (f->varargs || strcmp(f->name, w->near) == 0 || !words_have_any(f->name, making))
		return 0;
	if (returns_it(f, w)) {
		h->how = HANDLE_RETURNED;
		/* made from another one of its kind: a copy */
		if (place_of(f, w, 0) != SIZE_MAX)
			return 0;
		score = 100;
	} else if ((at = place_of(f, w, 1)) != SIZE_MAX) {
		h->how = HANDLE_OUT;
		score = 90;
	} else if (w->depth && w->complete && (at = place_of(f, w, 0)) == 0 && fills_memory(f, w)) {
		h->how = HANDLE_INIT;
		score = 80;
	} else {
		return 0;
	}
	h->make = f->name;
	h->make_args = arguments(a, f, at, h->how == HANDLE_OUT ? "&@" : "@");
	if (!h->make_args)
		return 0;
	/* pointers that are NULL here may be needed */
	for (size_t i = 0; i < f->n_params; i++)
		score -= i == at || f->params[i].given ? 0
			 : f->params[i].usual          ? 1
			 : f->params[i].depth          ? 12
						       : 4;
	return score + (int)words_common(f->name, w->near);
}

/* By its name. A word of the type's own isn't what is done with it ("print_term" of a struct term). */
static bool is_end_of(const struct proto *f, const struct wanted *w)
{
	if (words_have_any(f->name, object_ending))
		return true;
	for (size_t i = 0; f->n_params == 1 && object_ending_alone[i]; i++)
		if (words_have(f->name, object_ending_alone[i]) &&
			!words_have(w->base, object_ending_alone[i]))
			return true;
	return false;
}

/* Has its name a word that is none of the type's, of its maker's and of ending? Then it ends that. */
static bool ends_other(const char *end, const struct wanted *w, const char *make)
{
	for (size_t at = 0, next; end[at]; at = next) {
		char word[32];

		next = words_take(end, at, word, sizeof(word));
		if (strlen(word) > 2 && !words_have_any(word, object_ending) &&
			!words_have_any(word, object_ending_alone) && !strcasestr(w->base, word) &&
			!strcasestr(make, word))
			return true;
	}
	return false;
}

static int end_score(
	struct arena *a, const struct proto *f, const struct wanted *w, struct proto_handle *h)
{
	const char *bare = strncmp(w->base, "struct ", 7) == 0 ? w->base + 7 : w->base;
	size_t at = place_of(f, w, 0);
	const char *object = "@";
	bool by_name = false;
	int score = 100;

	if (f->varargs || !is_end_of(f, w))
		return 0;
	if (at == SIZE_MAX) {
		at = place_of(f, w, 1);
		object = "&@";
	}
	if (at == SIZE_MAX && w->depth == 1 && undoing_by_name(f, bare)) {
		by_name = true;
		at = 0;
		object = arena_printf(a, "(%s *)@", f->params[0].base);
	}
	if (at == SIZE_MAX || f->n_params > 2)
		return 0;
	/* a pointer to anything says nothing: the library's prefix has to */
	if (strcmp(w->canon, "void") == 0 ? words_common(f->name, w->near) < 4
					  : f->params[at].is_const)
		return 0;
	h->end = f->name;
	h->end_args = arguments(a, f, at, object);
	if (!h->end_args)
		return 0;
	/* where nothing takes its type: "x_free(void *)" of a library that is called as its type is may be of memory */
	if (by_name)
		return 1;
	if (words_have_any(f->name, partial) && !words_have_any(w->base, partial))
		score -= 40;
	score -= (f->n_params > 1 ? 10 : 0) + (f->ret_depth && !returns_it(f, w) ? 15 : 0);
	/* called as its type is */
	score += words_common(f->name, bare) + 2 >= strlen(bare) ? 10 : 0;
	/* what stands in front of it is what is ended: it is where errors go, most often */
	score -= at ? 40 : 0;
	score -= words_have_any(f->name, object_ending) ? 0 : 20;
	score += undoing_opposite(h->make ? h->make : w->near, f->name);
	if (ends_other(f->name, w, h->make ? h->make : w->near)) {
		if (undoing_empties(f->name) && !object_ends(f->name))
			return 0;
		score -= h->make ? 15 : 10;
	}
	/* what its name says in addition is what it ends of the object */
	return MAX(2, score +
			      (int)MAX(words_common(f->name, h->make ? h->make : w->near),
				      words_common(f->name, bare)) *
				      2 -
			      (int)strlen(f->name));
}

static void find_end(
	struct arena *a, const struct api *api, const struct wanted *w, struct proto_handle *h)
{
	struct proto_handle best = *h;
	int best_score = 0;

	for (size_t i = 0; i < api->n; i++) {
		struct proto_handle one = *h;
		int score = end_score(a, &api->v[i].proto, w, &one);

		if (score > best_score) {
			best = one;
			best_score = score;
		}
	}
	*h = best;
}

static bool find_maker(
	struct arena *a, const struct api *api, const struct wanted *w, struct proto_handle *h)
{
	int best_score = 0;

	for (size_t i = 0; i < api->n; i++) {
		struct proto_handle one = { 0 };
		int score = maker_score(a, &api->v[i].proto, w, &one);

		if (score > best_score) {
			*h = one;
			best_score = score;
		}
	}
	return best_score > 0;
}

/* May a parameter with this role be an object of the library's after all? */
static bool may_be_handle(const struct proto_param *q)
{
	if (q->opaque)
		return true;
	if (q->is_callback || q->depth != 1)
		return false;
	/* behind a typedef of the library's own, a number can be one, too */
	return q->role == ROLE_OBJECT || (q->role == ROLE_OUT && strcmp(q->base, q->canon) != 0 &&
						 !proto_standard_type(q->base));
}

static const struct proto_handle *kept(struct arena *a, const struct proto_handle *h)
{
	struct proto_handle *out = arena_alloc(a, sizeof(*out));

	*out = *h;
	return out;
}

static bool is_getter(const char *name)
{
	static const char *const words[] = { "get", "find", "lookup", "peek", "child", "dotget",
		"select", NULL };

	return words_have_any(name, words);
}

static void fill_result(struct arena *a, const struct api *api, struct proto *p)
{
	struct wanted w = { p->ret, proto_result_canon(p), p->name, p->ret_depth, false };
	struct proto_handle h = { .how = HANDLE_ENDED };

	if (p->ret_depth != !p->ret_opaque || p->ret_const || !*p->ret ||
		strcmp(p->ret, "void") == 0 || strcmp(p->ret, "char") == 0)
		return;
	/* what is taken from an object that was passed is mostly still that object's */
	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *q = &p->params[i];

		if (q->role == ROLE_HANDLE && strcmp(q->base, p->ret) == 0)
			return;
		if ((q->role == ROLE_HANDLE || q->role == ROLE_OBJECT) && is_getter(p->name))
			return;
	}
	find_end(a, api, &w, &h);
	/* numbers are of no kind: with something else beside them they are what is taken from that */
	if (h.end && proto_plain_type(p->ret) && strcmp(h.end_args, "@") != 0)
		return;
	if (h.end && !strchr(h.end_args, '&'))
		p->ret_handle = kept(a, &h);
}

void handle_find_end(
	struct arena *a, const struct api *api, const struct proto *p, struct proto_handle *h)
{
	const struct wanted w = { p->ret, proto_result_canon(p), p->name, 0, true };

	find_end(a, api, &w, h);
}

bool handle_ends_all(const struct proto *p)
{
	bool owned = !p->ret_const && (p->ret_depth || p->ret_opaque);

	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *q = &p->params[i];

		/* what is hung into memory of ours nobody ends */
		if ((q->role == ROLE_HANDLE && !q->handle->end) ||
			(q->role == ROLE_OBJECT && !q->is_const && !q->plain) ||
			(q->role == ROLE_ARRAY && !proto_standard_type(q->base)) ||
			(q->role == ROLE_OUT && q->depth == 2 && !q->is_const &&
				(q->bound || (!q->handle && !q->owned))))
			return false;
	}
	return !owned || p->ret_handle || p->ret_owned;
}

/* What hands out such objects: those are made as the library does it. What is given one may hand that out; NULL: none. */
static const char *giver_of(const struct api *api, const struct wanted *w)
{
	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;

		if (strcmp(f->name, w->near) != 0 && place_of(f, w, 0) == SIZE_MAX &&
			(returns_it(f, w) || place_of(f, w, 1) != SIZE_MAX))
			return f->name;
	}
	return NULL;
}

const char *handle_unmade(const struct proto *p)
{
	for (size_t i = 0; p && i < p->n_params; i++)
		if (p->params[i].role == ROLE_OBJECT &&
			(!p->params[i].sized || p->params[i].made_by))
			return p->params[i].base;
	return NULL;
}

const char *handle_zeroed(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].role == ROLE_OBJECT)
			return p->params[i].base;
	return NULL;
}

unsigned handle_fill(struct arena *a, const struct api *api, struct proto *p)
{
	const struct api_function *f = api_find(api, p->name);
	unsigned unknown = 0;

	arrays_find(api, f ? f->header : NULL, p);
	for (size_t i = 0; i < p->n_params; i++) {
		struct proto_param *q = &p->params[i];
		struct wanted w = { q->base, q->canon, p->name, !q->opaque,
			api_is_complete(api, f ? f->header : NULL, q) };
		struct proto_handle h = { .how = HANDLE_ENDED };

		if (may_be_handle(q) && find_maker(a, api, &w, &h)) {
			find_end(a, api, &w, &h);
			q->role = ROLE_HANDLE;
			q->handle = kept(a, &h);
		} else if (q->opaque) {
			unknown++;
		} else if (q->role == ROLE_OBJECT) {
			q->sized = w.complete;
			q->made_by = giver_of(api, &w);
			unknown += !q->sized || q->made_by;
		} else if (q->role == ROLE_OUT && q->depth == 2 && strcmp(q->canon, "char") != 0 &&
			   (!q->is_const || strcmp(q->canon, "void") == 0)) {
			find_end(a, api, &w, &h);
			q->handle = h.end ? kept(a, &h) : NULL;
		}
	}
	fill_result(a, api, p);
	fed_fill(api, p);
	return unknown;
}

/* Where the first function that takes one is declared; NULL: nowhere. */
static const struct api_header *header_of(const struct api *api, const struct wanted *w)
{
	for (size_t i = 0; i < api->n; i++)
		if (place_of(&api->v[i].proto, w, 0) != SIZE_MAX)
			return api->v[i].header;
	return NULL;
}

const struct proto_handle *handle_near(
	struct arena *a, const struct api *api, const struct proto_param *q, const char *near)
{
	struct wanted w = { q->base, q->canon, near, q->depth, false };
	struct proto_handle h = { .how = HANDLE_ENDED };

	w.complete = api_is_complete(api, header_of(api, &w), q);
	/* without a maker of its own it may still come out of a parser */
	(void)find_maker(a, api, &w, &h);
	find_end(a, api, &w, &h);
	return kept(a, &h);
}

const struct proto_handle *handle_of_type(
	struct arena *a, const struct api *api, const struct proto_param *q)
{
	return handle_near(a, api, q, "");
}
