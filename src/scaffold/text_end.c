/* Which texts are passed with their length, and which have nothing but a NUL to end them. */
#include "base/prelude.h"
#include "scaffold/text_end.h"
#include <string.h>

bool text_has_length(const struct proto *p, size_t i)
{
	for (size_t k = 0; k < p->n_params; k++)
		if (p->params[k].role == ROLE_LENGTH && p->params[k].of == i)
			return true;
	return false;
}

bool text_is_alone(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].role == ROLE_TEXT && !text_has_length(p, i))
			return true;
	return false;
}

bool texts_end(struct proto *p)
{
	bool any = false;

	for (size_t i = 0; i < p->n_params; i++) {
		struct proto_param *q = &p->params[i];

		if ((q->role == ROLE_DATA || q->role == ROLE_DATA_COPY) &&
			strcmp(q->canon, "char") == 0 && text_has_length(p, i)) {
			q->role = ROLE_TEXT;
			any = true;
		}
	}
	return any;
}
