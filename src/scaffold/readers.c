/*
 * Few are called: what goes on reading, what checks an object, and what writes it down. Those ask nothing of it but that it is
 * one; what reads a single value may want to be told which kind of object it is.
 */
#include "base/prelude.h"
#include "scaffold/readers.h"
#include "scaffold/filler.h"
#include "scaffold/handle.h"
#include "scaffold/members.h"
#include "scaffold/object.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <strings.h>

struct made {
	const char *base, *canon;
	unsigned depth;
	size_t at; /* the parameter; SIZE_MAX: the result */
};

/* It puts its input into an object, from which the rest is to be had. */
static bool feeds(const char *name)
{
	static const char *const words[] = { "feed", "push", "append", "input", "submit", "enqueue",
		"send", NULL };

	return words_have_any(name, words);
}

/* What the harness holds in the end, and ends. */
static bool find_made(const struct proto *p, struct made *m)
{
	for (size_t i = 0; i < p->n_params && feeds(p->name); i++) {
		const struct proto_param *q = &p->params[i];

		if (q->role == ROLE_HANDLE && q->handle->end) {
			*m = (struct made){ q->base, q->canon, !q->opaque, i };
			return true;
		}
	}
	if (p->ret_handle) {
		*m = (struct made){ p->ret, proto_result_canon(p), p->ret_depth, SIZE_MAX };
		return true;
	}
	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *q = &p->params[i];

		if (q->role == ROLE_OUT && q->depth == 2 && q->handle && !q->bound) {
			*m = (struct made){ q->base, q->canon, 1, i };
			return true;
		}
	}
	return false;
}

static bool is_made(const struct proto_param *q, const struct made *m)
{
	return object_is(q, m->base, m->canon, m->depth);
}

/* Gives a text that is the caller's. */
static bool writes(const char *name)
{
	static const char *const words[] = { "print", "dump", "serialize", "serialise", "stringify",
		"write", "emit", "render", "encode", NULL };
	static const char *const forms[] = { "string", "str", "text", "json", "xml", "yaml", "html",
		"csv", "toml", NULL };
	static const char *const parts[] = { "tostring", "tostr", "2str", NULL };

	if (words_have(name, "to") && words_have_any(name, forms))
		return true;
	if (words_have_any(name, words))
		return true;
	for (size_t i = 0; parts[i]; i++)
		if (strcasestr(name, parts[i]))
			return true;
	return false;
}

static bool checks(const char *name)
{
	static const char *const words[] = { "valid", "validate", "verify", "check", "hash", NULL };

	return words_have_any(name, words);
}

bool readers_go_on(const char *name)
{
	static const char *const words[] = { "read", "next", "parse", "decode", "scan", "tokenize",
		"advance", "unpack", NULL };
	static const char *const asking[] = { "set", "add", "is", "has", "write", "put", "register",
		"on", "can", "cb", "callback", "seek", "skip", "lock", "free", "close", "error",
		"size", "length", "count", "support", "supports", "init", "start", NULL };

	/* "get_next" goes on, "get_read_size" asks */
	return words_have_any(name, words) && !words_have_any(name, asking) &&
	       (!words_have(name, "get") || words_have(name, "next"));
}

/* "@" for the object, zeros, and numbers that nobody looks at; NULL: it wants more. rooms: what is written to may be long. */
static const char *arguments(
	struct arena *a, const struct proto *f, const struct made *m, bool rooms)
{
	struct buf b = BUF_INIT;
	const char *out = NULL;
	unsigned objects = 0;
	size_t i;

	for (i = 0; i < f->n_params; i++) {
		const struct proto_param *q = &f->params[i];
		size_t n = 0;

		buf_adds(&b, i ? ", " : "");
		if (is_made(q, m) && !objects++)
			buf_adds(&b, "@");
		else if (rooms && (n = filler_room(&b, f, i)))
			i += n - 1;
		else if ((rooms && q->depth && proto_byte(q)) || !filler_plain(&b, q))
			break;
	}
	if (i == f->n_params && objects == 1)
		out = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

/* How much it is worth; 0: it isn't called. */
static int score(
	struct arena *a, const struct proto *f, const struct made *m, struct proto_reader *out)
{
	const char *ret = proto_result_canon(f);
	bool on = readers_go_on(f->name), writer = !on && writes(f->name);
	static const char *const aiming[] = { "write", "emit", NULL };
	bool text = !f->ret_opaque && f->ret_depth == 1;

	if (f->varargs || object_says_end(f->name) || (!on && !writer && !checks(f->name)))
		return 0;
	out->name = f->name;
	out->owned = text && !f->ret_const && !on;
	out->repeats = on && proto_gives_number(f);
	/* what it gives may be the caller's: nobody knows */
	if (on && text && !f->ret_const)
		return 0;
	/* objects that it gives are somebody's */
	if (f->ret_opaque || f->ret_depth > 1 ||
		(text && strcmp(ret, "char") != 0 && strcmp(ret, "void") != 0))
		return 0;
	/* nothing comes of it but what stands on the terminal */
	if (!on && !f->ret_depth && strcmp(ret, "void") == 0)
		return 0;
	/* it writes to where the object leads, which was opened to be read */
	if (writer && !text && words_have_any(f->name, aiming))
		return 0;
	out->args = arguments(a, f, m, on);
	if (!out->args)
		return 0;
	return (on ? 30 : writer ? 20 : 10) - (int)f->n_params;
}

/* "to_string_ext" with zeros for what it takes in addition is "to_string". */
static bool is_longer(const struct api *api, const struct api_function *f, const struct made *m)
{
	for (size_t i = 0; i < api->n; i++) {
		const struct proto *other = &api->v[i].proto;

		if (other->n_params == 1 && f->proto.n_params > 1 &&
			strncmp(f->proto.name, other->name, strlen(other->name)) == 0 &&
			is_made(&other->params[0], m) && writes(other->name))
			return true;
	}
	return false;
}

static void keep_best(struct proto *p, const struct proto_reader *one, int worth, int *worths)
{
	size_t at = p->n_readers;

	while (at && worths[at - 1] < worth)
		at--;
	if (at == PROTO_READERS_MAX)
		return;
	p->n_readers += p->n_readers < PROTO_READERS_MAX;
	for (size_t i = p->n_readers - 1; i > at; i--) {
		p->readers[i] = p->readers[i - 1];
		worths[i] = worths[i - 1];
	}
	p->readers[at] = *one;
	worths[at] = worth;
}

void readers_find(struct arena *a, const struct api *api, struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	int worths[PROTO_READERS_MAX];
	struct made m;

	p->n_readers = 0;
	p->members = NULL;
	if (!own || !find_made(p, &m))
		return;
	p->read_at = m.at;
	p->members = members_find(a, api, p,
		&(struct proto_param){ .base = m.base, .canon = m.canon, .depth = m.depth });
	for (size_t i = 0; i < api->n; i++) {
		const struct api_function *f = &api->v[i];
		struct proto_reader one = { NULL };
		int worth;

		/* no other header is included */
		if (f == own || (p->then && strcmp(p->then, f->proto.name) == 0) ||
			!api_includes(own->header, f->header))
			continue;
		worth = score(a, &f->proto, &m, &one);
		if (worth && !is_longer(api, f, &m))
			keep_best(p, &one, worth, worths);
	}
}
