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

/* Of those that take the object alone, and make nothing, the one with the shortest name is all of it. */
static void find_then(const struct api *api, struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	const struct proto_param *object = NULL;

	for (size_t i = 0; i < p->n_params && !object; i++)
		object = p->params[i].role == ROLE_HANDLE ? &p->params[i] : NULL;
	if (!object || !keeps_text(p->name))
		return;
	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;

		/* no other header is included */
		if (own && api_includes(own->header, api->v[i].header) && f->n_params == 1 &&
			!f->varargs && !f->ret_depth && !f->ret_opaque && reads_kept(f) &&
			object_is(&f->params[0], object->base, object->canon, object->depth) &&
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
	size_t at = words_common(name, other);

	while (at && isalpha((unsigned char)other[at - 1]))
		at--;
	for (size_t next; other[at]; at = next) {
		char word[32];
		size_t n =
			strspn(other + at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

		next = words_next(other, at);
		n = MIN(MIN(n, next - at), sizeof(word) - 1);
		memcpy(word, other + at, n);
		word[n] = '\0';
		if (n > 2 && words_have(name, word))
			return true;
	}
	return false;
}

/* What opens the object for what is fed to it, and takes that alone: the one that says so, or the only one. */
static void find_first(const struct api *api, struct proto *p)
{
	const struct api_function *own = api_find(api, p->name);
	const struct proto_param *object = NULL;
	const char *only = NULL;
	size_t n = 0;

	for (size_t i = 0; i < p->n_params && !object; i++)
		object = p->params[i].role == ROLE_HANDLE ? &p->params[i] : NULL;
	if (!object || opens(p->name) || (object->handle->make && opens(object->handle->make)))
		return;
	for (size_t i = 0; i < api->n && !p->first; i++) {
		const struct proto *f = &api->v[i].proto;

		if (!own || !api_includes(own->header, api->v[i].header) || f->n_params != 1 ||
			f->varargs || f->ret_depth || f->ret_opaque || !opens(f->name) ||
			!opens_for(f->name, p->name) ||
			!object_is(&f->params[0], object->base, object->canon, object->depth))
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
