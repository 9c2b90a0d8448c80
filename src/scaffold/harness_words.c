/* What is passed as words: each line of the input is one, or what stands at its end. */
#include "base/prelude.h"
#include "scaffold/internal.h"

#define WORDS 64

void arg_argv(struct writer *w, size_t i)
{
	const char *v = local_name(w, i), *n = local_name(w, i - 1);

	need(w, 'm');
	buf_addf(&w->decl,
		"\tstatic char program[] = \"input\";\n\t%schar *%s[%d]; /* a line each */\n"
		"\tchar *words = NULL;\n\tint %s = 0;\n",
		w->p->params[i].is_const ? "const " : "", v, WORDS, n);
	buf_addf(&w->setup,
		"\twords = %smalloc(size + 1);\n\tif (!words)\n\t\tgoto out;\n"
		"\tif (size)\n\t\tmemcpy(words, data, size);\n\twords[size] = 0;\n",
		w->cxx ? "(char *)" : "");
	buf_addf(&w->setup,
		"\t%s[%s++] = program;\n"
		"\tfor (char *word = strtok(words, \"\\n\"); word && %s < %d; word = strtok(NULL, "
		"\"\\n\"))\n\t\t%s[%s++] = word;\n\t%s[%s] = NULL;\n",
		v, n, n, WORDS - 1, v, n, v, n);
	buf_adds(&w->undo, "\tfree(words);\n");
	buf_adds(&w->args, v);
	w->has_goto = true;
}

void arg_strings(struct writer *w, size_t i)
{
	const char *v = local_name(w, i);

	need(w, 'i');
	need(w, 's');
	need(w, 'v');
	buf_addf(&w->decl,
		"\tstd::istringstream lines(std::string(reinterpret_cast<const char *>(data), "
		"size));\n"
		"\tstd::vector<std::string> %s;\n",
		v);
	buf_addf(&w->setup,
		"\tfor (std::string line; std::getline(lines, line);)\n\t\t%s.push_back(line);\n",
		v);
	buf_adds(&w->args, v);
}

void arg_asked(struct writer *w, size_t i)
{
	const struct proto_param *q = &w->p->params[i];
	const char *v = local_name(w, i);
	const char *usual = q->usual && *q->usual == '"' ? q->usual : "\"a\"";

	need(w, 'm');
	need(w, 'g');
	buf_addf(&w->decl, "\tconst uint8_t *tail;\n\tsize_t tail_size = 0;\n\tchar *%s = NULL;\n",
		v);
	buf_addf(&w->cut,
		"\t/* behind the last NUL stands the %s; an input without one has all of the text "
		"*/\n"
		"\ttail = size ? (const uint8_t *)memrchr(data, 0, size) : NULL;\n"
		"\tif (tail) {\n\t\ttail_size = size - (size_t)(++tail - data);\n"
		"\t\tsize -= tail_size + 1;\n\t}\n",
		*q->name ? q->name : "other");
	buf_addf(&w->setup,
		"\t%s = tail ? strndup((const char *)tail, tail_size) : strdup(%s);\n"
		"\tif (!%s)\n\t\tgoto out;\n",
		v, usual, v);
	buf_addf(&w->undo, "\tfree(%s);\n", v);
	buf_adds(&w->args, v);
	w->has_goto = true;
}
