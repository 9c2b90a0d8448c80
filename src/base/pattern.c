/*
 * Regular expressions, which come from a project's file: PCRE2 with bounds on length, nesting and steps, so that no
 * expression takes for ever. Out of memory ends the program, as everywhere.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/prelude.h"
#include "base/pattern.h"
#include "base/mem.h"
#include <pcre2.h>

#define LENGTH_MAX 256
#define NESTING_MAX 32
/* of one match; what takes longer doesn't match */
#define STEPS_MAX 100000

struct pattern {
	pcre2_general_context *memory;
	pcre2_compile_context *how;
	pcre2_match_context *limits;
	pcre2_code *code;
	pcre2_match_data *match;
};

static void *take(size_t n, void *arg)
{
	(void)arg;
	return xmalloc(n);
}

static void give(void *p, void *arg)
{
	(void)arg;
	free(p);
}

struct pattern *pattern_new(struct strv text, struct err *err)
{
	struct pattern *p = xcalloc(1, sizeof(*p));
	unsigned char words[160];
	PCRE2_SIZE at;
	int code;

	p->memory = pcre2_general_context_create(take, give, NULL);
	p->how = pcre2_compile_context_create(p->memory);
	p->limits = pcre2_match_context_create(p->memory);
	pcre2_set_max_pattern_length(p->how, LENGTH_MAX);
	pcre2_set_parens_nest_limit(p->how, NESTING_MAX);
	pcre2_set_match_limit(p->limits, STEPS_MAX);
	pcre2_set_depth_limit(p->limits, STEPS_MAX);
	/* names are bytes, in whatever encoding the compiler had: UTF would refuse some of them */
	p->code = pcre2_compile((PCRE2_SPTR)text.s, text.len,
		PCRE2_ANCHORED | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, p->how);
	if (!p->code) {
		pcre2_get_error_message(code, words, sizeof(words));
		err_set(err, "%s", (char *)words);
		pattern_free(p);
		return NULL;
	}
	p->match = pcre2_match_data_create(1, p->memory);
	return p;
}

bool pattern_matches(const struct pattern *p, struct strv name)
{
	/* it takes NULL for an error, also where nothing is to be read */
	return pcre2_match(p->code, (PCRE2_SPTR)(name.len ? name.s : ""), name.len, 0, 0, p->match,
		       p->limits) >= 0;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_match_data_free(p->match);
	pcre2_code_free(p->code);
	pcre2_match_context_free(p->limits);
	pcre2_compile_context_free(p->how);
	pcre2_general_context_free(p->memory);
	free(p);
}
