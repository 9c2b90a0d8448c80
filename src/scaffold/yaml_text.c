/* Written by hand, so that it has comments and the order that people read. */
#include "base/prelude.h"
#include "scaffold/yaml_text.h"
#include "base/fs.h"
#include "config/names.h"
#include <ctype.h>

void yaml_scalar(struct buf *b, const char *s)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y",
		"n", NULL };
	size_t len = strlen(s);
	bool plain =
		(isalpha((unsigned char)*s) || strchr("_./", *s)) && len &&
		strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") ==
			len;

	for (size_t i = 0; words[i]; i++)
		plain = plain && strcasecmp(words[i], s) != 0;
	if (plain && strcmp(s, ".") != 0 && !isdigit((unsigned char)s[len > 1])) {
		buf_adds(b, s);
		return;
	}
	buf_addch(b, '\'');
	for (; *s; s++)
		buf_adds(b, *s == '\'' ? "''" : (char[]){ *s, 0 });
	buf_addch(b, '\'');
}

static void add_list(struct buf *b, const char *key, const struct strlist *l)
{
	if (!l->n)
		return;
	buf_addf(b, "  %s:\n", key);
	for (size_t i = 0; i < l->n; i++) {
		buf_adds(b, "    - ");
		yaml_scalar(b, l->v[i]);
		buf_addch(b, '\n');
	}
}

/* Comments hold what a build's words and paths hold: one line, whatever that is. YAML's lines end at NEL, LS and PS, too. */
static void add_comment(struct buf *b, const char *text)
{
	static const char *const breaks[] = { "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9" };

	while (*text) {
		size_t n = iscntrl((unsigned char)*text) ? 1 : 0;

		for (size_t i = 0; i < ARRAY_LEN(breaks); i++)
			if (strncmp(text, breaks[i], strlen(breaks[i])) == 0)
				n = strlen(breaks[i]);
		buf_addch(b, n ? ' ' : *text);
		text += n ? n : 1;
	}
}

static void add_build(struct buf *b, const struct yaml_build *y)
{
	if (y->script) {
		buf_adds(b, "# The project's own script; a Dockerfile beside it says what it finds "
			    "where.\nbuild:\n  script: ");
		yaml_scalar(b, y->script);
		buf_addch(b, '\n');
		add_list(b, "sanitizers", &y->sanitizers);
		return;
	}
	if (!y->sources.n && !y->include.n) {
		buf_adds(b, "# TODO: what the code under test is compiled from.\n"
			    "#build:\n#  sources: ['src/*.c']\n#  include: [include]\n");
		return;
	}
	buf_adds(b, "# The code under test, compiled into each harness.");
	if (y->ran) {
		buf_adds(b, " Found out by one build of a copy:\n# ");
		add_comment(b, y->ran);
	}
	if (y->generated)
		buf_addf(b, "\n# %s holds what that made; it is to be kept with the harnesses.",
			y->generated);
	buf_adds(b, "\nbuild:\n");
	add_list(b, "sources", &y->sources);
	add_list(b, "include", &y->include);
	add_list(b, "cflags", &y->cflags);
	add_list(b, "cxxflags", &y->cxxflags);
	add_list(b, "ldflags", &y->ldflags);
}

void yaml_block(struct buf *out, const struct buf *block, bool leaves)
{
	buf_addv(out, strv_n(buf_str(block), block->len));
	if (leaves)
		buf_adds(out, "    # it doesn't end all that it makes or gets; where it does, take "
			      "this out\n"
			      "    leaks: false\n");
}

void yaml_text(struct buf *out, const char *dir, const struct yaml_build *y, const char *blocks)
{
	char *abs = fs_abspath(dir);
	const char *project = y->project ? y->project : fs_basename(abs);

	buf_adds(out,
		"# What thresh fuzzes here. Every key: thresh help --markdown, or thresh(1).\n"
		"version: 1\n");
	if (config_name_ok(strv_of(project))) {
		buf_adds(out, "project: ");
		yaml_scalar(out, project);
		buf_addch(out, '\n');
	}
	buf_adds(out, "\n");
	add_build(out, y);
	buf_addf(out, "\nharnesses:\n%s", blocks);
	free(abs);
}
