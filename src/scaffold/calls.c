/*
 * What a parameter may be given is read off its type; what can't be known from there (who owns what, what an address must
 * point to) leaves the function out, with its reason: a harness that breaks the library's contract costs its user more than
 * one function less.
 */
#include "base/prelude.h"
#include "scaffold/calls.h"
#include "base/mem.h"
#include "config/names.h"
#include "scaffold/handle.h"
#include "scaffold/object.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"

#define CALLS_MAX 60
#define VALUES_MAX 40
#define TYPES_MAX 40

struct finding {
	struct arena *a;
	const struct api *api;
	struct calls *out;
	/* the type, as a parameter */
	struct proto_param object;
};

static bool same_type(const struct proto_param *o, const char *base, const char *canon)
{
	return strcmp(o->base, base) == 0 ||
	       (strncmp(o->canon, "struct ", 7) == 0 && strcmp(o->canon, canon) == 0);
}

static bool is_object(const struct finding *f, const struct proto_param *q, unsigned more)
{
	return !q->is_callback && q->depth == f->object.depth + more &&
	       same_type(&f->object, q->base, q->canon);
}

static bool is_char(const struct proto_param *q)
{
	static const char *const types[] = { "char", "unsigned char", "signed char", "void", NULL };

	for (size_t i = 0; types[i]; i++)
		if (!q->is_callback && q->depth == 1 && strcmp(q->canon, types[i]) == 0)
			return true;
	return false;
}

/* Of what stands in front of it: by its name, or where it has none by the type that lengths have. */
static bool is_length(const struct proto_param *q)
{
	static const char *const words[] = { "len", "length", "size", "sz", "n", "nbytes", "bytes",
		"count", "cnt", "buflen", "bufsize", "datalen", "inlen", "srclen", "nbyte", NULL };
	const char *max;

	if (q->depth || q->is_callback || !proto_integer(q, &max))
		return false;
	return *q->name ? words_have_any(q->name, words) || words_have(q->name, "max")
			: strcmp(q->base, "size_t") == 0;
}

/* --- enumerations --- */

static struct strv word_at(struct strv v)
{
	size_t n = 0;

	while (n < v.len && strv_is_word(v.s[n]))
		n++;
	return strv_sub(v, 0, n);
}

/* "A, B, C" of what stands between the braces; NULL: not understood. */
static const char *enumerators(struct arena *a, struct strv body)
{
	struct buf b = BUF_INIT;
	const char *out;
	size_t n = 0;

	while (body.len && n < VALUES_MAX) {
		struct strv name = word_at(body = strv_trim(body));
		size_t comma = strv_chr(body, ',');

		if (!name.len)
			break;
		buf_adds(&b, n++ ? ", " : "");
		buf_addv(&b, name);
		body = comma < body.len ? strv_from(body, comma + 1) : strv_sub(body, 0, 0);
	}
	out = n ? arena_strdup(a, buf_str(&b)) : NULL;
	buf_release(&b);
	return out;
}

/* enum NAME { … }, or enum … { … } NAME; without conditions and macros within. */
static const char *values_of(const struct finding *f, const char *base)
{
	struct strv text = strv_n(buf_str(&f->api->text), f->api->text.len), name = strv_of(base);
	bool tag = strv_skip(&name, "enum ");
	size_t at;

	while ((at = strv_find(text, "enum")) != SIZE_MAX) {
		struct strv head = strv_trim(strv_from(text, at + 4)), own = word_at(head), body;
		size_t close;

		text = strv_from(text, at + 4);
		head = strv_trim(strv_from(head, own.len));
		if (!head.len || head.s[0] != '{' || (close = strv_chr(head, '}')) >= head.len)
			continue;
		body = strv_sub(head, 1, close - 1);
		head = word_at(strv_trim(strv_from(head, close + 1)));
		if (strv_chr(body, '#') < body.len)
			continue;
		if (strv_eq(tag ? own : head, name))
			return enumerators(f->a, body);
	}
	return NULL;
}

/* --- what is passed --- */

static bool path_like(const struct proto *p, const struct proto_param *q)
{
	static const char *const words[] = { "path", "file", "filename", "fname", "dir", "format",
		"fmt", "pathname", NULL };
	static const char *const opening[] = { "file", "fopen", "path", NULL };

	return words_have_any(q->name, words) || words_have_any(p->name, opening);
}

/* Bytes, a text, or memory to write to. Why it can't be any: the result; NULL: it is. */
static const char *pass_bytes(const struct proto *p, struct call *c, size_t i)
{
	const struct proto_param *q = &p->params[i];
	bool length = i + 1 < p->n_params && is_length(&q[1]);

	if (length) {
		c->args[i] = q->is_const ? PASS_BYTES : PASS_ROOM;
		c->args[i + 1] = q->is_const ? PASS_LENGTH : PASS_ROOM_SIZE;
		return NULL;
	}
	if (strcmp(q->canon, "void") == 0) {
		for (size_t k = 0; k < i; k++)
			if (c->args[k] == PASS_CALLBACK) {
				c->args[i] = PASS_NULL;
				return NULL;
			}
		return "takes a pointer to anything";
	}
	if (!q->is_const)
		return "writes to memory of unknown size";
	if (strcmp(q->canon, "char") != 0)
		return "takes bytes without a length";
	if (path_like(p, q))
		return "takes a path or a format";
	c->args[i] = PASS_TEXT;
	return NULL;
}

static const char *pass_number(struct finding *f, struct call *c, size_t i)
{
	const struct proto_param *q = &c->proto->params[i];
	const char *max;
	bool real = strcmp(q->canon, "double") == 0 || strcmp(q->canon, "float") == 0;

	if (strncmp(q->canon, "enum ", 5) == 0) {
		c->values[i] = values_of(f, q->base);
		c->args[i] = PASS_ENUM;
		return c->values[i] || q->depth ? NULL : "takes an enumeration that wasn't found";
	}
	if (real || strcmp(q->canon, "bool") == 0 || strcmp(q->canon, "_Bool") == 0 ||
		proto_integer(q, &max)) {
		c->args[i] = real ? PASS_REAL : PASS_INTEGER;
		return NULL;
	}
	return "takes an object of another type";
}

static const char *pass_object(struct finding *f, struct call *c, size_t i)
{
	const struct proto_param *q = &c->proto->params[i];

	for (size_t k = 0; k < i; k++)
		if (c->args[k] == PASS_OBJECT && !(q->is_const && c->proto->params[k].is_const))
			return "takes two of them: which then owns which isn't known";
	/* the memory that it is made in */
	c->args[i] = c->how == CALL_INITS ? PASS_MADE : PASS_OBJECT;
	(void)f;
	return NULL;
}

static const char *pass(struct finding *f, struct call *c, size_t i)
{
	const struct proto_param *q = &c->proto->params[i];
	const char *why;

	if (c->args[i] == PASS_LENGTH || c->args[i] == PASS_ROOM_SIZE)
		return NULL;
	if (q->given) {
		c->args[i] = PASS_GIVEN;
		return NULL;
	}
	if (is_object(f, q, 0))
		return pass_object(f, c, i);
	if (is_object(f, q, 1)) {
		if (c->how != CALL_FILLS)
			return "takes a pointer to one, and may end it";
		c->args[i] = PASS_MADE;
		return NULL;
	}
	if (q->is_callback) {
		c->args[i] = PASS_CALLBACK;
		if (q->stub && strchr(q->stub, '@') > q->stub && strchr(q->stub, '@')[-1] == '*')
			return "takes a callback that gives something";
		return q->stub ? NULL : "takes a callback that isn't understood";
	}
	if (q->opaque || q->depth > 1 || q->is_ref)
		return "takes an object of another type";
	if (is_char(q))
		return pass_bytes(c->proto, c, i);
	why = pass_number(f, c, i);
	if (q->depth && !why) {
		c->args[i] = PASS_OUT;
		return q->is_const ? "takes an array" : NULL;
	}
	return why;
}

/* --- which functions --- */

static bool returns_object(const struct finding *f, const struct proto *p)
{
	return !p->ret_const && p->ret_depth == f->object.depth &&
	       same_type(&f->object, p->ret, proto_result_canon(p));
}

/* What it gives back is the caller's to end, and nobody knows how. */
static bool gives(const struct finding *f, const struct proto *p)
{
	static const char *const words[] = { "dup", "copy", "clone", "new", "create", "alloc",
		"print", "string", "dump", "tostring", "steal", "detach", "take", NULL };

	return !p->ret_const && p->ret_depth && !returns_object(f, p) &&
	       (strcmp(proto_result_canon(p), "char") == 0 || words_have_any(p->name, words));
}

/* Makes: by its result, unless it takes one, which then is its owner, and isn't copied. */
static void find_how(const struct finding *f, struct call *c)
{
	static const char *const copying[] = { "dup", "duplicate", "copy", "clone", NULL };
	const struct proto *p = c->proto;
	const struct proto_handle *h = f->out->handle;
	bool takes = false;

	for (size_t i = 0; i < p->n_params; i++) {
		takes = takes || is_object(f, &p->params[i], 0);
		if (is_object(f, &p->params[i], 1) && !p->params[i].is_const)
			c->how = CALL_FILLS;
	}
	if (returns_object(f, p) && (!takes || words_have_any(p->name, copying)))
		c->how = CALL_RETURNS;
	else if (h->make && h->how == HANDLE_INIT && strcmp(h->make, p->name) == 0)
		c->how = CALL_INITS;
}

static const char *why_not(struct finding *f, struct call *c)
{
	static const char *const owning[] = { "attach", "adopt", "own", "ref", "steal", "detach",
		"take", "give", "reparent", "exit", "abort", "realloc", "assert", NULL };
	const struct proto *p = c->proto;
	const char *why = NULL;

	if (p->varargs)
		return "takes any number of arguments";
	if (object_says_end(p->name))
		return "ends something";
	if (words_have_any(p->name, owning) || gives(f, p))
		return "who owns what then isn't known";
	find_how(f, c);
	/* those that fail may end what they were given */
	for (size_t i = 0; i < p->n_params && !why; i++)
		why = pass(f, c, i);
	return why;
}

static bool concerns(const struct finding *f, const struct proto *p)
{
	if (returns_object(f, p))
		return true;
	for (size_t i = 0; i < p->n_params; i++)
		if (is_object(f, &p->params[i], 0) || is_object(f, &p->params[i], 1))
			return true;
	return false;
}

static void add_calls(struct finding *f, bool makers)
{
	struct calls *o = f->out;
	bool in_memory = o->handle->make && o->handle->how == HANDLE_INIT;

	for (size_t i = 0; i < f->api->n && o->n < CALLS_MAX; i++) {
		struct call c = { .proto = &f->api->v[i].proto };
		const char *why;

		if (!concerns(f, c.proto) ||
			strcmp(f->api->v[i].header->dir, o->header->dir) != 0 ||
			(o->handle->end && strcmp(o->handle->end, c.proto->name) == 0))
			continue;
		why = why_not(f, &c);
		/* objects that lie in memory of the harness's end otherwise than those that the library made */
		if (!why && in_memory && (c.how == CALL_RETURNS || c.how == CALL_FILLS))
			why = "makes one in another way";
		if (why && makers)
			strlist_addf(&o->left, "%s: %s", c.proto->name, why);
		if (!why && (c.how != CALL_USES) == makers)
			o->calls[o->n++] = c;
	}
	if (makers)
		o->n_makers = o->n;
}

/* Where one appears first, as a parameter or a result, in the best header. */
static bool find_type(struct finding *f, const char *type)
{
	struct strv name = strv_trim(strv_of(type));

	while (name.len && strchr("* ", name.s[name.len - 1]))
		name.len--;
	for (size_t i = 0; i < f->api->n; i++) {
		const struct proto *p = &f->api->v[i].proto;
		const struct proto_param ret = proto_result(p);

		for (size_t k = 0; k <= p->n_params; k++) {
			const struct proto_param *q = k < p->n_params ? &p->params[k] : &ret;
			struct strv tag = strv_of(q->canon);

			if (!strv_eqs(name, q->base) && !strv_eqs(name, q->canon) &&
				!(strv_skip(&tag, "struct ") && strv_eq(tag, name)))
				continue;
			if (!q->depth && !q->opaque)
				continue;
			f->object = *q;
			f->object.depth = !q->opaque;
			f->out->header = f->api->v[i].header;
			return true;
		}
	}
	return false;
}

static const char *without_tag(const char *type)
{
	return strncmp(type, "struct ", 7) == 0 ? type + 7 : type;
}

static int no_type(const struct finding *f, const char *type, struct err *err)
{
	const char **names = xcalloc(f->api->n + 1, sizeof(*names)), *near;
	size_t n = 0;

	for (size_t i = 0; i < f->api->n; i++)
		if (f->api->v[i].proto.ret_depth || f->api->v[i].proto.ret_opaque)
			names[n++] = without_tag(f->api->v[i].proto.ret);
	near = config_nearest(strv_of(type), names, n);
	err_usage(err,
		"--handle %s: no function of the headers takes or gives a pointer to it%s%s%s",
		type, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	free(names);
	return -1;
}

int calls_find(struct arena *a, const struct api *api, const char *type, struct calls *out,
	struct err *err)
{
	struct finding f = { .a = a, .api = api, .out = out };

	*out = (struct calls){ 0 };
	if (!find_type(&f, type))
		return no_type(&f, type, err);
	out->type = f.object.base;
	out->opaque = !f.object.depth;
	out->handle = handle_of_type(a, api, &f.object);
	out->calls = xcalloc(CALLS_MAX, sizeof(*out->calls));
	add_calls(&f, true);
	add_calls(&f, false);
	if (!out->n_makers)
		return err_usage(err,
			"--handle %s: nothing makes one from values that can be told%s%s", type,
			out->left.n ? "; as " : "", out->left.n ? out->left.v[0] : "");
	if (out->n == out->n_makers)
		return err_usage(
			err, "--handle %s: nothing can be done with one but to make it", type);
	return 0;
}

const char *calls_best_type(struct arena *a, const struct api *api)
{
	struct strlist tried = STRLIST_INIT;
	const char *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < api->n && tried.n < TYPES_MAX; i++) {
		const struct proto *p = &api->v[i].proto;
		const char *type = p->n_params && *p->params[0].base ? p->params[0].base : p->ret;
		struct calls one;

		/* numbers and bytes are nobody's objects */
		if (!*type || (proto_standard_type(type) && strncmp(type, "struct ", 7) != 0) ||
			strcmp(type, "void") == 0 || strlist_has(&tried, type))
			continue;
		strlist_add(&tried, type);
		if (calls_find(a, api, type, &one, NULL) == 0 && one.n > most) {
			best = type;
			most = one.n;
		}
		calls_release(&one);
	}
	strlist_release(&tried);
	return best;
}

void calls_release(struct calls *p)
{
	free(p->calls);
	strlist_release(&p->left);
	*p = (struct calls){ 0 };
}
