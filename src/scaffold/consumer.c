/*
 * One who only hands over bytes says so by its name; what then reads them is called what readers are called. A decoder's state
 * may be a pointer to anything: then only what is called as its reader is makes it.
 */
#include "base/prelude.h"
#include "scaffold/consumer.h"
#include "scaffold/filler.h"
#include "scaffold/handle.h"
#include "scaffold/object.h"
#include "scaffold/readers.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"

/* letters that a maker has in common with what reads, beyond their library's */
#define OWN_LETTERS 3

/* It puts its input into the object, and reads nothing of it. */
static bool hands_over(const char *name)
{
	static const char *const words[] = { "feed", "push", "append", "input", "buffer", "from",
		"set", "fill", "submit", NULL };

	return words_have_any(name, words);
}

static bool reads(const char *name)
{
	static const char *const words[] = { "decode", "decod", "parse", "read", "next", "process",
		"run", "load", "synth", NULL };

	return words_have_any(name, words) && !hands_over(name) && !object_says_end(name) &&
	       !words_have(name, "init");
}

/* May it be an object of the library's that isn't the one that is fed? */
static bool is_other(const struct proto_param *q, const struct proto_param *fed)
{
	static const char *const states[] = { "state", "st", "dec", "decoder", "ctx", "context",
		"handle", "parser", NULL };

	if (q->is_callback || q->is_ref || q->is_const ||
		object_is(q, fed->base, fed->canon, fed->depth))
		return false;
	if (q->opaque)
		return true;
	if (q->depth != 1 || proto_standard_type(q->base) != (strncmp(q->base, "struct ", 7) == 0))
		return q->depth == 1 && strcmp(q->canon, "void") == 0 &&
		       words_among(q->name, states);
	return !proto_byte(q);
}

/* How the other is made, for f, whose feeder is p; false: nobody knows, or another of the library's is meant. */
static bool make_other(struct arena *a, const struct api *api, const struct proto *p,
	const struct proto *f, struct proto_param *q)
{
	q->handle = handle_near(a, api, q, f->name);
	if (!q->handle->make || !q->handle->end)
		return false;
	if (strcmp(q->canon, "void") == 0 && !q->opaque &&
		words_common(q->handle->make, f->name) <
			words_common(p->name, f->name) + OWN_LETTERS)
		return false;
	q->role = ROLE_HANDLE;
	q->name = *q->name && strcmp(q->name, p->params[0].name) != 0 ? q->name : "other";
	for (size_t i = 0; i < p->n_params; i++)
		if (strcmp(p->params[i].name, q->name) == 0)
			q->name = "other";
	return true;
}

static bool try_one(struct arena *a, const struct api *api, const struct proto *p,
	const struct proto *f, struct proto_consumer *c)
{
	const struct proto_param *fed = &p->params[c->fed];
	unsigned objects = 0, others = 0;
	struct buf b = BUF_INIT;
	size_t i;

	for (i = 0; i < f->n_params; i++) {
		const struct proto_param *q = &f->params[i];
		size_t n;

		buf_adds(&b, i ? ", " : "");
		if (object_is(q, fed->base, fed->canon, fed->depth) && !objects++) {
			buf_addch(&b, '@');
		} else if (is_other(q, fed) && !others) {
			c->other = *q;
			if (!make_other(a, api, p, f, &c->other))
				break;
			buf_addch(&b, '#');
			others++;
		} else if ((n = filler_room(&b, f, i))) {
			i += n - 1;
		} else if ((q->depth && proto_byte(q)) || !filler_plain(&b, q)) {
			break;
		}
	}
	if (i == f->n_params && objects == 1 && others == 1) {
		c->name = f->name;
		c->args = arena_strdup(a, buf_str(&b));
	}
	buf_release(&b);
	return c->name != NULL;
}

/* Of those that read, the one called most as the feeder is, and shortest. */
static int worth(const struct proto *p, const struct proto *f)
{
	return 100 + (int)words_common(p->name, f->name) * 2 - (int)strlen(f->name) -
	       (int)f->n_params;
}

void consumer_find(struct arena *a, const struct api *api, struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	struct proto_consumer best = { .fed = SIZE_MAX };
	int best_worth = 0;

	p->consumer = NULL;
	for (size_t i = 0; i < p->n_params && best.fed == SIZE_MAX; i++)
		if (p->params[i].role == ROLE_HANDLE && p->params[i].handle->end)
			best.fed = i;
	if (!own || best.fed == SIZE_MAX || p->cxx || !hands_over(p->name) ||
		object_says_end(p->name))
		return;
	for (size_t i = 0; i < api->n; i++) {
		const struct api_header *h = api->v[i].header;
		const struct proto *f = &api->v[i].proto;
		struct proto_consumer one = { .fed = best.fed };
		bool within = api_includes(own->header, h);

		if (f->varargs || f->ret_depth || f->ret_opaque || !reads(f->name) ||
			(!within && !api_includes(h, own->header)) || worth(p, f) <= best_worth ||
			!try_one(a, api, p, f, &one))
			continue;
		one.include = within ? NULL : h->include;
		one.counts = proto_gives_number(f);
		best_worth = worth(p, f);
		best = one;
	}
	if (best.name) {
		struct proto_consumer *kept = arena_alloc(a, sizeof(*kept));

		*kept = best;
		p->consumer = kept;
		p->then = NULL;
	}
}
