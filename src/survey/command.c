/* Which words of a command line count, and what they name. */
#include "base/prelude.h"
#include "survey/command.h"
#include "base/fs.h"
#include "base/mem.h"

static bool ends_in(const char *s, const char *const *ends)
{
	for (; *ends; ends++)
		if (strv_ends(strv_of(s), *ends))
			return true;
	return false;
}

bool command_is_cxx(const char *path)
{
	static const char *const ends[] = { ".cc", ".cpp", ".cxx", ".C", ".c++", NULL };

	return ends_in(path, ends);
}

bool command_is_source(const char *path)
{
	return command_is_cxx(path) || strv_ends(strv_of(path), ".c");
}

bool command_is_assembly(const char *path)
{
	static const char *const ends[] = { ".S", ".s", NULL };

	return ends_in(path, ends);
}

char *command_path(const char *cwd, const char *path)
{
	char *full = fs_join(cwd, path), *tidy = fs_tidy(full);

	free(full);
	return tidy;
}

static void add_path(struct strlist *l, const char *cwd, const char *path)
{
	strlist_add_take(l, command_path(cwd, path));
}

/* ar [-]qc LIB OBJECT...; only what puts in counts. */
static bool read_archive(const char *cwd, const struct strlist *argv, struct command *out)
{
	size_t i = 1;

	while (i < argv->n && strncmp(argv->v[i], "--", 2) == 0)
		i++;
	if (i + 1 >= argv->n || !strpbrk(argv->v[i], "rq"))
		return false;
	out->library = true;
	out->output = command_path(cwd, argv->v[i + 1]);
	for (i += 2; i < argv->n; i++)
		if (argv->v[i][0] != '-')
			add_path(&out->inputs, cwd, argv->v[i]);
	return out->inputs.n > 0;
}

static bool is_assembler(const char *tool)
{
	struct strv name = strv_of(fs_basename(tool));

	return strv_ends(name, "nasm") || strv_ends(name, "yasm");
}

/* nasm -f elf64 -o OBJECT SOURCE; what its flags are is its own affair. */
static bool read_assembler(const char *cwd, const struct strlist *argv, struct command *out)
{
	static const char *const ends[] = { ".asm", ".nasm", ".yasm", ".s", ".S", NULL };
	const char *object = NULL, *source = NULL;

	for (size_t i = 1; i < argv->n; i++)
		if (strcmp(argv->v[i], "-o") == 0 && i + 1 < argv->n)
			object = argv->v[++i];
		else if (argv->v[i][0] != '-' && ends_in(argv->v[i], ends))
			source = argv->v[i];
	if (!object || !source)
		return false;
	add_path(&out->sources, cwd, source);
	add_path(&out->objects, cwd, object);
	out->assembles = true;
	return true;
}

struct reader {
	const char *cwd;
	const struct strlist *argv;
	struct command *out;
	const char *o;
	bool compiles, asks, shared;
};

/* The value of a flag: behind it, or the next word. NULL: it isn't that flag. */
static const char *value_of(struct reader *r, size_t *i, const char *flag)
{
	const char *word = r->argv->v[*i], *next;
	size_t n = strlen(flag);

	if (strncmp(word, flag, n) != 0)
		return NULL;
	if (word[n])
		return word + n;
	next = *i + 1 < r->argv->n ? r->argv->v[*i + 1] : NULL;
	*i += next != NULL;
	return next;
}

/* Those whose value is the next word and that say nothing for another build. */
static bool skips_value(const char *word)
{
	static const char *const words[] = { "-MF", "-MT", "-MQ", "-Xlinker", "-Xpreprocessor",
		"-Xclang", "-Xassembler", "-T", "-u", "-z", "-target", "--param", "-x", "-arch",
		"-soname", "-framework", NULL };

	for (size_t i = 0; words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

/* -fopenmp isn't kept: its threads don't live in the processes that a target server forks, and clang may lack its runtime. */
static bool keeps(const char *word)
{
	static const char *const whole[] = { "-pthread", "-fwrapv", "-fno-strict-aliasing",
		"-funsigned-char", "-fsigned-char", "-fms-extensions", "-fplan9-extensions",
		"-fcommon", "-fshort-enums", "-fdeclspec", NULL };

	for (size_t i = 0; whole[i]; i++)
		if (strcmp(whole[i], word) == 0)
			return true;
	return strncmp(word, "-std=", 5) == 0 || strncmp(word, "-msse", 5) == 0 ||
	       strncmp(word, "-mavx", 5) == 0 || strncmp(word, "-maes", 5) == 0 ||
	       strncmp(word, "-mpclmul", 8) == 0 || strncmp(word, "-mssse", 6) == 0;
}

static bool read_folder(struct reader *r, size_t *i)
{
	static const char *const flags[] = { "-isystem", "-iquote", "-idirafter", "-I" };
	const char *value;

	for (size_t k = 0; k < ARRAY_LEN(flags); k++)
		if ((value = value_of(r, i, flags[k]))) {
			strlist_add_once_take(&r->out->include, command_path(r->cwd, value));
			return true;
		}
	return false;
}

/* libc's own checks of bounds come before the sanitizers', of fewer accesses, and say less. */
static bool is_fortify(const char *definition)
{
	static const char name[] = "_FORTIFY_SOURCE";
	size_t n = sizeof(name) - 1;

	return strncmp(definition, name, n) == 0 && (!definition[n] || definition[n] == '=');
}

static bool read_flag(struct reader *r, size_t *i)
{
	const char *word = r->argv->v[*i], *value;
	struct command *out = r->out;

	if (strcmp(word, "-c") == 0)
		r->compiles = true;
	else if (strcmp(word, "-E") == 0 || strcmp(word, "-S") == 0 || strcmp(word, "-M") == 0 ||
		 strcmp(word, "-MM") == 0 || strcmp(word, "-fsyntax-only") == 0)
		r->asks = true;
	else if (strcmp(word, "-shared") == 0)
		r->shared = true;
	else if (strcmp(word, "-ansi") == 0)
		strlist_add(&out->flags, "-std=gnu89");
	else if (read_folder(r, i))
		return true;
	else if (strcmp(word, "-include") == 0 || strcmp(word, "-imacros") == 0) {
		if (*i + 1 < r->argv->n) {
			strlist_add(&out->flags, word);
			add_path(&out->flags, r->cwd, r->argv->v[++*i]);
		}
	} else if (skips_value(word))
		++*i;
	else if ((value = value_of(r, i, "-D"))) {
		if (!is_fortify(value))
			strlist_addf(&out->flags, "-D%s", value);
	} else if ((value = value_of(r, i, "-U")))
		strlist_addf(&out->flags, "-U%s", value);
	else if (strcmp(word, "-o") == 0)
		r->o = *i + 1 < r->argv->n ? r->argv->v[++*i] : NULL;
	else if ((value = value_of(r, i, "-l")))
		strlist_addf(&out->libs, "-l%s", value);
	else if (keeps(word)) {
		strlist_add(&out->flags, word);
		if (strcmp(word, "-pthread") == 0)
			strlist_add(&out->libs, word);
	} else
		return word[0] == '-';
	return true;
}

/* Where a compilation without -o puts its object. */
static void add_object(struct reader *r, const char *source)
{
	const char *name = fs_basename(source), *dot = strrchr(name, '.');
	char *object = xasprintf("%.*s.o", (int)(dot - name), name);

	add_path(&r->out->objects, r->cwd, object);
	free(object);
}

bool command_read(const char *cwd, const struct strlist *argv, struct command *out)
{
	struct reader r = { .cwd = cwd, .argv = argv, .out = out };

	*out = (struct command){ 0 };
	if (argv->n < 2)
		return false;
	if (strv_ends(strv_of(fs_basename(argv->v[0])), "ar"))
		return read_archive(cwd, argv, out);
	if (is_assembler(argv->v[0]))
		return read_assembler(cwd, argv, out);
	for (size_t i = 1; i < argv->n; i++) {
		const char *word = argv->v[i];

		if (read_flag(&r, &i))
			continue;
		if (command_is_source(word) || command_is_assembly(word))
			add_path(&out->sources, cwd, word);
		else
			add_path(&out->inputs, cwd, word);
	}
	if (r.asks || (!out->sources.n && (r.compiles || !out->inputs.n)))
		return false;
	for (size_t i = 0; i < out->sources.n; i++)
		if (r.compiles && r.o && out->sources.n == 1)
			add_path(&out->objects, cwd, r.o);
		else if (r.compiles)
			add_object(&r, out->sources.v[i]);
		else
			/* compiled and linked in one go: no object is left */
			strlist_add(&out->objects, "");
	if (!r.compiles) {
		out->output = command_path(cwd, r.o ? r.o : "a.out");
		out->library = r.shared;
	}
	return true;
}

void command_release(struct command *c)
{
	strlist_release(&c->sources);
	strlist_release(&c->objects);
	strlist_release(&c->inputs);
	strlist_release(&c->flags);
	strlist_release(&c->include);
	strlist_release(&c->libs);
	free(c->output);
	*c = (struct command){ 0 };
}
