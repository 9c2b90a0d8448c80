/* The input as a file: a stream, a descriptor, a path. */
#include "base/prelude.h"
#include "scaffold/internal.h"

void arg_file(struct writer *w, size_t i, bool reads)
{
	const char *v = local_name(w, i);

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
void arg_memfd(struct writer *w, size_t i, bool path)
{
	const char *fd = path ? "memory_file" : local_name(w, i);

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
		if (w->p->params[i].depth && strcmp(w->p->params[i].base, "char") != 0)
			buf_addf(&w->args, "(const %s *)", w->p->params[i].base);
		buf_adds(&w->args, "memory_path");
	} else {
		buf_adds(&w->args, fd);
	}
}

/* A file that has a name, for what looks at how that ends. */
void arg_named_file(struct writer *w, const struct proto_param *q)
{
	need(w, 'd');
	need(w, 'f');
	need(w, 'm');
	buf_adds(&w->decl, "\tconst char *input_folder = getenv(\"TMPDIR\");\n"
			   "\tchar input_path[4096]; /* the library looks at its end */\n"
			   "\tint input_fd = -1;\n");
	buf_addf(&w->setup,
		"\tsnprintf(input_path, sizeof(input_path), \"%%s/input-XXXXXX%s\", "
		"input_folder ? input_folder : \"/tmp\");\n",
		q->ending);
	buf_addf(&w->setup,
		"\tinput_fd = mkstemps(input_path, %zu);\n\tif (input_fd < 0)\n\t\tgoto out;\n"
		"\tif (write(input_fd, data, size) != (ssize_t)size)\n\t\tgoto out;\n",
		strlen(q->ending));
	buf_adds(&w->undo, "\tif (input_fd >= 0) {\n\t\tclose(input_fd);\n"
			   "\t\tunlink(input_path);\n\t}\n");
	w->has_goto = true;
	if (q->depth && strcmp(q->base, "char") != 0)
		buf_addf(&w->args, "(const %s *)", q->base);
	buf_adds(&w->args, "input_path");
}
