/*
 * A harness's text from the roles of its function's parameters. Declarations come first, so that one label can undo
 * whatever was made, in C and in C++ alike.
 */
#include "base/prelude.h"
#include "scaffold/harness_text.h"
#include "scaffold/roles.h"

#define ROOM 4096 /* bytes of an object or output buffer of unknown size */

struct writer {
	const struct proto *p;
	bool cxx;
	struct arena *a;
	struct buf decl, check, setup, args, undo;
	struct buf need; /* features used: one letter each */
	unsigned todos;
	bool has_goto;
};

static void need(struct writer *w, char what)
{
	if (!memchr(buf_str(&w->need), what, w->need.len))
		buf_addch(&w->need, what);
}

static bool needs(const struct writer *w, char what)
{
	return w->need.len && memchr(w->need.s, what, w->need.len);
}

static bool taken(const struct proto *p, const char *name, size_t before)
{
	static const char *const words[] = { "data", "size", "cut", "result", "out", "int", "new",
		"class", "delete", "this", "template", "operator", "namespace", "default",
		"register", "try", "private", "public", "using", "typename", "errno", "stdin",
		"stdout", "stderr", "data1", "data2", "size1", "size2", "memcpy", "malloc", "free",
		"calloc", "fclose", "write", "close", "signed", "end", "index", "time", "std",
		NULL };

	for (size_t i = 0; words[i]; i++)
		if (strcmp(words[i], name) == 0)
			return true;
	for (size_t i = 0; i < before; i++)
		if (strcmp(p->params[i].name, name) == 0)
			return true;
	return strcmp(p->name, name) == 0;
}

/* A variable for parameter i. */
static const char *local(struct writer *w, size_t i)
{
	const char *name = w->p->params[i].name;

	if (!*name || strchr(name, ':'))
		return arena_printf(w->a, "arg%zu", i + 1);
	if (taken(w->p, name, i))
		return arena_printf(w->a, "%s_%zu", name, i + 1);
	return name;
}

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

/* The cast that C++ wants of malloc's result. */
static const char *cast(struct writer *w, const char *type)
{
	return w->cxx ? arena_printf(w->a, "(%s)", type) : "";
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

/* A copy of the input: with a NUL behind it (text), or of its exact size, so that any byte read past it is seen. */
static void arg_copy(struct writer *w, size_t i, bool text)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local(w, i), *data = data_of(w, q->part), *size = size_of(w, q->part);
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

static void arg_length(struct writer *w, const struct proto_param *q)
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
		buf_adds(&w->args, size);
	else
		buf_addf(&w->args, "(%s)%s", q->base, size);
}

static void arg_end(struct writer *w, const struct proto_param *q)
{
	const struct proto_param *of = &w->p->params[q->of];

	if (of->role == ROLE_DATA_COPY)
		buf_addf(&w->args, "%s + %s", local(w, q->of), size_of(w, q->part));
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

static void arg_file(struct writer *w, size_t i, bool reads)
{
	const char *v = local(w, i);

	need(w, 'f');
	buf_addf(&w->decl, "\tFILE *%s = NULL;\n", v);
	if (reads) {
		need(w, 'g');
		/* no stream of no bytes: fmemopen refuses it on some systems */
		buf_adds(&w->check, "\tif (!size)\n\t\treturn 0;\n");
		buf_addf(&w->setup, "\t%s = fmemopen((void *)(uintptr_t)data, size, \"rb\");\n", v);
	} else {
		buf_addf(&w->setup, "\t%s = fopen(\"/dev/null\", \"w\");\n", v);
	}
	buf_addf(&w->setup, "\tif (!%s)\n\t\tgoto out;\n", v);
	buf_addf(&w->undo, "\tif (%s)\n\t\tfclose(%s);\n", v, v);
	buf_adds(&w->args, v);
	w->has_goto = true;
}

/* A file in memory; its path is the descriptor's below /proc. */
static void arg_memfd(struct writer *w, size_t i, bool path)
{
	const char *fd = path ? "memory_file" : local(w, i);

	need(w, 'd');
	buf_addf(&w->decl, "\tint %s = -1;\n", fd);
	buf_addf(&w->setup, "\t%s = memfd_create(\"input\", MFD_CLOEXEC);\n", fd);
	buf_addf(&w->setup, "\tif (%s < 0)\n\t\tgoto out;\n", fd);
	buf_addf(&w->setup, "\tif (write(%s, data, size) != (ssize_t)size)\n\t\tgoto out;\n", fd);
	buf_addf(&w->setup, "\tif (lseek(%s, 0, SEEK_SET) != 0)\n\t\tgoto out;\n", fd);
	buf_addf(&w->undo, "\tif (%s >= 0)\n\t\tclose(%s);\n", fd, fd);
	w->has_goto = true;
	if (path) {
		need(w, 'f');
		buf_adds(&w->decl, "\tchar memory_path[40];\n");
		buf_addf(&w->setup,
			"\tsnprintf(memory_path, sizeof(memory_path), \"/proc/self/fd/%%d\", "
			"%s);\n",
			fd);
		if (strcmp(w->p->params[i].base, "char") != 0)
			buf_addf(&w->args, "(const %s *)", w->p->params[i].base);
		buf_adds(&w->args, "memory_path");
	} else {
		buf_adds(&w->args, fd);
	}
}

static void todo(struct writer *w, struct buf *b, const char *text)
{
	buf_addf(b, " /* TODO: %s */\n", text);
	w->todos++;
}

/* Zeroed memory of ROOM bytes: for what is written to, and for objects whose size isn't known here. */
static void arg_room(struct writer *w, size_t i, bool object)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local(w, i), *type = byte_of(q);

	need(w, 'm');
	buf_addf(&w->decl, "\t%s *%s = NULL;", type, v);
	if (object)
		todo(w, &w->decl, "make it as the library says; this is zeroed memory");
	else
		buf_addch(&w->decl, '\n');
	buf_addf(&w->setup, "\t%s = %scalloc(1, ROOM);\n", v,
		cast(w, arena_printf(w->a, "%s *", type)));
	buf_addf(&w->setup, "\tif (!%s)\n\t\tgoto out;\n", v);
	buf_addf(&w->undo, "\tfree(%s);\n", v);
	buf_adds(&w->args, v);
	need(w, 'r');
	w->has_goto = true;
}

static void arg_zero(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local(w, i);

	buf_addf(&w->decl, w->cxx ? "\t%s %s = {};" : "\t%s %s = { 0 };", q->base, v);
	todo(w, &w->decl, "a value that means something");
	buf_adds(&w->args, v);
}

static void arg_out(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local(w, i);
	char stars[8] = "";

	for (unsigned k = 1; k < q->depth && k < sizeof(stars); k++)
		stars[k - 1] = '*';
	buf_addf(&w->decl, "\t%s%s %s%s = %s;", q->is_const ? "const " : "", q->base, stars, v,
		q->depth > 1 ? "NULL" : "0");
	if (q->depth > 1 && !q->is_const)
		todo(w, &w->decl, "filled in by the call: free it if it is the caller's");
	else
		buf_addch(&w->decl, '\n');
	buf_addf(&w->args, "&%s", v);
}

static void arg_room_p(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];

	need(w, 'r');
	buf_addf(&w->decl, "\t%s %s = ROOM;\n", q->base, local(w, i));
	buf_addf(&w->args, "&%s", local(w, i));
}

static void arg_name(struct writer *w, const struct proto_param *q)
{
	if (strcmp(q->base, "char") != 0)
		buf_addf(&w->args, "(const %s *)", q->base);
	buf_adds(&w->args, "\"input\"");
}

static void add_arg(struct writer *w, size_t i)
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
		arg_copy(w, i, true);
		return;
	case ROLE_LENGTH:
		arg_length(w, q);
		return;
	case ROLE_END:
		arg_end(w, q);
		return;
	case ROLE_STDSTRING:
		arg_std(w, q);
		return;
	case ROLE_ISTREAM:
		need(w, 'i');
		buf_addf(&w->decl,
			"\tstd::istringstream %s(std::string(reinterpret_cast<const char *>(data), "
			"size));\n",
			local(w, i));
		buf_adds(&w->args, local(w, i));
		return;
	case ROLE_FILE:
	case ROLE_OUT_FILE:
		arg_file(w, i, q->role == ROLE_FILE);
		return;
	case ROLE_FD:
	case ROLE_PATH:
		arg_memfd(w, i, q->role == ROLE_PATH);
		return;
	case ROLE_NAME:
		arg_name(w, q);
		return;
	case ROLE_OUT_BYTES:
	case ROLE_OBJECT:
		arg_room(w, i, q->role == ROLE_OBJECT);
		return;
	case ROLE_OUT_ROOM:
		need(w, 'r');
		buf_adds(&w->args, "ROOM");
		return;
	case ROLE_OUT_ROOM_P:
		arg_room_p(w, i);
		return;
	case ROLE_OUT:
		arg_out(w, i);
		return;
	case ROLE_NULL:
		buf_adds(&w->args, "NULL");
		return;
	}
}

static void add_includes(
	struct buf *out, const struct writer *w, const struct proto_harness *h, bool stringy)
{
	static const struct {
		char need;
		bool cxx; /* C++ only */
		const char *name;
	} rows[] = { { 'd', false, "fcntl.h" }, { 'l', false, "limits.h" },
		{ 0, false, "stddef.h" }, { 0, false, "stdint.h" }, { 'f', false, "stdio.h" },
		{ 'm', false, "stdlib.h" }, { 'm', false, "string.h" },
		{ 'd', false, "sys/mman.h" }, { 'l', false, "sys/types.h" },
		{ 'd', false, "unistd.h" }, { 'b', false, "stdbool.h" }, { 'i', true, "sstream" },
		{ 'p', true, "span" }, { 's', true, "string" }, { 'v', true, "vector" } };

	if ((needs(w, 'd') || needs(w, 'g')) && !w->cxx)
		buf_adds(out, "#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#endif\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if ((!rows[i].need || needs(w, rows[i].need)) && (!rows[i].cxx || w->cxx))
			buf_addf(out, "#include <%s>\n", rows[i].name);
	if (stringy)
		buf_adds(out, "#include <string>\n#include <string_view>\n");
	if (h->include)
		buf_addf(out, "\n#include %s\n", h->include);
	if (needs(w, 'r'))
		buf_addf(out, "\n#define ROOM %d /* bytes given for what the call writes */\n",
			ROOM);
}

/* Without a header: the function's own declaration, and those of the structs it names. */
static void add_declaration(struct buf *out, const struct proto *p)
{
	buf_addch(out, '\n');
	for (size_t i = 0; i < p->n_params; i++) {
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen = seen || strcmp(p->params[k].base, p->params[i].base) == 0;
		if (!seen && strncmp(p->params[i].base, "struct ", 7) == 0)
			buf_addf(out, "%s;\n", p->params[i].base);
	}
	if (strncmp(p->ret, "struct ", 7) == 0)
		buf_addf(out, "%s;\n", p->ret);
	buf_addf(out, "%s;\n", p->text);
}

static void add_cut(struct buf *out)
{
	buf_adds(out, "\tconst uint8_t *data1, *data2;\n\tsize_t size1, size2;\n");
}

static void add_cut_code(struct buf *out)
{
	buf_adds(out, "\t/* the first byte says where the rest is cut in two */\n"
		      "\tif (!size)\n\t\treturn 0;\n"
		      "\tsize1 = (size - 1) * data[0] / 255;\n"
		      "\tsize2 = size - 1 - size1;\n"
		      "\tdata1 = data + 1;\n"
		      "\tdata2 = data1 + size1;\n");
}

static void add_call(struct buf *out, struct writer *w, const struct proto_harness *h)
{
	const struct proto *p = w->p;

	if (h->free_fn && *h->free_fn) {
		buf_addf(out, "\tresult = %s(%s);\n", p->name, buf_str(&w->args));
		buf_addf(out, "\tif (result)\n\t\t%s(result);\n", h->free_fn);
		return;
	}
	buf_addf(out, "\t(void)%s(%s);", p->name, buf_str(&w->args));
	if (p->ret_depth && !p->ret_const)
		todo(w, out, "free what it returns, if that is the caller's");
	else
		buf_addch(out, '\n');
}

static void add_head(struct buf *out, const struct proto *p, const char *boundary)
{
	static const char *const bytes[] = { "passed on as they are",
		"the first says where the rest is cut in two; each part is one argument" };

	buf_addf(out, "/*\n * Boundary: %s\n * Bytes: %s.\n", p ? p->text : boundary,
		p ? bytes[p->parts > 1] : "passed on as they are");
	buf_adds(out,
		" * Oracle: no crash; assert here, too, what must hold of every result. thresh.h, "
		"beside this\n"
		" * file, has names for that, verdicts, and a typed view of the input.\n */\n");
}

static void add_entry(struct buf *out, bool cxx)
{
	buf_adds(out,
		cxx ? "\nextern \"C\" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t "
		      "size);\n\nextern \"C\" int "
		    : "\nint LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n\nint ");
	buf_adds(out, "LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)\n{\n");
}

static unsigned skeleton(struct buf *out, const struct proto_harness *h)
{
	add_head(out, NULL, h->boundary);
	buf_adds(out, "#include <stddef.h>\n#include <stdint.h>\n");
	if (h->include)
		buf_addf(out, "\n#include %s\n", h->include);
	add_entry(out, h->cxx);
	buf_adds(out, "\t/* TODO: pass data[0] to data[size - 1] to the code under test */\n"
		      "\t(void)data;\n\t(void)size;\n\treturn 0;\n}\n");
	return 1;
}

static void body(struct buf *out, struct writer *w, const struct proto_harness *h)
{
	struct buf head = BUF_INIT;

	if (w->p->parts > 1)
		add_cut(&head);
	if (h->free_fn && *h->free_fn && *w->p->ret_alias)
		buf_addf(&head, "\t%s result;\n", w->p->ret_alias);
	else if (h->free_fn && *h->free_fn)
		buf_addf(&head, "\t%s%s *result;\n", w->p->ret_const ? "const " : "", w->p->ret);
	buf_adds(&head, buf_str(&w->decl));
	buf_adds(out, buf_str(&head));
	if (head.len)
		buf_addch(out, '\n');
	buf_release(&head);
	if (w->p->parts > 1)
		add_cut_code(out);
	buf_adds(out, buf_str(&w->check));
	buf_adds(out, buf_str(&w->setup));
	add_call(out, w, h);
	if (w->has_goto)
		buf_adds(out, "out:\n");
	buf_adds(out, buf_str(&w->undo));
	buf_adds(out, "\treturn 0;\n}\n");
}

unsigned proto_harness(
	struct buf *out, const struct proto *p, const struct proto_harness *h, struct arena *a)
{
	struct writer w = { .p = p, .cxx = h->cxx || (p && p->cxx), .a = a };
	bool stringy = false;

	if (!p)
		return skeleton(out, h);
	for (size_t i = 0; i < p->n_params; i++) {
		const char *base = p->params[i].base;

		add_arg(&w, i);
		stringy = stringy || strncmp(base, "std::string", 11) == 0;
		if (strcmp(base, "FILE") == 0)
			need(&w, 'f');
		if (strcmp(base, "bool") == 0)
			need(&w, 'b');
		if (strcmp(base, "ssize_t") == 0 || strcmp(base, "off_t") == 0)
			need(&w, 'l');
	}
	if (strcmp(p->ret, "bool") == 0 && !w.cxx)
		need(&w, 'b');
	if (strcmp(p->ret, "ssize_t") == 0)
		need(&w, 'l');
	if (p->wants_stdio) {
		need(&w, 'f');
		need(&w, 'm');
	}
	if (p->varargs)
		w.todos++;
	add_head(out, p, NULL);
	if (p->varargs)
		buf_adds(out, "/* TODO: further arguments, as the function wants them */\n");
	add_includes(out, &w, h, stringy);
	if (!h->include)
		add_declaration(out, p);
	add_entry(out, w.cxx);
	body(out, &w, h);
	buf_release(&w.decl);
	buf_release(&w.check);
	buf_release(&w.setup);
	buf_release(&w.args);
	buf_release(&w.undo);
	buf_release(&w.need);
	return w.todos;
}
