/* Of numbers that may mean how much is written any product may, and of each thing there may be a few. */
#include "base/prelude.h"
#include "scaffold/usual_room.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <ctype.h>

/* things that a call with the usual numbers may write; of each of them there may be some */
#define ROOM_MAX ((uint64_t)1 << 17)
#define CHANNELS 8

static bool is_unbounded(const struct proto *p, size_t i)
{
	const struct proto_param *q = &p->params[i];
	const char *max;

	if (q->role == ROLE_OUT)
		return q->depth == 1 && !q->is_callback &&
		       (proto_integer(q, &max) || strcmp(q->canon, "float") == 0 ||
			       strcmp(q->canon, "double") == 0);
	if (q->role != ROLE_OUT_BYTES)
		return false;
	for (size_t k = 0; k < p->n_params; k++)
		if ((p->params[k].role == ROLE_OUT_ROOM || p->params[k].role == ROLE_OUT_ROOM_P) &&
			p->params[k].of == i)
			return false;
	return true;
}

static bool is_usual_number(const struct proto_param *q)
{
	return q->usual && isdigit((unsigned char)*q->usual);
}

/* "960", "0x3c0" and "9.6e2" */
static double number_of(const struct proto_param *q)
{
	return strtod(q->usual, NULL);
}

/* "cap" and "outlen" say how much room there is, whatever else is passed: what is written behind it is a bug. */
static bool is_room(const char *name)
{
	static const char *const words[] = { "cap", "capacity", "room", "max", "limit", NULL };

	return roles_length(name) || words_have_any(name, words);
}

/* "out, w, h" with callers that pass numbers for both: the first isn't how much room there is. */
static void tell_sides(struct proto *p)
{
	bool more = false;

	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *q = &p->params[i];

		more |= q->role == ROLE_ZERO && is_usual_number(q) && number_of(q) > 1;
	}
	for (size_t i = 0; more && i < p->n_params; i++)
		if (p->params[i].role == ROLE_OUT_ROOM && is_usual_number(&p->params[i]) &&
			!is_room(p->params[i].name))
			p->params[i].role = ROLE_ZERO;
}

/* How many things numbers could mean together; 0: too many, or nobody knows. */
static uint64_t product(const struct proto *p)
{
	uint64_t all = 1;

	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *q = &p->params[i];
		double n;

		if (q->role != ROLE_ZERO || !q->usual || q->usual[0] == '-' ||
			strcmp(q->usual, "true") == 0 || strcmp(q->usual, "false") == 0)
			continue;
		if (!is_usual_number(q))
			return 0;
		n = number_of(q);
		if (n > ROOM_MAX || (all *= MAX((uint64_t)n, 1)) > ROOM_MAX)
			return 0;
	}
	return all;
}

void usual_room(struct arena *a, struct proto *p)
{
	bool any = false;
	uint64_t n;

	tell_sides(p);
	n = product(p);
	for (size_t i = 0; i < p->n_params; i++) {
		struct proto_param *q = &p->params[i];

		if (q->usual && (q->role == ROLE_OBJECT || (q->opaque && q->role != ROLE_HANDLE))) {
			q->role = ROLE_GIVEN;
			q->given = q->usual;
		}
		if (!is_unbounded(p, i))
			continue;
		any = true;
		if (n > 1)
			q->room = arena_printf(a, "%s%llu",
				q->role == ROLE_OUT ? "" : "1, size + ROOM + ",
				(unsigned long long)n * CHANNELS);
	}
	for (size_t i = 0; any && !n && i < p->n_params; i++)
		if (p->params[i].role == ROLE_ZERO)
			p->params[i].usual = NULL;
}
