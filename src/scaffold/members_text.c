/* How a harness reads the members of what it opened. */
#include "base/prelude.h"
#include "scaffold/internal.h"
#include "scaffold/members.h"

#define MEMBERS_MAX 64

void add_members(struct writer *w, struct buf *out, const char *v)
{
	const struct proto_members *m = w->p->members;

	if (!m)
		return;
	buf_addf(out,
		"\t\tfor (int i = 0; i < %d && i < (int)%s(%s); i++) {\n"
		"\t\t\t%smember = %s(%s);\n\n\t\t\tif (!member)\n\t\t\t\tcontinue;\n",
		MEMBERS_MAX, m->count, filled(w, m->count_args, v), m->type, m->open,
		filled(w, m->open_args, v));
	add_read_on(out, "\t\t\t", m->read, filled(w, m->read_args, "member"));
	buf_addf(out, "\t\t\t%s(%s);\n\t\t}\n", m->end, filled(w, m->end_args, "member"));
}
