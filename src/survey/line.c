/* Quotes of both kinds; a backslash counts inside of them, too. */
#include "base/prelude.h"
#include "survey/line.h"
#include "base/buf.h"
#include "base/mem.h"

void line_words(struct strv text, struct strlist *out)
{
	struct buf word = BUF_INIT;
	char quote = 0;
	bool any = false;

	for (size_t i = 0; i <= text.len; i++) {
		char c = i < text.len ? text.s[i] : '\n';

		if (c == '\\' && i + 1 < text.len) {
			buf_addch(&word, text.s[++i]);
			any = true;
		} else if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? 0 : c;
			any = true;
		} else if (!quote && strv_is_space(c)) {
			if (any)
				strlist_add(out, buf_str(&word));
			buf_reset(&word);
			any = false;
		} else {
			buf_addch(&word, c);
			any = true;
		}
	}
	buf_release(&word);
}
