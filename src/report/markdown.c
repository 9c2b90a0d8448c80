/* Markdown is read on sites that act on it: a name becomes a mention, a number a link. */
#include "base/prelude.h"
#include "report/markdown.h"
#include "base/escape.h"

void markdown_text(struct buf *out, const char *text)
{
	struct buf clean = BUF_INIT;

	escape_term(&clean, strv_of(text));
	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.s[i];

		if (strchr("&<>\"'", c)) {
			escape_html(out, strv_n(&clean.s[i], 1));
			continue;
		}
		if (strchr("\\`*_{}[]()#+!|~", c))
			buf_addch(out, '\\');
		buf_addch(out, c);
		/* a zero-width blank: the name is no mention any more */
		if (c == '@')
			buf_adds(out, "\xe2\x80\x8b");
	}
	buf_release(&clean);
}

static size_t longest_run(struct strv text, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text.len; i++) {
		run = text.s[i] == c ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	return longest;
}

/* Indenting wouldn't do: behind a list it only goes on with the list. */
void markdown_code(struct buf *out, const char *text)
{
	struct buf clean = BUF_INIT;
	size_t fence;

	escape_term_text(&clean, strv_of(text));
	fence = MAX(longest_run(strv_n(buf_str(&clean), clean.len), '`') + 1, (size_t)3);
	for (size_t i = 0; i < fence; i++)
		buf_addch(out, '`');
	buf_addf(out, "\n%s", buf_str(&clean));
	if (clean.len && clean.s[clean.len - 1] != '\n')
		buf_addch(out, '\n');
	for (size_t i = 0; i < fence; i++)
		buf_addch(out, '`');
	buf_addch(out, '\n');
	buf_release(&clean);
}
