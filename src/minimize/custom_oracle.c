/* The words of --check's command, without a shell. */
#include "base/prelude.h"
#include "minimize/custom_oracle.h"
#include "base/buf.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

int custom_oracle_words(const char *command, struct strlist *argv, struct err *err)
{
	struct buf word = BUF_INIT;
	const char *p = command;
	size_t before = argv->n;
	bool in = false;
	char quote = 0;

	for (; *p; p++) {
		if (!quote && is_blank(*p)) {
			if (in)
				strlist_add(argv, buf_str(&word));
			in = false;
			buf_reset(&word);
			continue;
		}
		in = true;
		if (quote ? *p == quote : *p == '\'' || *p == '"') {
			quote = quote ? 0 : *p;
		} else if (*p == '\\' && quote != '\'' && p[1]) {
			/* inside "..", only what would end or escape is escaped */
			if (quote && p[1] != '"' && p[1] != '\\')
				buf_addch(&word, '\\');
			buf_addch(&word, *++p);
		} else {
			buf_addch(&word, *p);
		}
	}
	if (in)
		strlist_add(argv, buf_str(&word));
	buf_release(&word);
	if (quote)
		return err_usage(err, "%s: a %c that isn't closed", command, quote);
	if (argv->n == before)
		return err_usage(err, "the check is an empty command");
	return 0;
}
