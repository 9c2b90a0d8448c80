/*
 * It makes no object: it is given none, and gives none back. Beside the library's prefix its name has but words for a start,
 * and for all of the library; what makes a part of it ready ("x_init_tables") is called by the library itself.
 */
#include "base/prelude.h"
#include "scaffold/startup.h"
#include "base/buf.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <strings.h>

static const char *const starting[] = { "init", "initialize", "initialise", "startup", NULL };
static const char *const whole[] = { "library", "lib", "api", "global", "globals", "all", "system",
	"core", "once", NULL };

static bool has(const char *const *words, const char *word, size_t n)
{
	for (; *words; words++)
		if (strlen(*words) == n && strncasecmp(*words, word, n) == 0)
			return true;
	return false;
}

/* A word without what separates it from the next. */
static size_t word_len(const char *name, size_t at)
{
	size_t end = words_next(name, at);

	while (end > at && name[end - 1] == '_')
		end--;
	return end - at;
}

/* "g_mime_", with which nearly all of the library's names begin: how long it is, in name; 0: there is none of several words. */
static size_t prefix_len(const struct api *api, const char *name)
{
	size_t end = 0, same = 0;

	while (name[end] && !has(starting, name + end, word_len(name, end)) &&
		!has(whole, name + end, word_len(name, end)))
		end = words_next(name, end);
	for (size_t i = 0; i < api->n; i++)
		same += strncasecmp(api->v[i].proto.name, name, end) == 0;
	return name[end] && same * 4 >= api->n * 3 ? end : 0;
}

/* The prefix that all of a library's names have, and nothing but words for a start of it all. */
static bool is_named(const struct api *api, const char *name, const char *function)
{
	size_t n = word_len(name, 0), first = words_next(name, 0), prefix = prefix_len(api, name);
	bool starts = false;

	if (n != word_len(function, 0) || strncasecmp(name, function, n) != 0)
		return false;
	if (prefix > first && strncasecmp(name, function, prefix) == 0)
		first = prefix;
	for (size_t at = first; name[at]; at = words_next(name, at)) {
		bool start = has(starting, name + at, word_len(name, at));

		if (!start && !has(whole, name + at, word_len(name, at)))
			return false;
		starts |= start;
	}
	return starts;
}

/* Appended; false: it is given something that means something. */
static bool add_argument(struct arena *a, struct buf *b, const struct proto_param *q)
{
	const char *max;

	if (q->given)
		buf_adds(b, q->given);
	else if (q->is_callback)
		buf_adds(b, "NULL");
	else if (q->depth || q->opaque || q->is_ref)
		return false;
	else if (strncmp(q->canon, "enum ", 5) == 0)
		buf_adds(b, arena_printf(a, "(%s)0", q->base));
	else if (proto_integer(q, &max) || strcmp(q->canon, "bool") == 0)
		buf_addch(b, '0');
	else
		return false;
	return true;
}

static const char *call_of(struct arena *a, const struct proto *f)
{
	struct buf b = BUF_INIT;
	const char *call = NULL;
	bool ok = true;

	buf_adds2(&b, f->name, "(");
	for (size_t i = 0; i < f->n_params && ok; i++) {
		buf_adds(&b, i ? ", " : "");
		ok = add_argument(a, &b, &f->params[i]);
	}
	buf_addch(&b, ')');
	if (ok)
		call = arena_strdup(a, b.s);
	buf_release(&b);
	return call;
}

bool startup_find(struct arena *a, const struct api *api, const char *function, struct startup *out)
{
	size_t shortest = SIZE_MAX;

	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;
		const char *call;

		if (f->varargs || f->ret_depth || f->ret_opaque || strlen(f->name) >= shortest ||
			strcmp(f->name, function) == 0 || !is_named(api, f->name, function))
			continue;
		call = call_of(a, f);
		if (!call)
			continue;
		*out = (struct startup){ call, api->v[i].header };
		shortest = strlen(f->name);
	}
	return shortest != SIZE_MAX;
}
