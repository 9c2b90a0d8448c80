/* Objects that the library makes and ends, and what is called on them around the call. */
#include "base/prelude.h"
#include "scaffold/consumer.h"
#include "scaffold/internal.h"

void end_handle(struct writer *w, const struct proto_handle *h, const char *v)
{
	if (h->end)
		buf_addf(
			&w->undo, "\tif (%s)\n\t\t%s(%s);\n", v, h->end, filled(w, h->end_args, v));
}

/* Made, or the call isn't; and ended. */
static void make_handle(struct writer *w, const struct proto_param *q, const char *v)
{
	const struct proto_handle *h = q->handle;
	const char *make_args = filled(w, h->make_args, v);

	buf_addf(&w->decl, "\t%s %s%s = NULL;\n", q->base, q->opaque ? "" : "*", v);
	if (h->how == HANDLE_RETURNED) {
		buf_addf(&w->setup, "\t%s = %s(%s);\n", v, h->make, make_args);
	} else if (h->how == HANDLE_OUT) {
		buf_addf(&w->setup, "\t(void)%s(%s);\n", h->make, make_args);
	} else {
		need(w, 'm');
		buf_addf(&w->setup, "\t%s = %scalloc(1, sizeof(*%s));\n", v,
			cast(w, arena_printf(w->a, "%s *", q->base)), v);
	}
	buf_addf(&w->setup, "\tif (!%s)\n\t\tgoto out;\n", v);
	if (h->how == HANDLE_INIT)
		buf_addf(&w->setup, "\t(void)%s(%s);\n", h->make, make_args);
	end_handle(w, h, v);
	if (h->how == HANDLE_INIT)
		buf_addf(&w->undo, "\tfree(%s);\n", v);
	w->has_goto = true;
}

/* What was fed into the object v is read, with the other, as long as there is more. */
static void add_consumer(struct writer *w, const struct proto_consumer *c, const char *v)
{
	const char *args = filled_at(w, filled(w, c->args, v), '#', c->other.name);
	const char *ends = arena_strdup(w->a, buf_str(&w->undo));

	/* made last, ended first: it may hold what was read of the one that is fed */
	buf_reset(&w->undo);
	make_handle(w, &c->other, c->other.name);
	buf_adds(&w->undo, ends);
	if (c->counts)
		add_read_on(&w->then, "\t", c->name, args);
	else
		buf_addf(&w->then, "\tfor (int n = 0; n < %d; n++)\n\t\t(void)%s(%s);\n", READS_MAX,
			c->name, args);
}

void arg_handle(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i);

	make_handle(w, q, v);
	if (w->p->first && !w->has_first) {
		buf_addf(&w->setup, "\t(void)%s(%s);\n", w->p->first, v);
		w->has_first = true;
	}
	if (w->p->then && !w->then.len)
		buf_addf(&w->then, "\t(void)%s(%s);\n", w->p->then, v);
	if (w->p->consumer && w->p->consumer->fed == i)
		add_consumer(w, w->p->consumer, v);
	buf_adds(&w->args, v);
}
