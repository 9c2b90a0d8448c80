/*
 * A count is told by its name: it holds the array's ("num_tokens", "token_cnt", "max_tokens"), or is nothing but a word for
 * one behind a plural ("tokens, n").
 */
#include "base/prelude.h"
#include "scaffold/arrays.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <strings.h>

#define STEM_MIN 2

static const char *const counting[] = { "n", "num", "nr", "nb", "number", "count", "cnt", "max",
	"len", "length", "size", "capacity", "total", NULL };

/* "tokens" without its plural; its length */
static size_t stem(const char *name)
{
	size_t n = strlen(name);

	return n > STEM_MIN + 1 && name[n - 1] == 's' && name[n - 2] != 's' ? n - 1 : n;
}

static bool holds(const char *name, const char *part, size_t n)
{
	for (; *name; name++)
		if (strncasecmp(name, part, n) == 0)
			return true;
	return false;
}

/* Is one of the name's words for a number of things? In "ntokens" it is glued to them. */
static bool says_count(const char *name, const char *of, size_t n)
{
	return words_have_any(name, counting) ||
	       ((*name == 'n' || *name == 'N') && strncasecmp(name + 1, of, n) == 0);
}

static bool is_word_for_it(const char *name)
{
	for (size_t i = 0; counting[i]; i++)
		if (strcasecmp(name, counting[i]) == 0)
			return true;
	return false;
}

/* By value, or where the call puts it: how many of q's there are. */
static bool is_count_of(const struct proto_param *c, const struct proto_param *q, bool behind)
{
	size_t n = stem(q->name);
	const char *max;

	if (!proto_integer(c, &max) || c->is_ref || c->is_callback || c->depth > 1)
		return false;
	if (c->depth ? c->role != ROLE_OUT || c->is_const : c->role != ROLE_ZERO)
		return false;
	if (n >= STEM_MIN && holds(c->name, q->name, n) && says_count(c->name, q->name, n))
		return true;
	return behind && n < strlen(q->name) && is_word_for_it(c->name);
}

/* Whoever reads a constant struct may follow the pointers in it; a number is a number. */
static bool may_be_array(
	const struct api *api, const struct api_header *h, const struct proto_param *q)
{
	const char *max;

	if (q->depth != 1 || q->is_callback || q->is_ref || !*q->name)
		return false;
	if (q->role == ROLE_OUT)
		return proto_integer(q, &max) || strcmp(q->canon, "double") == 0 ||
		       strcmp(q->canon, "float") == 0;
	return q->role == ROLE_OBJECT && !q->is_const && api_is_complete(api, h, q);
}

static bool is_another(
	const struct api *api, const struct api_header *h, const struct proto_param *q)
{
	return may_be_array(api, h, q) && stem(q->name) < strlen(q->name);
}

static void take(struct proto_param *q, const struct proto_param *count, const struct proto *p)
{
	q->role = ROLE_ARRAY;
	q->sized = true;
	q->of = (size_t)(count - p->params);
}

void arrays_find(const struct api *api, const struct api_header *h, struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++) {
		struct proto_param *q = &p->params[i], *c = NULL;

		if (!may_be_array(api, h, q))
			continue;
		if (i + 1 < p->n_params && is_count_of(&q[1], q, true))
			c = &q[1];
		else if (i && is_count_of(&q[-1], q, false))
			c = &q[-1];
		if (!c)
			continue;
		c->role = ROLE_COUNT;
		c->of = i;
		take(q, c, p);
		/* of parallel arrays, one behind the other, all have as many */
		for (size_t k = i; k-- > 0 && is_another(api, h, &p->params[k]);)
			take(&p->params[k], c, p);
		for (size_t k = i + 1; k < p->n_params && is_another(api, h, &p->params[k]); k++)
			take(&p->params[k], c, p);
	}
}
