/*
 * What is given by value is the caller's to keep, and holds no more than places in the input. Functions that take its address
 * move it on; those that take it as it is ask it something, or give a part of it, which is of the same type.
 */
#include "base/prelude.h"
#include "scaffold/values.h"
#include "scaffold/filler.h"
#include "scaffold/handle.h"
#include "scaffold/object.h"
#include "scaffold/owned.h"
#include "scaffold/readers.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include "base/mem.h"

/* Bytes of room for what is copied out. */
#define ROOM_EACH "256"
/* Of what are numbers; a matrix has as many. */
#define NUMBERS_EACH "16"

static bool is_plain_result(const struct proto *f)
{
	return proto_gives_number(f) ||
	       (!f->ret_depth && !f->ret_opaque && strcmp(proto_result_canon(f), "bool") == 0);
}

/* A structure whose members the headers tell, by value. */
static bool gives_value(const struct api *api, const struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	const struct proto_param q = proto_result(p);

	return own && !p->cxx && !p->ret_depth && !p->ret_opaque && *p->ret &&
	       !proto_plain_type(p->ret) && !is_plain_result(p) &&
	       api_is_struct(api, own->header, &q);
}

static bool gives_same(const struct proto *f, const struct proto *p)
{
	const struct proto_param q = proto_result(f);

	return object_is(&q, p->ret, proto_result_canon(p), 0);
}

/* Numbers may be those of a point or a list: one alone has room for some, and is told of it where it asks. */
static size_t add_numbers(struct buf *b, const struct proto *f, size_t i)
{
	const struct proto_param *q = &f->params[i];
	bool alone = true, counted = filler_counts(f, i + 1);

	for (size_t k = 0; k < f->n_params; k++)
		if (k != i && f->params[k].depth == 1 && strcmp(f->params[k].base, q->base) == 0)
			alone = false;
	if (!alone && !counted) {
		buf_addf(b, "&(%s){ 0 }", q->base);
		return 1;
	}
	buf_addf(b, "(%s[" NUMBERS_EACH "]){ 0 }%s", q->base, counted ? ", " NUMBERS_EACH : "");
	return counted ? 2 : 1;
}

/* Memory for what is copied out, with its size behind it; how many parameters that is, 0: it is no such. */
static size_t add_room(struct buf *b, const struct proto *f, size_t i)
{
	const struct proto_param *q = &f->params[i];

	if (q->depth != 1 || q->is_const || q->is_callback || !proto_byte(q) ||
		!filler_counts(f, i + 1))
		return 0;
	buf_addf(b, "(%s[" ROOM_EACH "]){ 0 }, " ROOM_EACH,
		strcmp(q->canon, "void") == 0 ? "unsigned char" : q->base);
	return 2;
}

struct needs {
	/* numbers that it writes; texts that it is asked with */
	unsigned outs, keys;
};

/* "@" for the object, by depth pointers; NULL: it wants what nobody has. */
static const char *arguments(struct arena *a, const struct proto *f, const struct proto *p,
	unsigned depth, struct needs *n)
{
	static const char *const files[] = { "file", "filename", "fname", "dir", "folder",
		"directory", NULL };
	struct buf b = BUF_INIT;
	const char *out = NULL, *max;
	unsigned objects = 0;
	size_t i;

	*n = (struct needs){ 0 };
	for (i = 0; i < f->n_params; i++) {
		const struct proto_param *q = &f->params[i];
		bool number = proto_integer(q, &max) || strcmp(q->canon, "bool") == 0 ||
			      strcmp(q->canon, "double") == 0 || strcmp(q->canon, "float") == 0;
		size_t room;

		buf_adds(&b, i ? ", " : "");
		if (object_is(q, p->ret, proto_result_canon(p), depth) && !objects++) {
			buf_adds(&b, depth ? "&@" : "@");
		} else if (q->is_callback || q->is_ref || q->opaque || q->depth > 1) {
			break;
		} else if ((room = add_room(&b, f, i))) {
			i += room - 1;
			n->outs++;
		} else if (q->depth == 1 && !q->is_const && number && !proto_byte(q)) {
			i += add_numbers(&b, f, i) - 1;
			n->outs++;
		} else if (q->depth == 1 && q->is_const && strcmp(q->canon, "char") == 0 &&
			   !words_have_any(q->name, files) &&
			   (i + 1 == f->n_params || !roles_length(f->params[i + 1].name))) {
			buf_adds(&b, q->usual && *q->usual == '"' ? q->usual : "\"a\"");
			n->keys++;
		} else if (!q->depth && q->usual && number) {
			buf_adds(&b, q->usual);
		} else {
			break;
		}
	}
	if (i == f->n_params && objects == 1)
		out = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

/* It changes what there is, shows it to people, leaves it somewhere, or doesn't come back. */
static bool changes(const char *name)
{
	static const char *const words[] = { "set", "add", "put", "remove", "delete", "insert",
		"append", "push", "pop", "print", "write", "emit", "dump", "send", "init", "reset",
		"seek", "skip", "begin", "start", "open", "save", "store", "export", "log",
		"unlink", "rename", "rm", "system", "exec", "execute", "spawn", "abort", "die",
		"panic", "fatal", "quit", NULL };

	return words_have_any(name, words) || object_says_end(name);
}

static void keep(struct value_call *v, size_t *n, const char *name, const char *args)
{
	if (*n < VALUE_CALLS_MAX)
		v[(*n)++] = (struct value_call){ name, args, false };
}

/* By its address: what reads on, and what only tells numbers of it. */
static void take_mover(
	struct proto_values *v, const struct proto *f, const char *args, const struct needs *n)
{
	if (f->ret_depth || f->ret_opaque || n->keys || object_says_end(f->name))
		return;
	if (readers_go_on(f->name) && v->n_moving < VALUE_CALLS_MAX) {
		keep(v->moving, &v->n_moving, f->name, args);
		/* an enumeration's may be the kind of what was read */
		v->moving[v->n_moving - 1].counts =
			is_plain_result(f) && strncmp(proto_result_canon(f), "enum ", 5) != 0;
	} else if (n->outs && !changes(f->name)) {
		keep(v->asking, &v->n_asking, f->name, args);
	}
}

/* One of its own type: a part of it, or the one behind; where such have an end, only what is called as parts are isn't a new one. */
static void take_part(
	struct proto_values *v, const struct proto *f, const char *args, const struct needs *n)
{
	static const char *const first[] = { "first", "child", "children", "begin", "head", NULL };
	static const char *const parts[] = { "get", "find", "lookup", "at", "item", "element",
		"member", "field", "child", "children", "first", "next", "head", "root", "parent",
		NULL };

	if (v->end && !words_have_any(f->name, parts))
		return;
	if (n->keys)
		keep(v->keyed, &v->n_keyed, f->name, args);
	else if (f->n_params == 1 && words_have_any(f->name, first) && !v->first)
		v->first = f->name;
	else if (f->n_params == 1 && words_have(f->name, "next") && !v->next)
		v->next = f->name;
	else if (!words_have_any(f->name, first) && !words_have(f->name, "next"))
		keep(v->asking, &v->n_asking, f->name, args);
}

/* As it is: what tells something of it, without making anything that somebody would have to end. */
static void take_asker(struct proto_values *v, const struct proto *f, const struct proto *p,
	const char *args, const struct needs *n)
{
	static const char *const exists[] = { "exists", "valid", "ok", NULL };
	bool nothing =
		!f->ret_depth && !f->ret_opaque && strcmp(proto_result_canon(f), "void") == 0;

	if (changes(f->name) || f->ret_opaque || (f->ret_depth && !f->ret_const) ||
		(nothing && !n->outs))
		return;
	if (gives_same(f, p))
		take_part(v, f, args, n);
	else if (f->n_params == 1 && !v->exists && words_have_any(f->name, exists) &&
		 strcmp(proto_result_canon(f), "bool") == 0)
		v->exists = f->name;
	else
		keep(v->asking, &v->n_asking, f->name, args);
}

/* A type that only says how it went isn't what is read: whatever takes it takes it alone. */
static bool is_of_use(const struct proto_values *v)
{
	return v->n_moving || v->n_asking || v->n_keyed || v->next || v->end;
}

/* "&@" where a variable holds the object, "@" where it holds its address. */
static const char *at_address(struct arena *a, const char *args, bool in_place)
{
	struct buf b = BUF_INIT;
	const char *out = args;

	if (in_place) {
		for (; *args; args++)
			if (args[0] != '&' || args[1] != '@')
				buf_addch(&b, *args);
		out = arena_strdup(a, buf_str(&b));
	}
	buf_release(&b);
	return out;
}

/* The parameter whose memory p begins an object in, of the input and nothing that anybody else makes; SIZE_MAX: none. */
static size_t begun_at(const struct api *api, const struct proto *p)
{
	static const char *const words[] = { "init", "initialize", "open", "from", "begin", "start",
		"setup", "wrap", NULL };
	const struct api_function *own = api_find(api, p->name);
	size_t at = SIZE_MAX;

	if (!own || p->cxx || p->ret_depth || p->ret_opaque || !words_have_any(p->name, words))
		return SIZE_MAX;
	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *q = &p->params[i];

		if (q->role != ROLE_OBJECT || q->is_const || !q->sized)
			continue;
		/* of several nobody says which */
		if (at != SIZE_MAX || q->made_by || !api_is_struct(api, own->header, q))
			return SIZE_MAX;
		at = i;
	}
	return at;
}

static void find_all(struct arena *a, const struct api *api, const struct api_function *own,
	const struct proto *p, struct proto_values *v)
{
	bool in_place = v->at != SIZE_MAX;
	struct proto_handle end = { .how = HANDLE_ENDED };

	handle_find_end(a, api, p, &end);
	/* what takes more than it may be of a part of it */
	if (end.end && (strcmp(end.end_args, "@") == 0 || strcmp(end.end_args, "&@") == 0)) {
		v->end = end.end;
		v->end_args = at_address(a, end.end_args, in_place);
	}
	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;
		struct needs n;
		const char *args;

		/* no other header is included */
		if (&api->v[i] == own || f->varargs || !api_includes(own->header, api->v[i].header))
			continue;
		if ((args = arguments(a, f, p, 1, &n)) != NULL)
			take_mover(v, f, at_address(a, args, in_place), &n);
		else if (!in_place && (args = arguments(a, f, p, 0, &n)) != NULL)
			take_asker(v, f, p, args, &n);
	}
}

void values_find(struct arena *a, const struct api *api, struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	struct proto_values *v = arena_alloc(a, sizeof(*v));
	struct proto of = *p;

	*v = (struct proto_values){ .at = SIZE_MAX, .type = p->ret };
	p->values = NULL;
	if (!gives_value(api, p)) {
		v->at = begun_at(api, p);
		if (v->at == SIZE_MAX)
			return;
		v->type = of.ret = p->params[v->at].base;
		of.ret_canon = p->params[v->at].canon;
	}
	find_all(a, api, own, &of, v);
	if (v->at == SIZE_MAX ? is_of_use(v) : v->n_moving > 0)
		p->values = v;
}

static void drop_named(struct value_call *v, size_t *n, struct strv why)
{
	size_t left = 0;

	for (size_t i = 0; i < *n; i++) {
		char *name = xasprintf("'%s'", v[i].name);

		if (!strv_contains(why, name))
			v[left++] = v[i];
		free(name);
	}
	*n = left;
}

bool values_drop(struct arena *a, struct proto *p, const struct buf *why)
{
	struct strv text = strv_n(buf_str(why), why->len);
	size_t before;
	struct proto_values *v;

	if (!p->values)
		return false;
	v = arena_alloc(a, sizeof(*v));
	*v = *p->values;
	before = v->n_moving + v->n_asking + v->n_keyed;
	drop_named(v->moving, &v->n_moving, text);
	drop_named(v->asking, &v->n_asking, text);
	drop_named(v->keyed, &v->n_keyed, text);
	p->values = v->n_moving + v->n_asking + v->n_keyed < before ? v : NULL;
	return true;
}
