/* What every argument of a harness needs of its text. */
#include "base/prelude.h"
#include "scaffold/internal.h"

void need(struct writer *w, char what)
{
	if (!memchr(buf_str(&w->need), what, w->need.len))
		buf_addch(&w->need, what);
}

bool needs(const struct writer *w, char what)
{
	return w->need.len && memchr(w->need.s, what, w->need.len);
}

static bool taken(const struct proto *p, const char *name, size_t before)
{
	static const char *const words[] = { "data", "size", "cut", "result", "out", "int", "new",
		"class", "delete", "this", "template", "operator", "namespace", "default",
		"register", "try", "private", "public", "using", "typename", "errno", "stdin",
		"stdout", "stderr", "data1", "data2", "tail", "tail_size", "size1", "size2",
		"memcpy", "malloc", "free", "calloc", "lines", "line", "words", "word", "program",
		"memory_file", "memory_path", "input_path", "input_fd", "input_folder", "fclose",
		"write", "close", "signed", "end", "index", "time", "std", NULL };

	for (size_t i = 0; words[i]; i++)
		if (strcmp(words[i], name) == 0)
			return true;
	for (size_t i = 0; i < before; i++)
		if (strcmp(p->params[i].name, name) == 0)
			return true;
	return strcmp(p->name, name) == 0;
}

/* A variable for parameter i. */
const char *local_name(struct writer *w, size_t i)
{
	const char *name = w->p->params[i].name;

	if (!*name || strchr(name, ':'))
		return arena_printf(w->a, "arg%zu", i + 1);
	if (taken(w->p, name, i))
		return arena_printf(w->a, "%s_%zu", name, i + 1);
	return name;
}

void todo(struct writer *w, struct buf *b, const char *text)
{
	buf_addf(b, " /* TODO: %s */\n", text);
	w->todos++;
}

/* The cast that C++ wants of malloc's result. */
const char *cast(struct writer *w, const char *type)
{
	return w->cxx ? arena_printf(w->a, "(%s)", type) : "";
}

void add_read_on(struct buf *out, const char *tabs, const char *name, const char *args)
{
	buf_addf(out,
		"%sfor (int n = 0, got = (int)%s(%s); n < %d && got >= 0; n++)\n"
		"%s\tif ((int)%s(%s) != got)\n%s\t\tbreak;\n",
		tabs, name, args, READS_MAX, tabs, name, args, tabs);
}

const char *filled(struct writer *w, const char *args, const char *object)
{
	return filled_at(w, args, '@', object);
}

const char *filled_at(struct writer *w, const char *args, char mark, const char *object)
{
	struct buf b = BUF_INIT;
	const char *out;

	for (; *args; args++)
		if (*args == mark)
			buf_adds(&b, object);
		else
			buf_addch(&b, *args);
	out = arena_strdup(w->a, buf_str(&b));
	buf_release(&b);
	return out;
}
