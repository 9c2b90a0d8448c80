/*
 * A harness's text from the roles of its function's parameters. Declarations come first, so that one label can undo
 * whatever was made, in C and in C++ alike.
 */
#include "base/prelude.h"
#include "scaffold/harness_text.h"
#include "scaffold/asked.h"
#include "scaffold/class_object.h"
#include "scaffold/consumer.h"
#include "scaffold/internal.h"
#include "scaffold/values.h"

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
	if (w->p->consumer && w->p->consumer->include)
		buf_addf(out, "#include %s\n", w->p->consumer->include);
	for (size_t i = 0; i < w->p->n_params; i++)
		if (w->p->params[i].object && w->p->params[i].object->include)
			buf_addf(out, "#include %s\n", w->p->params[i].object->include);
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

static bool ends_result(const struct proto *p, const struct proto_harness *h)
{
	return p->ret_handle || p->ret_owned || (h->free_fn && *h->free_fn);
}

/* Of C, where what it returns is known, and a number or a pointer. */
static bool keeps_result(const struct proto *p, const struct proto_harness *h)
{
	return h->inlined && !p->cxx && strncmp(p->ret, "struct ", 7) != 0 &&
	       strncmp(p->ret, "union ", 6) != 0 && *p->ret &&
	       (strcmp(p->ret, "void") != 0 || p->ret_depth);
}

/* Of C++, where what it returns isn't known: whatever it is stands where the compiler has to make it. */
static void add_kept_call(struct buf *out, const struct writer *w)
{
	const char *tabs = w->p->throws ? "\t\t" : "\t";

	buf_addf(out,
		"\t/* else the compiler would leave out a call that changes nothing */\n"
		"%sauto &&kept = %s(%s);\n%s__asm__ volatile(\"\" : : "
		"\"g\"(__builtin_addressof(kept)) : \"memory\");\n",
		tabs, w->p->name, buf_str(&w->args), tabs);
}

/* On v, which isn't NULL, at this depth of blocks. */
static void add_readers(struct buf *out, struct writer *w, const char *v)
{
	for (size_t i = 0; i < w->p->n_readers; i++) {
		const struct proto_reader *r = &w->p->readers[i];

		const char *args = filled(w, r->args, v);

		if (r->repeats)
			add_read_on(out, "\t\t", r->name, args);
		else
			buf_addf(out, r->owned ? "\t\tfree(%s(%s));\n" : "\t\t(void)%s(%s);\n",
				r->name, args);
	}
	add_members(w, out, v);
}

/* What the call put into a parameter. */
static void add_readers_of_param(struct buf *out, struct writer *w)
{
	bool many = w->p->n_readers > 1 || w->p->members;
	const char *v;

	if ((!w->p->n_readers && !w->p->members) || w->p->read_at == SIZE_MAX || w->p->cxx)
		return;
	v = local_name(w, w->p->read_at);
	buf_addf(out, "\tif (%s)%s\n", v, many ? " {" : "");
	add_readers(out, w, v);
	buf_adds(out, many ? "\t}\n" : "");
}

/* An object of a class, and methods that take nothing. */
static void add_made_object(struct buf *out, const struct writer *w)
{
	const char *tabs = w->p->throws ? "\t\t" : "\t";

	buf_addf(out, "\t%s made_object(%s);\n\n", w->p->name, buf_str(&w->args));
	for (size_t i = 0; i < w->p->n_readers; i++)
		buf_addf(out, "%s(void)made_object.%s();\n", tabs, w->p->readers[i].name);
}

static void add_call(struct buf *out, struct writer *w, const struct proto_harness *h)
{
	const struct proto *p = w->p;

	if (p->cxx && p->n_readers) {
		add_made_object(out, w);
		return;
	}
	if (p->values) {
		add_value_call(w, out);
		return;
	}
	if (ends_result(p, h)) {
		const struct proto_handle *r = p->ret_handle;
		const char *end = h->free_fn && *h->free_fn ? h->free_fn : "free";

		buf_addf(out, "\tresult = %s(%s);\n", p->name, buf_str(&w->args));
		buf_addf(out, "\tif (result)%s\n", p->n_readers || p->members ? " {" : "");
		add_readers(out, w, "result");
		buf_addf(out, "\t\t%s(%s);\n%s", r ? r->end : end,
			r ? filled(w, r->end_args, "result") : "result",
			p->n_readers || p->members ? "\t}\n" : "");
		return;
	}
	if (h->inlined && p->cxx) {
		add_kept_call(out, w);
		return;
	}
	buf_addf(out, "\t%s%s(%s);", keeps_result(p, h) ? "kept = (uintptr_t)" : "(void)", p->name,
		buf_str(&w->args));
	if (p->ret_depth && !p->ret_const)
		todo(w, out, "free what it returns, if that is the caller's");
	else
		buf_addch(out, '\n');
}

static void add_head(struct buf *out, const struct proto *p, const char *boundary)
{
	static const char *const bytes[] = { "passed on as they are",
		"the first says where the rest is cut in two; each part is one argument",
		"the text; behind its last NUL, where it has one, what is asked of it" };
	size_t how = p && asked_takes(p) ? 2 : p && p->parts > 1;

	buf_addf(out, "/*\n * Boundary: %s\n * Bytes: %s.\n", p ? p->text : boundary, bytes[how]);
	buf_adds(out,
		" * Oracle: no crash; assert here, too, what must hold of every result. thresh.h, "
		"beside this\n"
		" * file, has names for that, verdicts, and a typed view of the input.\n */\n");
}

void harness_startup(struct buf *out, const char *call, bool cxx)
{
	const char *c = cxx ? "extern \"C\" " : "";

	buf_addf(out,
		"\n%sint LLVMFuzzerInitialize(int *argc, char ***argv);\n"
		"\n/* once, in front of all inputs */\n"
		"%sint LLVMFuzzerInitialize(int *argc, char ***argv)\n"
		"{\n\t(void)argc;\n\t(void)argv;\n\t(void)%s;\n\treturn 0;\n}\n",
		c, c, call);
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
	bool frees = ends_result(w->p, h);

	if (w->p->parts > 1)
		add_cut(&head);
	if (frees && *w->p->ret_alias && !w->p->ret_opaque)
		buf_addf(&head, "\t%s result;\n", w->p->ret_alias);
	else if (frees)
		buf_addf(&head, "\t%s%s %sresult;\n", w->p->ret_const ? "const " : "", w->p->ret,
			w->p->ret_opaque ? "" : "*");
	if (w->p->values && w->p->values->at == SIZE_MAX)
		buf_addf(&head, "\t%s result;\n", w->p->ret);
	buf_adds(&head, buf_str(&w->decl));
	buf_adds(out, buf_str(&head));
	if (head.len)
		buf_addch(out, '\n');
	buf_release(&head);
	if (w->p->parts > 1)
		add_cut_code(out);
	buf_adds(out, buf_str(&w->cut));
	buf_adds(out, buf_str(&w->check));
	buf_adds(out, buf_str(&w->setup));
	if (w->p->throws)
		buf_adds(out, "\ttry {\n\t");
	add_call(out, w, h);
	add_readers_of_param(out, w);
	buf_adds(out, buf_str(&w->then));
	if (w->p->throws)
		buf_adds(
			out, "\t} catch (...) {\n\t\t/* that is how it refuses an input */\n\t}\n");
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
	if (p->ret_owned || (p->n_readers && !p->cxx))
		need(&w, 'm');
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
	buf_adds(out, buf_str(&w.stubs));
	if (p->values && p->values->at == SIZE_MAX)
		add_value_visit(&w, out);
	else if (!p->values && keeps_result(p, h) && !ends_result(p, h))
		buf_adds(out,
			"\n/* else the compiler would leave out a call that changes nothing */\n"
			"static volatile uintptr_t kept;\n");
	if (h->startup)
		harness_startup(out, h->startup, w.cxx);
	add_entry(out, w.cxx);
	body(out, &w, h);
	buf_release(&w.decl);
	buf_release(&w.cut);
	buf_release(&w.check);
	buf_release(&w.setup);
	buf_release(&w.args);
	buf_release(&w.undo);
	buf_release(&w.then);
	buf_release(&w.stubs);
	buf_release(&w.need);
	return w.todos;
}
