/* CMake, Meson, autoconf's configure, make: what to run, and what of their words to tell. */
#include "base/prelude.h"
#include "survey/systems.h"
#include "survey/switches.h"
#include "survey/targets.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "proc/proc.h"
#include <stdio.h>
#include <strings.h>
#include <sys/wait.h>

#define STEPS_MAX 3
#define WORDS_MAX 20
/* What doesn't say beforehand what it will do has so many times as long: what it would still do is lost. */
#define UNKNOWN_TIMES 3
/* and at least that, where nothing is built without it */
#define CONFIGURE_MS 300000
#define CONFIGURE_MAX ((uint64_t)16 << 20)
#define OUTPUT_MAX ((size_t)1 << 20)

/*
 * One program to run. In its words @S is the copy's folder, @B that of the build, @J the number of jobs, @O the project's
 * own options for what isn't wanted, @T and @N the targets that are, for CMake and for ninja. May: its failure is none of the
 * whole. Known: what it is to compile is written down beforehand.
 */
struct step {
	const char *argv[WORDS_MAX];
	bool in_source, may_fail, known;
};

struct system {
	const char *name, *file;
	/* not where this is there, too */
	const char *unless;
	struct step steps[STEPS_MAX];
};

#define CONFIGURE "@S/configure"
#define CONFIGURE_OPTIONS \
	"--disable-shared", "--enable-static", "--disable-dependency-tracking", "@O"
/* sources that it made on the way to objects are kept, which it would remove at its end */
#define KEEP "--eval=.SECONDARY:"
#define MAKE                                                                                  \
	{                                                                                     \
		{ "make", KEEP, "-k", "-j", "@J", NULL }, .in_source = true, .may_fail = true \
	}

static const struct system systems[] = {
	{ .name = "CMake",
		.file = "CMakeLists.txt",
		.steps = { { { "cmake", "-S", "@S", "-B", "@B", "-DBUILD_TESTING=OFF",
				   /* what most projects call it; others don't mind */
				   "-DBUILD_TESTS=OFF", "-DBUILD_EXAMPLES=OFF",
				   "-DBUILD_PROGRAMS=OFF", "-DBUILD_DOCS=OFF", "@O",
				   "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
				   "-DFETCHCONTENT_FULLY_DISCONNECTED=ON", NULL } },
			{ { "cmake", "--build", "@B", "@T", "-j", "@J", "--", "-k", NULL },
				.may_fail = true, .known = true } } },
	{ .name = "Meson",
		.file = "meson.build",
		.steps = { { { "meson", "setup", "--wrap-mode=nodownload", "--buildtype=plain",
				   "-Ddefault_library=static", "@O", "@B", "@S", NULL } },
			{ { "ninja", "-C", "@B", "-j", "@J", "-k", "0", "@N", NULL },
				.may_fail = true, .known = true } } },
	{ .name = "configure",
		.file = "configure",
		.steps = { { { CONFIGURE, CONFIGURE_OPTIONS, NULL }, .in_source = true }, MAKE } },
	{ .name = "autoconf",
		.file = "configure.ac",
		.unless = "configure",
		.steps = { { { "autoreconf", "-fi", NULL }, .in_source = true },
			{ { CONFIGURE, CONFIGURE_OPTIONS, NULL }, .in_source = true }, MAKE } },
	{ .name = "autoconf",
		.file = "configure.in",
		.unless = "configure",
		.steps = { { { "autoreconf", "-fi", NULL }, .in_source = true },
			{ { CONFIGURE, CONFIGURE_OPTIONS, NULL }, .in_source = true }, MAKE } },
	{ .name = "configure.sh",
		.file = "configure.sh",
		.unless = "configure",
		.steps = { { { "@S/configure.sh", NULL }, .in_source = true }, MAKE } },
	{ .name = "make", .file = "Makefile", .steps = { MAKE } },
	{ .name = "make", .file = "makefile", .steps = { MAKE } },
	{ .name = "make", .file = "GNUmakefile", .steps = { MAKE } },
};

const struct system *systems_at(size_t i)
{
	return i < ARRAY_LEN(systems) ? &systems[i] : NULL;
}

const char *systems_name(const struct system *s)
{
	return s->name;
}

const char *systems_file(const struct system *s)
{
	return s->file;
}

static bool has_file(const char *dir, const char *sub, const char *name)
{
	char *path = xasprintf("%s/%s%s", dir, sub, name);
	bool has = fs_is_file(path);

	free(path);
	return has;
}

const char *systems_find(const struct system *s, const char *dir)
{
	static const char *const subs[] = { "", "src/", "lib/", "source/", "build/cmake/", "cmake/",
		"build/unix/" };

	for (size_t i = 0; i < ARRAY_LEN(subs); i++)
		if (has_file(dir, subs[i], s->file))
			return s->unless && has_file(dir, subs[i], s->unless) ? NULL : subs[i];
	return NULL;
}

/* Folders by whose names one holds the library, or how it is built: others have tools, or what belongs to other projects. */
static bool is_likely(struct strv rel)
{
	static const char *const names[] = { "project", "projects", "build", "builds", "cmake",
		"meson", "gnu", "autotools", "contrib", "unix", "linux", "posix", "src", "source",
		"sources", "lib", "libs", "library", "code", "core", "c", "cpp", "native", NULL };
	struct strv part;

	while (strv_split(&rel, '/', &part)) {
		bool is = !rel.len;

		for (size_t i = 0; names[i] && !is; i++)
			is = part.len == strlen(names[i]) &&
			     strncasecmp(part.s, names[i], part.len) == 0;
		if (!is)
			return false;
	}
	return true;
}

char *systems_find_below(const struct system *s, const struct files *t)
{
	/* topmost folders come first */
	for (size_t i = 0; i < t->files.n; i++) {
		const char *rel = t->files.v[i], *name = fs_basename(rel);
		size_t dir = (size_t)(name - rel);

		if (dir && strcmp(name, s->file) == 0 && is_likely(strv_of(rel)))
			return xasprintf("%.*s", (int)dir, rel);
	}
	return NULL;
}

/* What is known of the project beside its files' names. */
struct extra {
	/* the source's folder below the copy, "/sub" or "" */
	const char *sub;
	struct strlist switches;
	struct targets targets;
};

/* Of CMake's files at the top; in folders below, projects of others may lie. */
static void find_switches(const char *source, struct strlist *out)
{
	static const char *const dirs[] = { "", "/cmake", "/CMake" };

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		char *dir = xasprintf("%s%s", source, dirs[i]);
		struct strlist names = STRLIST_INIT;

		if (fs_is_dir(dir))
			fs_list(dir, &names, NULL);
		for (size_t k = 0; k < names.n; k++) {
			struct strv name = strv_of(names.v[k]);
			char *path = fs_join(dir, names.v[k]);
			struct buf text = BUF_INIT;

			if ((strv_eqs(name, "CMakeLists.txt") || strv_ends(name, ".cmake")) &&
				fs_read(path, CONFIGURE_MAX, &text, NULL) == 0)
				switches_read(strv_n(buf_str(&text), text.len), out);
			buf_release(&text);
			free(path);
		}
		strlist_release(&names);
		free(dir);
	}
}

static void find_meson_switches(const char *source, struct strlist *out)
{
	static const char *const names[] = { "meson_options.txt", "meson.options" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = fs_join(source, names[i]);
		struct buf text = BUF_INIT;

		if (fs_is_file(path) && fs_read(path, CONFIGURE_MAX, &text, NULL) == 0)
			switches_read_meson(strv_n(buf_str(&text), text.len), out);
		buf_release(&text);
		free(path);
	}
}

/* It may have been made by the step before. */
static void find_configure_switches(const char *source, struct strlist *out)
{
	char *path = fs_join(source, "configure");
	struct buf text = BUF_INIT;

	strlist_release(out);
	if (fs_is_file(path) && fs_read(path, CONFIGURE_MAX, &text, NULL) == 0)
		switches_read_configure(strv_n(buf_str(&text), text.len), out);
	buf_release(&text);
	free(path);
}

/* What a word stands for that may be several, or none; false: it is none of those. */
static bool add_list(struct strlist *argv, const char *word, const struct extra *extra)
{
	if (strcmp(word, "@O") == 0) {
		strlist_add_all(argv, &extra->switches);
	} else if (strcmp(word, "@T") == 0 || strcmp(word, "@N") == 0) {
		if (word[1] == 'T' && extra->targets.names.n)
			strlist_add(argv, "--target");
		strlist_add_all(argv, &extra->targets.names);
	} else {
		return false;
	}
	return true;
}

static void add_word(struct strlist *argv, const struct systems *w, const char *word,
	const char *source, const struct extra *extra)
{
	if (add_list(argv, word, extra))
		return;
	if (strncmp(word, "@S", 2) == 0)
		strlist_addf(argv, "%s%s", source, word + 2);
	else if (strcmp(word, "@B") == 0)
		strlist_add(argv, w->build);
	else if (strcmp(word, "@J") == 0)
		strlist_addf(argv, "%u", w->jobs);
	else
		strlist_add(argv, word);
}

/* A configure that somebody wrote by hand knows none of autoconf's options. */
static bool is_autoconfs(const char *configure)
{
	struct buf text = BUF_INIT;
	bool is = fs_read(configure, CONFIGURE_MAX, &text, NULL) < 0 ||
		  strv_contains(strv_n(buf_str(&text), text.len), "Autoconf");

	buf_release(&text);
	return is;
}

/* What is told of a step: its command as people would type it in the project's folder. */
static void add_said(struct buf *said, const struct step *step, const struct extra *extra)
{
	if (said->len)
		buf_adds(said, " && ");
	else if (step->in_source && *extra->sub)
		buf_addf(said, "cd %s && ", extra->sub + 1);
	for (size_t i = 0; step->argv[i]; i++) {
		const char *word = step->argv[i];
		struct strlist list = STRLIST_INIT;

		if (strcmp(word, "-j") == 0) {
			i++;
			continue;
		}
		if (strcmp(word, KEEP) == 0) /* nothing that a person would need */
			continue;
		if (add_list(&list, word, extra)) {
			for (size_t k = 0; k < list.n; k++)
				buf_adds2(said, " ", list.v[k]);
			strlist_release(&list);
			continue;
		}
		buf_adds(said, i ? " " : "");
		if (strncmp(word, "@S", 2) == 0)
			buf_addf(said, ".%s%s", step->in_source ? "" : extra->sub, word + 2);
		else
			buf_adds(said, strcmp(word, "@B") == 0 ? "BUILD" : word);
	}
}

static void add_env(struct strlist *env, const struct systems *w)
{
	strlist_add_all(env, w->env);
	strlist_add(env, "LC_ALL=C");
	strlist_add(env, "NOCONFIGURE=1");
	/* fast, and no warning of theirs is of interest */
	strlist_add(env, "CFLAGS=-O0 -w");
	strlist_add(env, "CXXFLAGS=-O0 -w");
	strlist_add(env, "LDFLAGS");
	strlist_add(env, "MAKEFLAGS");
	strlist_add(env, "MAKELEVEL");
	strlist_add(env, "DESTDIR");
}

static int run_step(const struct systems *w, const struct step *step, const char *source,
	const struct extra *extra, struct proc_result *r, struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct strlist argv = STRLIST_INIT, env = STRLIST_INIT;
	const char *writable[] = { w->tmp, NULL };
	/* the stand-ins are links to it */
	char *self = fs_self();
	const char *visible[] = { w->tmp, self, NULL };
	int rc;

	for (size_t i = 0; step->argv[i]; i++)
		if (i == 0 || strcmp(step->argv[0], CONFIGURE) != 0 || is_autoconfs(argv.v[0]))
			add_word(&argv, w, step->argv[i], source, extra);
	add_env(&env, w);
	spec.argv = (const char *const *)argv.v;
	spec.env = (const char *const *)env.v;
	spec.cwd = step->in_source ? source : w->tmp;
	spec.out = spec.err = PROC_CAPTURE;
	spec.capture_max = OUTPUT_MAX;
	spec.confine = PROC_CONFINED;
	spec.builds = true;
	spec.writable = writable;
	spec.visible = visible;
	spec.wall_ms = w->build_ms * (step->known ? 1 : UNKNOWN_TIMES);
	if (!step->known && !step->may_fail)
		spec.wall_ms = MAX(spec.wall_ms, (uint64_t)CONFIGURE_MS);
	spec.limits.file_bytes = (uint64_t)1 << 30;
	rc = proc_run(&spec, r, err);
	strlist_release(&argv);
	strlist_release(&env);
	free(self);
	return rc;
}

/* The first line of what a step said that begins so or holds it, in the order of the words' worth. */
struct strv systems_blame(struct strv said)
{
	static const char *const words[] = { "No package '", "', required by '",
		"configure: error:", "ERROR:", "Could NOT find", "CMake Error",
		"fatal error:", "error:", "possibly undefined macro", "not found", "*** " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct strv rest = said, line, next;

		while (strv_line(&rest, &line)) {
			if (!strv_contains(line, words[i]))
				continue;
			/* CMake says what in the lines below */
			if (strv_starts(line, "CMake Error") && strv_ends(strv_trim(line), ":"))
				while (strv_line(&rest, &next))
					if (strv_trim(next).len) {
						line = next;
						break;
					}
			/* what it speaks of stands below */
			if (strv_ends(strv_trim(line), "file:"))
				while (strv_line(&rest, &next))
					if (strv_trim(next).len) {
						line.len = (size_t)(next.s + next.len - line.s);
						break;
					}
			/* the name of what wasn't found is the third line */
			if (strv_contains(line, "set to NOTFOUND"))
				for (unsigned k = 0; k < 2 && strv_line(&rest, &next); k++)
					line = k == 1 ? next : line;
			return strv_trim(line);
		}
	}
	return strv_n("", 0);
}

static struct strv last_line(struct strv said)
{
	struct strv line, last = { "", 0 };

	while (strv_line(&said, &line))
		if (strv_trim(line).len)
			last = strv_trim(line);
	return last;
}

static void add_in_one_line(struct buf *b, struct strv text)
{
	bool space = false;

	for (text = strv_trim(text); text.len; text = strv_from(text, 1)) {
		if (!strv_is_space(text.s[0]))
			buf_addch(b, text.s[0]);
		else if (!space)
			buf_addch(b, ' ');
		space = strv_is_space(text.s[0]);
	}
}

static void add_why(struct buf *why, const struct step *step, const struct proc_result *r)
{
	struct buf all = BUF_INIT;
	struct strv line;

	buf_addv(&all, strv_n(buf_str(&r->err), r->err.len));
	buf_addch(&all, '\n');
	buf_addv(&all, strv_n(buf_str(&r->out), r->out.len));
	line = systems_blame(strv_n(all.s, all.len));
	if (!line.len)
		line = last_line(strv_n(all.s, all.len));
	buf_addf(why, "%s: ", fs_basename(step->argv[0]));
	if (r->timed_out || !line.len)
		proc_describe(why, r);
	if (r->timed_out)
		buf_adds(why, "; --look-time gives it more");
	else if (line.len)
		add_in_one_line(why, strv_sub(line, 0, 300));
	/* macros that only come with it */
	if (strv_contains(line, "LIBTOOL") || strv_contains(line, "LT_INIT"))
		buf_adds(why, " (libtool is not installed)");
	/* a variable's name alone */
	if (!r->timed_out && line.len && strv_chr(line, ' ') == SIZE_MAX)
		buf_adds(why, " was not found");
	buf_release(&all);
}

/* What automake wants of a package of GNU's, in a copy of a tree that was packed without. */
static void add_gnus(const char *source)
{
	static const char *const names[] = { "NEWS", "README", "AUTHORS", "ChangeLog" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!has_file(source, "/", names[i])) {
			char *path = fs_join(source, names[i]);

			fs_write(path, "", 0, 0644, NULL);
			free(path);
		}
}

/* One step: 0, or what it is for the whole. */
static int take_step(const struct systems *w, const struct system *s, const struct step *step,
	const char *source, struct extra *extra, struct systems_result *out, struct needs *needs)
{
	char *tool = step->argv[0][0] == '@' ? xstrdup("") : fs_which(step->argv[0]);
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;
	int rc = 0;

	if (step->known)
		targets_find(w->build, &extra->targets);
	if (strcmp(step->argv[0], CONFIGURE) == 0)
		find_configure_switches(source, &extra->switches);
	if (strcmp(step->argv[0], "autoreconf") == 0)
		add_gnus(source);
	add_said(&out->ran, step, extra);
	log_progress("%s: %s", s->name, fs_basename(step->argv[0]));
	if (!tool) {
		buf_addf(&out->why, "%s is not installed", step->argv[0]);
		needs_add(needs, step->argv[0]);
		rc = -1;
	} else if (run_step(w, step, source, extra, &r, &err) < 0) {
		buf_addf(&out->why, "%s: %s", fs_basename(step->argv[0]), err.msg);
		rc = -1;
	} else if (r.status != 0) {
		buf_reset(&out->why);
		add_why(&out->why, step, &r);
		needs_read(needs, strv_n(buf_str(&r.err), r.err.len));
		needs_read(needs, strv_n(buf_str(&r.out), r.out.len));
		log_debug("%s: %s", s->name, buf_str(&out->why));
		out->late = step->known && r.timed_out;
		rc = step->may_fail ? 0 : -1;
	}
	proc_result_release(&r);
	free(tool);
	return rc;
}

int systems_build(const struct systems *w, const struct system *s, const char *sub,
	struct systems_result *out, struct needs *needs)
{
	char *below = *sub ? xasprintf("/%.*s", (int)strlen(sub) - 1, sub) : xstrdup("");
	char *source = xasprintf("%s%s", w->src, below);
	struct extra extra = { .sub = below };
	int rc = 0;

	*out = (struct systems_result){ 0 };
	if (strcmp(s->file, "CMakeLists.txt") == 0)
		find_switches(source, &extra.switches);
	else if (strcmp(s->file, "meson.build") == 0)
		find_meson_switches(source, &extra.switches);
	for (size_t i = 0; i < STEPS_MAX && s->steps[i].argv[0] && rc == 0 && !proc_interrupted();
		i++)
		rc = take_step(w, s, &s->steps[i], source, &extra, out, needs);
	strlist_release(&extra.switches);
	targets_release(&extra.targets);
	free(source);
	free(below);
	return rc;
}

void systems_result_release(struct systems_result *r)
{
	buf_release(&r->ran);
	buf_release(&r->why);
	r->late = false;
}
