/*
 * Lines are joined as Docker joins them, but keep their breaks, so that each command of a long RUN has its own number. Of what
 * RUN does, clones and packages are understood; the rest is kept to be told.
 */
#include "base/prelude.h"
#include "build/dockerfile.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include <ctype.h>

#define TOLD_MAX 100

/* $SRC and its like as the images have them; relative ones below the place where the file is. The caller frees. */
static char *container_path(const char *workdir, struct strv path)
{
	static const struct {
		const char *name, *value;
	} vars[] = { { "$SRC", DOCKER_SRC }, { "${SRC}", DOCKER_SRC }, { "$OUT", "/out" },
		{ "${OUT}", "/out" }, { "$WORK", "/work" }, { "${WORK}", "/work" } };
	bool folder = path.len && path.s[path.len - 1] == '/';
	struct buf whole = BUF_INIT;
	char *tidy, *out;

	for (size_t i = 0; i < ARRAY_LEN(vars); i++)
		if (strv_skip(&path, vars[i].name)) {
			buf_adds(&whole, vars[i].value);
			break;
		}
	if (!whole.len && !(path.len && path.s[0] == '/'))
		buf_adds2(&whole, workdir, "/");
	buf_addv(&whole, path);
	tidy = fs_tidy(buf_str(&whole));
	out = xasprintf("%s%s", tidy, folder && tidy[1] ? "/" : "");
	buf_release(&whole);
	free(tidy);
	return out;
}

const char *docker_below(const char *path)
{
	size_t n = strlen(DOCKER_SRC);

	if (strncmp(path, DOCKER_SRC, n) != 0 || (path[n] && path[n] != '/'))
		return NULL;
	return path[n] ? path + n + 1 : path + n;
}

static bool next_word(struct strv *text, struct strv *word)
{
	*text = strv_trim(*text);
	if (!text->len)
		return false;
	for (word->len = 0; word->len < text->len && !isspace((unsigned char)text->s[word->len]);)
		word->len++;
	word->s = text->s;
	*text = strv_from(*text, word->len);
	return true;
}

/* Commands of one line are told together. */
static void add_rest(struct dockerfile *d, struct strv text, unsigned line)
{
	struct buf b = BUF_INIT;
	struct strv word;

	if (d->n_rest && d->rest[d->n_rest - 1].line == line) {
		const struct docker_rest *last = &d->rest[--d->n_rest];

		buf_adds2(&b, last->text, " &&");
		free(last->text);
	}
	while (next_word(&text, &word)) {
		buf_adds(&b, b.len ? " " : "");
		buf_addv(&b, word);
	}
	if (b.len > TOLD_MAX) {
		b.len = TOLD_MAX;
		b.s[b.len] = '\0';
		buf_adds(&b, " ...");
	}
	GROW(d->rest, d->n_rest, d->cap_rest);
	d->rest[d->n_rest++] = (struct docker_rest){ buf_detach(&b), line };
}

/* --- COPY --- */

static void read_copy(struct dockerfile *d, struct strv args, unsigned line)
{
	struct docker_copy c = { .line = line };
	struct strlist words = STRLIST_INIT;
	struct strv all = args, word;
	bool elsewhere = false, list = strv_starts(strv_trim(args), "[");
	char *plain = strv_dup(args);

	/* ["a", "b"] is the same as a b */
	for (char *p = plain; list && *p; p++)
		if (strchr("[]\",", *p))
			*p = ' ';
	args = strv_of(plain);
	while (next_word(&args, &word)) {
		if (strv_starts(word, "--from"))
			elsewhere = true;
		else if (!strv_starts(word, "--"))
			strlist_add_take(&words, strv_dup(word));
	}
	if (words.n >= 2)
		c.to = container_path(d->workdir, strv_of(words.v[words.n - 1]));
	/* many go into a folder */
	if (words.n > 2 && !strv_ends(strv_of(c.to), "/")) {
		char *folder = xasprintf("%s/", c.to);

		free(c.to);
		c.to = folder;
	}
	for (size_t i = 0; i + 1 < words.n; i++) {
		elsewhere = elsewhere || strstr(words.v[i], "://");
		strlist_add(&c.from, words.v[i]);
	}
	if (!c.to || elsewhere || !docker_below(c.to)) {
		char *text = xasprintf("COPY %.*s", (int)all.len, all.s);

		add_rest(d, strv_of(text), line);
		free(text);
		strlist_release(&c.from);
		free(c.to);
	} else {
		GROW(d->copies, d->n_copies, d->cap_copies);
		d->copies[d->n_copies++] = c;
	}
	strlist_release(&words);
	free(plain);
}

/* --- RUN --- */

static bool takes_value(struct strv option)
{
	static const char *const names[] = { "-b", "--branch", "--depth", "-c", "--config", "-o",
		"--origin", "-j", "--jobs", "--reference", "--filter", NULL };

	for (size_t i = 0; names[i]; i++)
		if (strv_eqs(option, names[i]))
			return true;
	return false;
}

static bool read_clone(struct dockerfile *d, struct strv args, unsigned line)
{
	struct strv word, url = { "", 0 }, to = { "", 0 };
	struct docker_clone c = { .line = line };
	char *name;

	while (next_word(&args, &word)) {
		if (takes_value(word))
			next_word(&args, &word);
		else if (word.s[0] == '-')
			;
		else if (!url.len)
			url = word;
		else
			to = word;
	}
	if (!url.len)
		return false;
	while (strv_ends(url, "/"))
		url.len--;
	name = strv_dup(to.len ? to : url);
	if (!to.len) {
		struct strv last = strv_of(fs_basename(name));

		if (strv_ends(last, ".git"))
			last.len -= 4;
		to = last;
	}
	c.url = strv_dup(url);
	c.to = container_path(d->workdir, to);
	free(name);
	if (!docker_below(c.to)) {
		free(c.url);
		free(c.to);
		return false;
	}
	GROW(d->clones, d->n_clones, d->cap_clones);
	d->clones[d->n_clones++] = c;
	return true;
}

static void read_packages(struct dockerfile *d, struct strv args, unsigned line)
{
	struct strv word;

	while (next_word(&args, &word)) {
		if (word.s[0] == '-' || strv_eqs(word, "\\"))
			continue;
		if (!d->packages.n)
			d->packages_line = line;
		strlist_add_take(&d->packages, strv_dup(word));
	}
}

static bool is_harmless(struct strv first)
{
	static const char *const names[] = { "true", "set", "echo", "rm", "mkdir", "dpkg", "chmod",
		NULL };

	for (size_t i = 0; names[i]; i++)
		if (strv_eqs(first, names[i]))
			return true;
	return false;
}

static void read_command(struct dockerfile *d, struct strv text, unsigned line)
{
	struct strv rest, word;

	/* of a subshell */
	text = strv_trim(text);
	while (text.len && strchr("({", text.s[0]))
		text = strv_trim(strv_from(text, 1));
	while (text.len && strchr(")}", text.s[text.len - 1]))
		text = strv_trim(strv_sub(text, 0, text.len - 1));
	rest = text;
	/* sudo, and variables in front */
	do {
		if (!next_word(&rest, &word))
			return;
	} while (strv_eqs(word, "sudo") || strv_contains(word, "="));
	if (strv_eqs(word, "git")) {
		struct strv verb;

		if (next_word(&rest, &verb) && strv_eqs(verb, "clone") && read_clone(d, rest, line))
			return;
	} else if (strv_eqs(word, "apt-get") || strv_eqs(word, "apt")) {
		while (next_word(&rest, &word) && word.s[0] == '-')
			;
		if (strv_eqs(word, "install"))
			read_packages(d, rest, line);
		return;
	} else if (is_harmless(word)) {
		return;
	}
	add_rest(d, text, line);
}

static void read_run(struct dockerfile *d, struct strv text, unsigned line)
{
	size_t start = 0;
	unsigned newlines = 0;

	for (size_t i = 0; i <= text.len; i++) {
		bool end = i == text.len || text.s[i] == ';' || text.s[i] == '|' ||
			   (text.s[i] == '&' && i + 1 < text.len && text.s[i + 1] == '&');

		if (end) {
			struct strv one = strv_sub(text, start, i - start);
			unsigned at = line + newlines;

			/* the number of its first word's line */
			for (size_t k = 0; k < one.len && isspace((unsigned char)one.s[k]); k++)
				at += one.s[k] == '\n';
			read_command(d, one, at);
			for (size_t k = 0; k < one.len; k++)
				newlines += one.s[k] == '\n';
			while (i + 1 < text.len && (text.s[i + 1] == '&' || text.s[i + 1] == '|'))
				i++;
			start = i + 1;
		}
	}
}

/* --- the rest --- */

static void read_env(struct dockerfile *d, struct strv args)
{
	struct strv word, rest = args;

	if (!next_word(&rest, &word))
		return;
	if (!strv_contains(word, "=")) {
		struct strv value = strv_trim(rest);

		strlist_addf(&d->env, "%.*s=%.*s", (int)word.len, word.s, (int)value.len, value.s);
		return;
	}
	do
		if (strv_contains(word, "=") && !strv_contains(word, "\""))
			strlist_add_take(&d->env, strv_dup(word));
	while (next_word(&rest, &word));
}

static void read_instruction(struct dockerfile *d, struct strv text, unsigned line)
{
	struct strv rest = text, word;
	char *verb;

	if (!next_word(&rest, &word))
		return;
	verb = strv_dup(word);
	for (char *p = verb; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	rest = strv_trim(rest);
	if (strcmp(verb, "WORKDIR") == 0) {
		char *to = container_path(d->workdir, rest);

		free(d->workdir);
		d->workdir = to;
	} else if (strcmp(verb, "COPY") == 0 || strcmp(verb, "ADD") == 0) {
		read_copy(d, rest, line);
	} else if (strcmp(verb, "RUN") == 0) {
		read_run(d, rest, line);
	} else if (strcmp(verb, "ENV") == 0) {
		read_env(d, rest);
	}
	free(verb);
}

void dockerfile_parse(struct strv text, struct dockerfile *out)
{
	struct buf whole = BUF_INIT;
	struct strv line;
	unsigned number = 0, first = 0;

	*out = (struct dockerfile){ .workdir = xstrdup(DOCKER_SRC) };
	while (strv_line(&text, &line)) {
		struct strv t = strv_trim(line);
		bool goes_on = strv_ends(t, "\\");

		number++;
		if (!whole.len)
			first = number;
		/* inside of an instruction, too, it is none of it */
		if (t.len && t.s[0] == '#') {
			if (whole.len)
				buf_addch(&whole, '\n');
			continue;
		}
		buf_addv(&whole, goes_on ? strv_sub(t, 0, t.len - 1) : t);
		if (goes_on) {
			buf_addch(&whole, '\n');
			continue;
		}
		read_instruction(out, strv_n(buf_str(&whole), whole.len), first);
		buf_reset(&whole);
	}
	read_instruction(out, strv_n(buf_str(&whole), whole.len), first);
	buf_release(&whole);
}

void dockerfile_release(struct dockerfile *d)
{
	free(d->workdir);
	for (size_t i = 0; i < d->n_copies; i++) {
		strlist_release(&d->copies[i].from);
		free(d->copies[i].to);
	}
	free(d->copies);
	for (size_t i = 0; i < d->n_clones; i++) {
		free(d->clones[i].url);
		free(d->clones[i].to);
	}
	free(d->clones);
	for (size_t i = 0; i < d->n_rest; i++)
		free(d->rest[i].text);
	free(d->rest);
	strlist_release(&d->packages);
	strlist_release(&d->env);
	*d = (struct dockerfile){ 0 };
}

/* "zlib" of "zlib/contrib/" */
static char *first_part(const char *below)
{
	struct strv rest = strv_of(below), part;

	return strv_split(&rest, '/', &part) && part.len ? strv_dup(part) : NULL;
}

char *docker_project(const struct dockerfile *d, const char *name)
{
	const char *workdir = docker_below(d->workdir);

	for (size_t i = 0; i < d->n_copies; i++) {
		const char *below = docker_below(d->copies[i].to);

		if (d->copies[i].from.n == 1 &&
			(strcmp(d->copies[i].from.v[0], ".") == 0 ||
				strcmp(d->copies[i].from.v[0], "./") == 0) &&
			*below)
			return strv_dup(strv_ends(strv_of(below), "/")
						? strv_sub(strv_of(below), 0, strlen(below) - 1)
						: strv_of(below));
	}
	for (size_t i = 0; i < d->n_clones; i++) {
		const char *to = docker_below(d->clones[i].to);

		if (workdir && *to && strncmp(workdir, to, strlen(to)) == 0 &&
			(!workdir[strlen(to)] || workdir[strlen(to)] == '/'))
			return xstrdup(to);
	}
	for (size_t i = 0; i < d->n_clones; i++)
		if (strcmp(docker_below(d->clones[i].to), name) == 0)
			return xstrdup(name);
	if (d->n_clones && *docker_below(d->clones[0].to))
		return xstrdup(docker_below(d->clones[0].to));
	return workdir && *workdir ? first_part(workdir) : NULL;
}
