/* What is passed as words: each line of the input is one. */
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
