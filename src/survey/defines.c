#include "base/prelude.h"
#include "survey/defines.h"

/* Behind the bracket that closes the one it begins with; empty where none does. */
static struct strv behind_brackets(struct strv v)
{
	int depth = 0;

	for (size_t i = 0; i < v.len; i++) {
		depth += v.s[i] == '(' ? 1 : v.s[i] == ')' ? -1 : 0;
		if (!depth)
			return strv_from(v, i + 1);
	}
	return strv_from(v, v.len);
}

bool defines_function(struct strv text, const char *name)
{
	size_t at;

	for (char before = ' '; (at = strv_find(text, name)) != SIZE_MAX;) {
		struct strv rest = strv_trim(strv_from(text, at + strlen(name)));
		char left = at ? text.s[at - 1] : before;

		if (!strv_is_word(left) && rest.len && rest.s[0] == '(') {
			struct strv body = strv_trim(behind_brackets(rest));

			if (body.len && body.s[0] == '{')
				return true;
		}
		before = name[strlen(name) - 1];
		text = strv_from(text, at + strlen(name));
	}
	return false;
}
