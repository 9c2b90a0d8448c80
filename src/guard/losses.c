/* A function that is still in its source and that no input gets to, or lines of it. */
#include "base/prelude.h"
#include "guard/losses.h"
#include "base/fs.h"
#include "guard/gather.h"

#define SOURCE_MAX ((uint64_t)16 << 20)

/* "ns::parse<int>(char const*)" is written "parse" where it is defined. */
static struct strv plain_name(const char *function)
{
	struct strv v = strv_of(function);
	size_t end = strv_chr(v, '('), colon;

	v = strv_sub(v, 0, end == SIZE_MAX ? v.len : end);
	end = strv_chr(v, '<');
	v = strv_sub(v, 0, end == SIZE_MAX ? v.len : end);
	colon = strv_rchr(v, ':');
	return colon == SIZE_MAX ? v : strv_from(v, colon + 1);
}

/* Its name is a word of its file: whoever took the function out knows that nothing reaches it. */
static bool still_there(void *arg, const char *function, const char *file)
{
	const struct project *p = arg;
	struct strv name = plain_name(function), text;
	char *path = fs_join(p->cfg->dir, file), *word = strv_dup(name);
	struct buf b = BUF_INIT;
	bool there = false;

	if (name.len && fs_read(path, SOURCE_MAX, &b, NULL) == 0) {
		text = strv_n(buf_str(&b), b.len);
		for (size_t at; !there && (at = strv_find(text, word)) != SIZE_MAX;
			text = strv_from(text, at + 1))
			there = (!at || !strv_is_word(text.s[at - 1])) &&
				(at + name.len == text.len || !strv_is_word(text.s[at + name.len]));
	}
	buf_release(&b);
	free(path);
	free(word);
	return there;
}

int losses_find(const struct losses_of *of, const struct reach *before, struct reach *now,
	struct reach_losses *out, struct err *err)
{
	struct strlist witnesses = STRLIST_INIT;
	int rc = 0;

	reach_compare(before, now, of->names, still_there, of->p, out);
	for (size_t i = 0; i < out->n; i++)
		for (size_t k = 0; k < out->v[i].witnesses.n; k++)
			strlist_add_once(&witnesses, out->v[i].witnesses.v[k]);
	if (witnesses.n)
		rc = gather(
			of->p, of->h, of->dir, &witnesses, GATHER_OFTEN, of->until_ms, now, err);
	reach_losses_release(out);
	if (rc == 0 && witnesses.n)
		reach_compare(before, now, of->names, still_there, of->p, out);
	strlist_release(&witnesses);
	return rc;
}
