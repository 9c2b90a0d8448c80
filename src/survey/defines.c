/* In one pass, with what stands in front of each open bracket kept: a source may have as many of them as it likes. */
#include "base/prelude.h"
#include "survey/defines.h"

/* of brackets that are open at once; what is within more of them isn't looked at */
#define DEPTH 4096

/* Does the text end in this name, blanks apart? */
static bool ends_in_name(struct strv text, const char *name)
{
	size_t n = strlen(name);

	while (text.len && strv_is_space(text.s[text.len - 1]))
		text.len--;
	return strv_ends(text, name) && (text.len == n || !strv_is_word(text.s[text.len - n - 1]));
}

bool defines_function(struct strv text, const char *name)
{
	bool named[DEPTH];
	size_t depth = 0;

	for (size_t i = MIN(strv_find(text, name), text.len); i < text.len; i++) {
		if (text.s[i] == '(') {
			if (depth < DEPTH)
				named[depth] = ends_in_name(strv_sub(text, 0, i), name);
			depth++;
		} else if (text.s[i] == ')' && depth && --depth < DEPTH && named[depth]) {
			struct strv body = strv_trim_start(strv_from(text, i + 1));

			if (body.len && body.s[0] == '{')
				return true;
		}
	}
	return false;
}
