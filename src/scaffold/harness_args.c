/* What a harness passes: each role's declaration, check, making, argument and end. */
#include "base/prelude.h"
#include "scaffold/internal.h"
#include "scaffold/class_object.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <strings.h>

/* of an array whose length is passed: enough for most inputs, and few enough that some want more */
#define COUNTED 64

static const char *data_of(const struct writer *w, unsigned part)
{
	static const char *const names[] = { "data1", "data2" };

	return w->p->parts > 1 ? names[part] : "data";
}

static const char *size_of(const struct writer *w, unsigned part)
{
	static const char *const names[] = { "size1", "size2" };

	return w->p->parts > 1 ? names[part] : "size";
}

static const char *byte_of(const struct proto_param *q)
{
	return strcmp(q->canon, "void") == 0 ? "unsigned char" : q->base;
}

static void arg_data(struct writer *w, const struct proto_param *q)
{
	if (strcmp(q->base, "void") == 0 || strcmp(q->base, "uint8_t") == 0)
		buf_adds(&w->args, data_of(w, q->part));
	else
		buf_addf(&w->args, "(const %s *)%s", q->base, data_of(w, q->part));
}

/* A copy that whoever reads more than there is finds zeros behind: how much that is only the library knows. */
static void arg_block(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i), *data = data_of(w, q->part), *size = size_of(w, q->part);
	const char *type = byte_of(q);

	need(w, 'm');
	need(w, 'r');
	buf_addf(&w->decl, "\t%s *%s = NULL;", type, v);
	todo(w, &w->decl, "nobody says how long it is: zeros stand behind it");
	buf_addf(&w->setup, "\t%s = %scalloc(1, %s + ROOM);\n\tif (!%s)\n\t\tgoto out;\n", v,
		cast(w, arena_printf(w->a, "%s *", type)), size, v);
	buf_addf(&w->setup, "\tif (%s)\n\t\tmemcpy(%s, %s, %s);\n", size, v, data, size);
	buf_addf(&w->undo, "\tfree(%s);\n", v);
	buf_adds(&w->args, v);
	w->has_goto = true;
}

/* As many bytes as the prototype says: what the input lacks of them is zero. */
static void arg_bound(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i), *data = data_of(w, q->part), *size = size_of(w, q->part);
	/* a text ends within */
	const char *most =
		arena_printf(w->a, strcmp(q->canon, "char") == 0 ? "%s - 1" : "%s", q->bound);

	need(w, 'm');
	buf_addf(&w->decl, "\t%s *%s = NULL;\n", byte_of(q), v);
	buf_addf(&w->setup, "\t%s = %scalloc(%s, 1);\n\tif (!%s)\n\t\tgoto out;\n", v,
		cast(w, arena_printf(w->a, "%s *", byte_of(q))), q->bound, v);
	buf_addf(&w->setup, "\tif (%s)\n\t\tmemcpy(%s, %s, %s < %s ? %s : %s);\n", size, v, data,
		size, most, size, most);
	buf_addf(&w->undo, "\tfree(%s);\n", v);
	buf_adds(&w->args, v);
	w->has_goto = true;
}

/* A copy of the input: with a NUL behind it (text), or of its exact size, so that any byte read past it is seen. */
static void arg_copy(struct writer *w, size_t i, bool text)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i), *data = data_of(w, q->part), *size = size_of(w, q->part);
	const char *type = byte_of(q);

	need(w, 'm');
	buf_addf(&w->decl, "\t%s *%s = NULL;\n", type, v);
	buf_addf(&w->setup, text ? "\t%s = %smalloc(%s + 1);\n" : "\t%s = %smalloc(%s ? %s : 1);\n",
		v, cast(w, arena_printf(w->a, "%s *", type)), size, size);
	buf_addf(&w->setup, "\tif (!%s)\n\t\tgoto out;\n", v);
	buf_addf(&w->setup, "\tif (%s)\n\t\tmemcpy(%s, %s, %s);\n", size, v, data, size);
	if (text)
		buf_addf(&w->setup, "\t%s[%s] = 0;\n", v, size);
	buf_addf(&w->undo, "\tfree(%s);\n", v);
	buf_adds(&w->args, v);
	w->has_goto = true;
}

/* The input's size, as an expression of q's type, in which it has to fit. */
static const char *length(struct writer *w, const struct proto_param *q)
{
	const char *size = size_of(w, q->part), *max = NULL;
	bool known = proto_integer(q, &max);

	if (!known)
		buf_addf(&w->check, "\tif ((size_t)(%s)%s != %s)\n\t\treturn 0;\n", q->base, size,
			size);
	if (max) {
		need(w, 'l');
		buf_addf(&w->check, "\tif (%s > (size_t)%s)\n\t\treturn 0;\n", size, max);
	}
	if (known && (strcmp(q->base, "size_t") == 0 || strcmp(q->base, "std::size_t") == 0))
		return size;
	return arena_printf(w->a, "(%s)%s", q->base, size);
}

static void arg_length_p(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i);

	buf_addf(&w->decl, "\t%s %s = 0;\n", q->base, v);
	buf_addf(&w->setup, "\t%s = %s;\n", v, length(w, q));
	buf_addf(&w->args, "&%s", v);
}

static void arg_end(struct writer *w, const struct proto_param *q)
{
	const struct proto_param *of = &w->p->params[q->of];

	if (of->role == ROLE_DATA_COPY)
		buf_addf(&w->args, "%s + %s", local_name(w, q->of), size_of(w, q->part));
	else
		buf_addf(&w->args, "(const %s *)(%s + %s)", byte_of(q), data_of(w, q->part),
			size_of(w, q->part));
}

static void arg_std(struct writer *w, const struct proto_param *q)
{
	const char *type = strncmp(q->base, "std::vector", 11) == 0 ? "" : "reinterpret_cast";

	need(w, strstr(q->base, "vector") ? 'v' : strstr(q->base, "span") ? 'p' : 's');
	if (!*type)
		buf_addf(&w->args, "%s(data, data + size)", q->base);
	else if (strstr(q->base, "span"))
		buf_addf(&w->args, "%s(reinterpret_cast<%.*s *>(data), size)", q->base,
			(int)strlen(q->base) - 11, q->base + 10);
	else
		buf_addf(&w->args, "%s(reinterpret_cast<const char *>(data), size)", q->base);
}

/* Nothing tells the call how much room there is at i: it may count on as much as what it reads. */
static bool is_unbounded(const struct writer *w, size_t i)
{
	for (size_t k = 0; k < w->p->n_params; k++) {
		const struct proto_param *q = &w->p->params[k];

		if ((q->role == ROLE_OUT_ROOM || q->role == ROLE_OUT_ROOM_P) && q->of == i)
			return false;
	}
	return true;
}

/* Zeroed memory for v, of a type and a number as calloc() takes it; without any the call isn't made. */
static void add_memory(struct writer *w, const char *v, const char *type, const char *number)
{
	buf_addf(&w->setup, "\t%s = %scalloc(%s);\n\tif (!%s)\n\t\tgoto out;\n", v, cast(w, type),
		number, v);
	buf_addf(&w->undo, "\tfree(%s);\n", v);
	buf_adds(&w->args, v);
	w->has_goto = true;
}

/* ROOM bytes: for what is written to, and for objects whose size isn't known here; more where it may count on the input's. */
static void arg_room(struct writer *w, size_t i, bool object)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i), *type = byte_of(q);

	need(w, 'm');
	buf_addf(&w->decl, "\t%s *%s = NULL;", type, v);
	if (object && q->made_by)
		todo(w, &w->decl,
			arena_printf(w->a, "%s() makes one; this is zeroed memory", q->made_by));
	else if (object && (!q->sized || q->is_const))
		todo(w, &w->decl, "make it as the library says; this is zeroed memory");
	else
		buf_addch(&w->decl, '\n');
	add_memory(w, v, arena_printf(w->a, "%s *", type),
		q->bound && (!object || q->sized)
			? arena_printf(w->a, "%s, sizeof(*%s)", q->bound, v)
		: object && q->sized            ? arena_printf(w->a, "1, sizeof(*%s)", v)
		: !object && is_unbounded(w, i) ? q->room ? q->room : "1, size + ROOM"
						: "1, ROOM");
	if (!object || !q->sized)
		need(w, 'r');
}

static void arg_zero(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i), *max;

	/* the libyal libraries' name for how a file is opened; zero opens nothing */
	if (strcmp(q->name, "access_flags") == 0 && proto_integer(q, &max)) {
		buf_addf(&w->decl, "\t%s %s = 1; /* reading */\n", q->base, v);
		buf_adds(&w->args, v);
		return;
	}
	if (q->usual && !q->is_ref && !q->depth) {
		buf_addf(&w->decl, "\t%s %s = %s; /* as the project's own callers */\n", q->base, v,
			q->usual);
		buf_adds(&w->args, v);
		return;
	}
	if (proto_integer(q, &max) && !q->is_ref && roles_usual(q->name)) {
		buf_addf(&w->decl, "\t%s %s = %u;", q->base, v, roles_usual(q->name));
		todo(w, &w->decl, "a value that means something");
		buf_adds(&w->args, v);
		return;
	}
	buf_addf(&w->decl, w->cxx ? "\t%s %s = {};" : "\t%s %s = { 0 };", q->base, v);
	if (q->is_ref && !q->is_const)
		buf_addch(&w->decl, '\n'); /* for what comes back */
	else
		todo(w, &w->decl, "a value that means something");
	buf_adds(&w->args, v);
}

/* The call says how many there are: it makes them. */
static bool has_count(const struct proto *p, size_t i)
{
	return i + 1 < p->n_params && p->params[i + 1].role == ROLE_OUT &&
	       p->params[i + 1].depth == 1;
}

/* A pointer to pointers with a name in the plural may be an array of them, as long as the input has parts. */
static bool is_array(const struct proto *p, size_t i)
{
	const struct proto_param *q = &p->params[i];
	size_t n = strlen(q->name);

	return !has_count(p, i) && q->depth == 2 && !q->is_const && !q->handle && !q->owned &&
	       n > 3 && q->name[n - 1] == 's' && q->name[n - 2] != 's';
}

static void arg_array(struct writer *w, const struct proto_param *q, const char *v)
{
	need(w, 'r');
	need(w, 'm');
	buf_addf(&w->decl, "\t%s **%s = NULL;", q->base, v);
	todo(w, &w->decl, "filled in: free what is the caller's");
	add_memory(w, v, arena_printf(w->a, "%s **", q->base),
		arena_printf(w->a, "size + ROOM, sizeof(*%s)", v));
}

static void arg_istream(struct writer *w, size_t i)
{
	need(w, 'i');
	buf_addf(&w->decl,
		"\tstd::istringstream %s(std::string(reinterpret_cast<const char *>(data), "
		"size));\n",
		local_name(w, i));
	buf_adds(&w->args, local_name(w, i));
}

static void arg_count(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];

	buf_addf(&w->decl, "\t%s %s = %d;\n", q->base, local_name(w, i), COUNTED);
	buf_addf(&w->args, "%s%s", q->depth ? "&" : "", local_name(w, i));
}

/* Of numbers that an object gives, as a decoder's samples, the count may be of one channel's. */
static bool may_be_channels(const struct proto *p, const struct proto_param *q)
{
	const char *max;

	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].role == ROLE_HANDLE)
			return proto_integer(q, &max) || strcmp(q->canon, "float") == 0 ||
			       strcmp(q->canon, "double") == 0;
	return false;
}

/* Zeroed: what is to be filled in, mostly. */
static void arg_counted(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i);

	need(w, 'm');
	buf_addf(&w->decl, "\t%s *%s = NULL;\n", q->base, v);
	add_memory(w, v, arena_printf(w->a, "%s *", q->base),
		arena_printf(w->a,
			may_be_channels(w->p, q) ? "%s * 8, sizeof(*%s)" : "%s, sizeof(*%s)",
			local_name(w, q->of), v));
}

/* As many as the prototype says, or as the usual numbers may mean. */
static void arg_some(struct writer *w, const struct proto_param *q, const char *v)
{
	const char *type = arena_printf(
		w->a, "%s%s %s", q->is_const ? "const " : "", q->base, q->depth > 1 ? "**" : "*");

	need(w, 'm');
	buf_addf(&w->decl, "\t%s%s = NULL;\n", type, v);
	buf_addf(&w->setup, "\t%s = %scalloc(%s, sizeof(*%s));\n\tif (!%s)\n\t\tgoto out;\n", v,
		cast(w, type), q->bound ? q->bound : q->room, v, v);
	buf_addf(&w->undo, "\tfree((void *)%s);\n", v);
	buf_adds(&w->args, v);
	w->has_goto = true;
}

static void arg_out(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i);
	char stars[8] = "";

	if (is_array(w->p, i)) {
		arg_array(w, q, v);
		return;
	}
	if (q->bound || q->room) {
		arg_some(w, q, v);
		return;
	}
	for (unsigned k = 1; k < q->depth && k < sizeof(stars); k++)
		stars[k - 1] = '*';
	buf_addf(&w->decl, "\t%s%s %s%s = %s;", q->is_const ? "const " : "", q->base, stars, v,
		q->depth > 1 ? "NULL" : "0");
	if (q->depth == 2 && q->handle) {
		buf_addch(&w->decl, '\n');
		end_handle(w, q->handle, v);
	} else if (q->owned) {
		need(w, 'm');
		buf_addch(&w->decl, '\n');
		buf_addf(&w->undo, q->depth == 3 ? "\tfree((void *)%s);\n" : "\tfree(%s);\n", v);
	} else if (q->depth > 1 && !q->is_const)
		todo(w, &w->decl, "filled in by the call: free it if it is the caller's");
	else
		buf_addch(&w->decl, '\n');
	buf_addf(&w->args, "&%s", v);
}

/* A callback of the right type. What it returns is nothing: a library that needs more gets it by hand. */
static void arg_stub(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *name = arena_printf(w->a, "callback_%zu", i + 1);
	const char *head = filled(w, q->stub, name);
	bool gives = strncmp(head, "void ", 5) != 0 || head[5] == '*';

	buf_addf(&w->stubs, "\nstatic %s\n{\n", head);
	for (unsigned k = 1;; k++) {
		const char *arg = arena_printf(w->a, "arg%u", k);
		const char *at = strstr(head, arg);

		if (!at)
			break;
		buf_addf(&w->stubs, "\t(void)%s;\n", arg);
	}
	buf_adds(&w->stubs, gives ? "\treturn 0;\n}\n" : "}\n");
	buf_adds(&w->args, name);
}

/* By pointer or by reference, as the parameter is. */
static void arg_class(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const struct class_object *o = q->object;
	const char *v = local_name(w, i);

	if (!strstr(buf_str(&w->stubs), o->stub))
		buf_adds(&w->stubs, o->stub);
	buf_addf(&w->decl, "\t%s %s", o->type, v);
	buf_addf(&w->decl, *o->args ? "(%s);\n" : "%s;\n", o->args);
	buf_addf(&w->args, "%s%s", q->depth ? "&" : "", v);
}

static void arg_room_size(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];

	need(w, 'r');
	if (q->role == ROLE_OUT_ROOM) {
		buf_adds(&w->args, "ROOM");
		return;
	}
	buf_addf(&w->decl, "\t%s %s = ROOM;\n", q->base, local_name(w, i));
	buf_addf(&w->args, "&%s", local_name(w, i));
}

/* As fopen() has it: by its name, or, of what opens files and names nothing, the last one. */
static bool is_mode(const struct proto *p, size_t i)
{
	static const char *const names[] = { "mode", "openmode", "open_mode", "fmode", "file_mode",
		"access_mode" };

	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		if (strcasecmp(names[k], p->params[i].name) == 0)
			return true;
	return i && i + 1 == p->n_params && !*p->params[i].name && words_have(p->name, "open");
}

static void arg_name(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];

	if (strcmp(q->base, "char") != 0)
		buf_addf(&w->args, "(const %s *)", q->base);
	if (q->usual && *q->usual == '"')
		buf_adds(&w->args, q->usual);
	else
		buf_adds(&w->args, is_mode(w->p, i) ? "\"r\"" : "\"input\"");
}

void add_arg(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];

	if (i)
		buf_adds(&w->args, ", ");
	switch (q->role) {
	case ROLE_ZERO:
		arg_zero(w, i);
		return;
	case ROLE_DATA:
		arg_data(w, q);
		return;
	case ROLE_DATA_COPY:
		arg_copy(w, i, false);
		return;
	case ROLE_TEXT:
	case ROLE_BLOCK:
		if (q->bound)
			arg_bound(w, i);
		else if (q->role == ROLE_TEXT)
			arg_copy(w, i, true);
		else
			arg_block(w, i);
		return;
	case ROLE_LENGTH:
		buf_adds(&w->args, length(w, q));
		return;
	case ROLE_LENGTH_P:
		arg_length_p(w, i);
		return;
	case ROLE_END:
		arg_end(w, q);
		return;
	case ROLE_STDSTRING:
		arg_std(w, q);
		return;
	case ROLE_STRINGS:
		arg_strings(w, i);
		return;
	case ROLE_ARGC:
		buf_adds(&w->args, local_name(w, i));
		return;
	case ROLE_ARGV:
		arg_argv(w, i);
		return;
	case ROLE_ISTREAM:
		arg_istream(w, i);
		return;
	case ROLE_FILE:
	case ROLE_OUT_FILE:
		arg_file(w, i, q->role == ROLE_FILE);
		return;
	case ROLE_FD:
	case ROLE_PATH:
		if (q->role == ROLE_PATH && q->ending)
			arg_named_file(w, q);
		else
			arg_memfd(w, i, q->role == ROLE_PATH);
		return;
	case ROLE_ASKED:
		arg_asked(w, i);
		return;
	case ROLE_NAME:
		arg_name(w, i);
		return;
	case ROLE_OUT_BYTES:
	case ROLE_OBJECT:
		arg_room(w, i, q->role == ROLE_OBJECT);
		return;
	case ROLE_OUT_ROOM:
	case ROLE_OUT_ROOM_P:
		arg_room_size(w, i);
		return;
	case ROLE_OUT:
		arg_out(w, i);
		return;
	case ROLE_ARRAY:
		arg_counted(w, i);
		return;
	case ROLE_COUNT:
		arg_count(w, i);
		return;
	case ROLE_NULL:
		buf_adds(&w->args, "NULL");
		return;
	case ROLE_STUB:
		arg_stub(w, i);
		return;
	case ROLE_HANDLE:
		arg_handle(w, i);
		return;
	case ROLE_CLASS:
		arg_class(w, i);
		return;
	case ROLE_GIVEN:
		buf_adds(&w->args, q->given);
		return;
	}
}
