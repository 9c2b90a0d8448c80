/* What a harness does with an object that it was given by value. */
#include "base/prelude.h"
#include "scaffold/internal.h"
#include "scaffold/types.h"
#include "scaffold/values.h"
#include "scaffold/words.h"

/* of what moves on, and of the parts that are looked at */
#define MOVES_MAX 256
#define PARTS_MAX 256

static void add_calls(
	struct writer *w, struct buf *out, const struct value_call *v, size_t n, const char *object)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "\t(void)%s(%s);\n", v[i].name, filled(w, v[i].args, object));
}

static bool has_visit(const struct proto_values *v)
{
	return v->n_keyed || v->next || v->first;
}

/* Those that it leads to: by the keys, and one behind the other. */
static void add_parts(struct writer *w, struct buf *out, const struct proto_values *v)
{
	const char *more = v->exists ? arena_printf(w->a, " && %s(part)", v->exists) : "";

	for (size_t i = 0; i < v->n_keyed; i++)
		buf_addf(out, "\tvisit(%s(%s), left);\n", v->keyed[i].name,
			filled(w, v->keyed[i].args, "it"));
	if (v->next)
		buf_addf(out,
			"\tfor (part = %s(it); *left > 0%s; part = %s(part))\n\t\tvisit(part, "
			"left);\n",
			v->first ? v->first : v->next, more, v->next);
	else if (v->first)
		buf_addf(out, "\tvisit(%s(it), left);\n", v->first);
}

void add_value_visit(struct writer *w, struct buf *out)
{
	const struct proto_values *v = w->p->values;

	if (!has_visit(v))
		return;
	buf_addf(out,
		"\n/* What there is to be had of one, and of its parts, as long as some are left. "
		"*/\n"
		"static void visit(%s it, int *left)\n{\n",
		v->type);
	if (v->next)
		buf_addf(out, "\t%s part;\n\n", v->type);
	buf_addf(out, "\tif (--*left < 0%s%s%s)\n\t\treturn;\n", v->exists ? " || !" : "",
		v->exists ? v->exists : "", v->exists ? "(it)" : "");
	add_calls(w, out, v->asking, v->n_asking, "it");
	add_parts(w, out, v);
	buf_adds(out, "}\n");
}

/* One that reads on: a number that it gives may be a kind or an amount, and ends by becoming 0, no longer being it, or below. */
static void add_mover(
	struct writer *w, struct buf *out, const struct value_call *c, const char *object)
{
	const char *args = filled(w, c->args, object);

	if (c->counts)
		buf_addf(out,
			"\tfor (int n = 0, got = (int)%s(%s), more = got > 0; n < %d && got >= 0 "
			"&& (got > 0) == more; n++)\n"
			"\t\tgot = (int)%s(%s);\n",
			c->name, args, MOVES_MAX, c->name, args);
	else
		buf_addf(out, "\tfor (int n = 0; n < %d; n++)\n\t\t(void)%s(%s);\n", MOVES_MAX,
			c->name, args);
}

/* Of several none is the one: which is next the input says. */
static void add_movers(
	struct writer *w, struct buf *out, const struct proto_values *v, const char *object)
{
	buf_addf(out,
		"\t/* each byte of the input says, too, as what is read on */\n"
		"\tfor (size_t n = 0; n < size && n < %d; n++)\n\t\tswitch (data[n] %% %zu) {\n",
		MOVES_MAX, v->n_moving);
	for (size_t i = 0; i < v->n_moving; i++)
		buf_addf(out, "\t\tcase %zu:\n\t\t\t(void)%s(%s);\n\t\t\tbreak;\n", i,
			v->moving[i].name, filled(w, v->moving[i].args, object));
	buf_adds(out, "\t\t}\n");
}

static void add_reading(
	struct writer *w, struct buf *out, const struct proto_values *v, const char *object)
{
	if (v->n_moving == 1)
		add_mover(w, out, &v->moving[0], object);
	else if (v->n_moving)
		add_movers(w, out, v, object);
	if (has_visit(v))
		buf_addf(out, "\tvisit(%s, &(int){ %d });\n", object, PARTS_MAX);
	else
		add_calls(w, out, v->asking, v->n_asking, object);
	if (v->end)
		buf_addf(out, "\t(void)%s(%s);\n", v->end, filled(w, v->end_args, object));
}

/* How a result says that nothing was begun: what is called a bool may be any number, and a status is one where it isn't 0. */
static const char *says_failed(const struct proto *p, const char **before)
{
	static const char *const yes[] = { "bool", "boolean", "gboolean", NULL };
	static const char *const codes[] = { "result", "status", "err", "error", "errno", "errcode",
		"rc", NULL };
	const char *canon = proto_result_canon(p);

	*before = "";
	if (strcmp(canon, "bool") == 0 || words_have_any(p->ret, yes)) {
		*before = "!";
		return "";
	}
	return strncmp(canon, "enum ", 5) == 0 || words_have_any(p->ret, codes) ? " != 0" : " < 0";
}

/* Into memory of ours: it is read only where it says that it could begin. */
static void add_begun(struct writer *w, struct buf *out, const struct proto_values *v)
{
	const char *before, *failed = says_failed(w->p, &before);
	bool says = strcmp(proto_result_canon(w->p), "void") != 0;

	buf_addf(out, "\t%s%s%s(%s)", says ? "if (" : "", says ? before : "", w->p->name,
		buf_str(&w->args));
	if (says)
		buf_addf(out, "%s)\n\t\tgoto out;\n", failed);
	else
		buf_adds(out, ";\n");
	add_reading(w, out, v, local_name(w, v->at));
}

void add_value_call(struct writer *w, struct buf *out)
{
	const struct proto_values *v = w->p->values;

	if (v->at != SIZE_MAX) {
		add_begun(w, out, v);
		return;
	}
	buf_addf(out, "\tresult = %s(%s);\n", w->p->name, buf_str(&w->args));
	add_reading(w, out, v, "result");
}
