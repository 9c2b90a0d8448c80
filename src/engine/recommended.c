/*
 * Between two lines with "Recommended dictionary" libFuzzer prints tokens that made inputs interesting, as `"\x00abc" # Uses:
 * 12`: a form that it doesn't read itself. The target prints into the same pipe, so what is taken is a token in its quotes
 * and nothing else; whoever reads the file is strict about the rest.
 */
#include "base/prelude.h"
#include "engine/recommended.h"
#include "base/buf.h"
#include "base/dir.h"

#define TOKENS_MAX 64
/* four characters a byte, of 64 */
#define TOKEN_LEN_MAX 280
#define RECOMMENDED_MAX ((uint64_t)64 << 10)

void recommended_line(struct recommended *r, struct strv line)
{
	size_t end;

	if (strv_contains(line, "Recommended dictionary. ###")) {
		r->inside = true;
		return;
	}
	if (strv_contains(line, "End of recommended dictionary"))
		r->inside = false;
	end = strv_find(line, "\" # Uses: ");
	if (!r->inside || end == SIZE_MAX || !end || end > TOKEN_LEN_MAX || *line.s != '"' ||
		r->tokens.n >= TOKENS_MAX)
		return;
	strlist_add_take(&r->tokens, strv_dup(strv_sub(line, 0, end + 1)));
}

void recommended_save(const struct recommended *r, int work_dir)
{
	struct buf old = BUF_INIT, out = BUF_INIT;
	struct strlist all = STRLIST_INIT;
	struct strv rest, line;

	if (!r->tokens.n)
		return;
	dir_read(work_dir, RECOMMENDED_FILE, RECOMMENDED_MAX, &old, NULL);
	for (size_t i = 0; i < r->tokens.n; i++)
		strlist_add_once(&all, r->tokens.v[i]);
	rest = strv_n(buf_str(&old), old.len);
	while (all.n < TOKENS_MAX && strv_line(&rest, &line)) {
		char *token = strv_dup(line);

		if (*token == '"')
			strlist_add_once(&all, token);
		free(token);
	}
	buf_adds(&out, "# What libFuzzer found to be of use, the newest first\n");
	for (size_t i = 0; i < all.n; i++)
		buf_adds2(&out, all.v[i], "\n");
	dir_write(work_dir, RECOMMENDED_FILE, out.s, out.len, NULL);
	strlist_release(&all);
	buf_release(&old);
	buf_release(&out);
}

void recommended_release(struct recommended *r)
{
	strlist_release(&r->tokens);
}
