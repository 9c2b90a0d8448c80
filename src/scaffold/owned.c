#include "base/prelude.h"
#include "scaffold/owned.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <string.h>

bool proto_plain_type(const char *canon)
{
	return proto_standard_type(canon) && strcmp(canon, "FILE") != 0 && !strchr(canon, ':') &&
	       strncmp(canon, "struct ", 7) != 0;
}

/* What it hands out may be a part of an object, which ends it. */
static bool has_object(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++) {
		const struct proto_param *q = &p->params[i];

		if (q->role == ROLE_OBJECT || q->role == ROLE_HANDLE || q->opaque ||
			(q->role == ROLE_ZERO && q->is_ref))
			return true;
	}
	return false;
}

/* How far it came, in what it was given. */
static bool is_position(const char *name)
{
	static const char *const words[] = { "end", "next", "rest", "tail", "pos", "cur", "last",
		"save", "stop", "remaining" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words_begin(name, words[i]))
			return true;
	return false;
}

bool proto_owned(struct proto *p)
{
	bool any = false;

	/* a namespace's functions use new, if anything */
	if (has_object(p) || strstr(p->name, "::"))
		return false;
	for (size_t i = 0; i < p->n_params; i++) {
		struct proto_param *q = &p->params[i];

		/* of three stars it is the array */
		q->owned = q->role == ROLE_OUT && !q->handle && proto_plain_type(q->canon) &&
			   ((q->depth == 2 && !q->is_const) || q->depth == 3) &&
			   !is_position(q->name);
		any |= q->owned;
	}
	p->ret_owned = p->ret_depth == 1 && !p->ret_const && !p->ret_handle && !p->ret_opaque &&
		       proto_plain_type(proto_result_canon(p));
	return any || p->ret_owned;
}
