/* Reads a fuzzing dictionary (AFL++'s and libFuzzer's format) for its tokens. Lines that aren't one are passed over. */
#include "base/prelude.h"
#include "corpus/dictionary.h"
#include "base/fs.h"
#include "base/num.h"

#define DICT_MAX (16u << 20)

/* name="text" with \\, \" and \xNN; false when the line is none, or holds a NUL, which no string can. */
static bool token_of(struct strv line, struct buf *out)
{
	size_t open, close;

	buf_reset(out);
	line = strv_trim(line);
	open = strv_chr(line, '"');
	close = strv_rchr(line, '"');
	if (!line.len || line.s[0] == '#' || open == SIZE_MAX || close <= open)
		return false;
	line = strv_sub(line, open + 1, close - open - 1);
	for (size_t i = 0; i < line.len; i++) {
		uint64_t c = (unsigned char)line.s[i];

		if (c == '\\' && i + 3 < line.len && line.s[i + 1] == 'x') {
			if (num_hex(strv_sub(line, i + 2, 2), &c) < 0)
				return false;
			i += 3;
		} else if (c == '\\' && i + 1 < line.len) {
			c = (unsigned char)line.s[++i];
		}
		if (!c)
			return false;
		buf_addch(out, (int)c);
	}
	return out->len > 0;
}

int dictionary_tokens(const char *path, struct strlist *tokens, struct err *err)
{
	struct buf text = BUF_INIT, token = BUF_INIT;
	struct strv rest, line;
	int rc = fs_read(path, DICT_MAX, &text, err);

	rest = strv_n(buf_str(&text), text.len);
	while (rc == 0 && strv_line(&rest, &line))
		if (token_of(line, &token) && !strlist_has(tokens, buf_str(&token)))
			strlist_add(tokens, buf_str(&token));
	buf_release(&text);
	buf_release(&token);
	return rc;
}
