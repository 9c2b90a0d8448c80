/*
 * The linker without the compiler's driver in front of it. Loading clang takes longer than linking what most harnesses are, and
 * all that it does there is to write the linker's command line. So it is asked for that once (-###), with holes where paths
 * are, and the answer is kept for what is linked by the same words: the same flags, compiler, environment. What fails is linked
 * by the driver, whose words are the ones to tell.
 */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <stdlib.h>

#define FORMAT "thresh link 1"
#define ANSWER_MAX (1 << 20)
/* in front of a hole's number */
#define HOLE '\1'

/* What a driver goes by, besides its words. */
static const char *const asked_of[] = { "PATH", "LIBRARY_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX",
	"CCC_OVERRIDE_OPTIONS", "AFL_PATH", "AFL_CC", "AFL_CXX", "AFL_PRELOAD" };

static size_t hole_of(const struct direct_holes *h, const char *word)
{
	for (size_t i = 0; i < DIRECT_HOLES; i++)
		if (h->path[i] && strcmp(h->path[i], word) == 0)
			return i;
	return DIRECT_HOLES;
}

/* A word as it is kept. */
static void add_word(struct buf *b, const struct direct_holes *h, const char *word)
{
	size_t hole = hole_of(h, word);

	if (hole < DIRECT_HOLES)
		buf_addf(b, "%c%zu", HOLE, hole);
	else
		buf_adds(b, word);
	buf_addch(b, '\n');
}

char *direct_place(const char *dir, const char *identity, const struct strlist *argv,
	const char *const *env, const char *cwd, const struct direct_holes *h)
{
	struct hasher *hash = hasher_new();
	struct buf b = BUF_INIT;
	char key[SHA256_HEX];

	hasher_adds(hash, identity);
	hasher_adds(hash, cwd);
	for (size_t i = 0; i < argv->n; i++) {
		buf_reset(&b);
		add_word(&b, h, argv->v[i]);
		hasher_adds(hash, buf_str(&b));
	}
	for (; *env; env++)
		hasher_adds(hash, *env);
	for (size_t i = 0; i < ARRAY_LEN(asked_of); i++) {
		const char *value = getenv(asked_of[i]);

		hasher_adds(hash, value ? value : "");
	}
	hasher_end(hash, key);
	buf_release(&b);
	return xasprintf("%s/%.32s", dir, key);
}

/* The words of a line of -###: each in quotes, with a backslash before what would end them. */
static bool read_words(struct strv line, struct strlist *out)
{
	struct buf b = BUF_INIT;
	bool inside = false;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.s[i];

		if (inside && c == '\\' && i + 1 < line.len) {
			buf_addch(&b, line.s[++i]);
		} else if (c == '"') {
			if (inside)
				strlist_add(out, buf_str(&b));
			buf_reset(&b);
			inside = !inside;
		} else if (inside) {
			buf_addch(&b, c);
		} else if (c != ' ') {
			inside = true;
			break;
		}
	}
	buf_release(&b);
	return !inside && out->n > 0;
}

/* A command of the linker's that has each of our paths once, as a word of its own. */
static bool is_whole(const struct strlist *argv, const struct direct_holes *h)
{
	size_t seen[DIRECT_HOLES] = { 0 };

	for (size_t i = 0; i < argv->n; i++) {
		size_t hole = hole_of(h, argv->v[i]);

		if (hole < DIRECT_HOLES)
			seen[hole]++;
		if (argv->v[i][0] == HOLE || strchr(argv->v[i], '\n'))
			return false;
	}
	for (size_t i = 0; i < DIRECT_HOLES; i++)
		if (h->path[i] && seen[i] != 1)
			return false;
	return argv->n && argv->v[0][0] == '/' && fs_is_exe(argv->v[0]);
}

bool direct_read(struct strv said, const struct direct_holes *h, struct strlist *out)
{
	struct strv line;
	bool ok = true;

	/* more than one command is something else than linking */
	while (ok && strv_line(&said, &line))
		if (strv_starts(line, " \""))
			ok = out->n == 0 && read_words(line, out);
	ok = ok && is_whole(out, h);
	if (!ok)
		strlist_release(out);
	return ok;
}

void direct_save(const char *place, const struct direct_holes *h, const struct strlist *argv)
{
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;

	buf_adds(&b, FORMAT "\n");
	for (size_t i = 0; i < argv->n; i++)
		add_word(&b, h, argv->v[i]);
	buf_adds(&b, "end\n");
	if (fs_write(place, b.s, b.len, 0600, &err) < 0)
		log_debug("%s: the linker's words aren't remembered", err.msg);
	buf_release(&b);
}

bool direct_load(const char *place, const struct direct_holes *h, struct strlist *out)
{
	struct buf b = BUF_INIT;
	struct strv text, line;
	bool ok = false;

	if (fs_read(place, ANSWER_MAX, &b, NULL) < 0)
		return false;
	text = strv_n(buf_str(&b), b.len);
	if (strv_line(&text, &line) && strv_eqs(line, FORMAT))
		while (strv_line(&text, &line)) {
			size_t hole = line.len == 2 ? (size_t)(line.s[1] - '0') : DIRECT_HOLES;

			/* a file cut short isn't believed */
			if (strv_eqs(line, "end") && !text.len)
				ok = true;
			else if (line.len == 2 && line.s[0] == HOLE && hole < DIRECT_HOLES &&
				 h->path[hole])
				strlist_add(out, h->path[hole]);
			else
				strlist_add_take(out, strv_dup(line));
		}
	ok = ok && is_whole(out, h);
	if (!ok)
		strlist_release(out);
	buf_release(&b);
	return ok;
}
