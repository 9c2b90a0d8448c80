/*
 * Only beside a text: a NUL that bytes have anywhere would cut them in two. What may as well be a file's name has to be
 * looked up by its function's name.
 */
#include "base/prelude.h"
#include "scaffold/asked.h"
#include "scaffold/words.h"

bool asked_by_name(const struct proto *p, size_t i)
{
	static const char *const sure[] = { "pattern", "pat", "regex", "regexp", "glob", "expr",
		"expression", "query", "xpath", "jsonpath", "selector", "needle", "wildcard",
		"search", NULL };
	static const char *const maybe[] = { "path", "key", "name", "field", "attr", "attribute",
		"property", "section", "entry", "group", "pointer", "ptr", "tag", "elem", "element",
		"node", "filter", NULL };
	static const char *const asking[] = { "get", "getn", "find", "lookup", "query", "select",
		"search", "match", "eval", "extract", "has", "contains", "xpath", "pointer",
		"value", NULL };
	static const char *const files[] = { "file", "open", "load", "read", "save", "write", "dir",
		"path", NULL };
	const char *name = p->params[i].name;

	if (words_have_any(name, sure))
		return true;
	return words_have_any(name, maybe) && words_have_any(p->name, asking) &&
	       !words_have_any(p->name, files) && !words_have(name, "file") &&
	       !words_have(name, "filename");
}

static bool has_length(const struct proto *p, size_t i)
{
	for (size_t k = 0; k < p->n_params; k++)
		if ((p->params[k].role == ROLE_LENGTH || p->params[k].role == ROLE_END ||
			    p->params[k].role == ROLE_LENGTH_P) &&
			p->params[k].of == i)
			return true;
	return false;
}

/* It says how something is done: no text that anything is asked of. */
static bool says_how(const char *name)
{
	static const char *const words[] = { "flag", "flags", "opt", "opts", "option", "options",
		"mode", "modifiers", "locale", "lang", "language", "encoding", "enc", "charset",
		"codepage", "sep", "separator", "delim", "delimiter", "delimiters", "format", "fmt",
		"title", NULL };

	return words_have_any(name, words);
}

/* In front of a text that it is asked of, as what matches has it? What an evaluator has there is the program, and the rest goes into it. */
static bool is_asked_of(const struct proto *p, size_t i, size_t text)
{
	static const char *const asking[] = { "match", "matches", "fnmatch", "wildmatch", "find",
		"search", "get", "select", "lookup", "grep", "test", "contains", "extract", "count",
		"replace", NULL };

	return i > text || words_have_any(p->name, asking);
}

/* The text that is the input, other than i; SIZE_MAX: it is none. */
static size_t find_text(const struct proto *p, size_t i)
{
	for (size_t k = 0; k < p->n_params; k++) {
		const struct proto_param *q = &p->params[k];

		if (k != i && strcmp(q->canon, "char") == 0 && !q->bound && !says_how(q->name) &&
			(q->role == ROLE_TEXT || q->role == ROLE_DATA || q->role == ROLE_DATA_COPY))
			return k;
	}
	return SIZE_MAX;
}

/* What a pattern is matched with is the text, though it may be called a name. */
static void take_matched(struct proto *p)
{
	static const char *const matching[] = { "match", "fnmatch", "wildmatch", "matches", NULL };
	size_t pattern = SIZE_MAX, name = SIZE_MAX;

	for (size_t i = 0; i < p->n_params; i++) {
		if (p->params[i].role == ROLE_TEXT && asked_by_name(p, i))
			pattern = i;
		else if (p->params[i].role == ROLE_NAME && name == SIZE_MAX)
			name = i;
	}
	if (p->parts == 1 && pattern != SIZE_MAX && name != SIZE_MAX &&
		words_have_any(p->name, matching) && !asked_by_name(p, name) &&
		!says_how(p->params[name].name)) {
		p->params[name].role = ROLE_TEXT;
		p->params[pattern].role = ROLE_NAME;
	}
}

bool asked_takes(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].role == ROLE_ASKED)
			return true;
	return false;
}

void asked_take(struct proto *p)
{
	take_matched(p);
	for (size_t i = 0; i < p->n_params; i++) {
		struct proto_param *q = &p->params[i];
		size_t text;

		if ((q->role != ROLE_NAME && !(q->role == ROLE_TEXT && p->parts == 2)) ||
			q->bound || strcmp(q->canon, "char") != 0 || has_length(p, i) ||
			!asked_by_name(p, i) || (text = find_text(p, i)) == SIZE_MAX ||
			(q->role == ROLE_TEXT && !is_asked_of(p, i, text)) ||
			(q->role == ROLE_NAME && p->parts != 1))
			continue;
		q->role = ROLE_ASKED;
		q->part = 0;
		p->parts = 1;
		for (size_t k = 0; k < p->n_params; k++)
			p->params[k].part = 0;
		return;
	}
}
