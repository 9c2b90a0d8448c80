/* Few are above the gap: as many as ended beside one that hasn't. */
#include "base/prelude.h"
#include "campaign/settled.h"
#include "base/mem.h"

bool settled_first(struct settled *s, int64_t id)
{
	size_t i = 0;
	bool first;

	while (i < s->n && s->later[i] != id)
		i++;
	first = i == s->n;
	if (!s->gap) {
		s->upto = id;
		if (!first)
			s->later[i] = s->later[--s->n];
	} else if (first) {
		GROW(s->later, s->n, s->cap);
		s->later[s->n++] = id;
	}
	return first;
}

void settled_release(struct settled *s)
{
	free(s->later);
	*s = (struct settled){ 0 };
}
