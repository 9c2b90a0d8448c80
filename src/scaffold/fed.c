/* What is called around a function that feeds an object: what opens that for it, and what reads what it only keeps. */
#include "base/prelude.h"
#include "scaffold/fed.h"
#include "scaffold/handle.h"
#include "scaffold/object.h"
#include "scaffold/words.h"
#include <ctype.h>
#include <strings.h>

/* It only keeps its text in the object: what reads that is called behind it. */
static bool keeps_text(const char *name)
{
	static const char *const words[] = { "set", "feed", "push", "append", NULL };

	return words_have_any(name, words);
}

static bool reads_kept(const struct proto *f)
{
	static const char *const words[] = { "eval", "pars", "exec", "run", "process", "compile",
		"calc", "decod", "tokeni", "scan" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words_begin(f->name, words[i]))
			return !object_ends(f->name) && !keeps_text(f->name);
	return false;
}

/* The object that p feeds; NULL: none. */
static const struct proto_param *fed_object(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].role == ROLE_HANDLE)
			return &p->params[i];
	return NULL;
}

/* Does f take the object alone, make nothing, and come with own's header? No other is included. */
static bool takes_alone(const struct api_function *own, const struct api_function *f,
	const struct proto_param *object)
{
	const struct proto *p = &f->proto;

	return own && api_includes(own->header, f->header) && p->n_params == 1 && !p->varargs &&
	       !p->ret_depth && !p->ret_opaque &&
	       object_is(&p->params[0], object->base, object->canon, object->depth);
}

/* The one with the shortest name is all of it. */
static void find_then(const struct api *api, struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	const struct proto_param *object = fed_object(p);

	if (!object || !keeps_text(p->name))
		return;
	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;

		if (reads_kept(f) && takes_alone(own, &api->v[i], object) &&
			(!p->then || strlen(f->name) < strlen(p->then)))
			p->then = f->name;
	}
}

static const char *const opening[] = { "open", "start", "begin", NULL };

static bool opens(const char *name)
{
	return words_have_any(name, opening) && !object_says_end(name);
}

/* Does its name end with this, as whole words of it? */
static bool ends_with_words(const char *name, const char *tail)
{
	size_t n = strlen(name), len = strlen(tail);
	const char *at = name + (n > len ? n - len : 0);

	return n >= len && strcasecmp(at, tail) == 0 &&
	       (n == len || !isalpha((unsigned char)at[-1]) || isupper((unsigned char)*at));
}

/* Is it all of the object that it opens, or what the feeder's name ends with? "x_start", "x_open_feed" of x_feed */
static bool opens_for(const char *name, const char *feeder)
{
	for (size_t at = 0; name[at]; at = words_next(name, at))
		for (size_t i = 0; opening[i]; i++) {
			size_t n = strlen(opening[i]);
			const char *rest = name + at + n;

			if (strncasecmp(name + at, opening[i], n) != 0 ||
				islower((unsigned char)*rest))
				continue;
			while (*rest && !isalpha((unsigned char)*rest))
				rest++;
			if (!*rest || ends_with_words(feeder, rest))
				return true;
		}
	return false;
}

/* Has it a word of the other's behind what both begin with, as their library's functions do? "x_open_feed", "x_feed" */
static bool shares_word(const char *name, const char *other)
{
	for (size_t at = words_parting(other, name), next; other[at]; at = next) {
		char word[32];

		next = words_take(other, at, word, sizeof(word));
		if (strlen(word) > 2 && words_have(name, word))
			return true;
	}
	return false;
}

/* What opens the object for what is fed to it, and takes that alone: the one that says so, or the only one. */
static void find_first(const struct api *api, struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	const struct proto_param *object = fed_object(p);
	const char *only = NULL;
	size_t n = 0;

	if (!object || opens(p->name) || (object->handle->make && opens(object->handle->make)))
		return;
	for (size_t i = 0; i < api->n && !p->first; i++) {
		const struct proto *f = &api->v[i].proto;

		if (!opens(f->name) || !opens_for(f->name, p->name) ||
			!takes_alone(own, &api->v[i], object))
			continue;
		only = f->name;
		n++;
		if (shares_word(f->name, p->name))
			p->first = f->name;
	}
	if (n == 1)
		p->first = only;
}

void fed_fill(const struct api *api, struct proto *p)
{
	find_then(api, p);
	find_first(api, p);
}
