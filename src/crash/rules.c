/*
 * Which frames aren't the project's: one table, one reason a row. Names are compared with the normalised
 * function; every rule is anchored: IS takes the whole name, STARTS its beginning, DIR and DIR_STARTS one
 * component of the file's path, MODULE the beginning of the module's base name. So free_node, new_parser,
 * main_loop and xassert_config are nobody's but the project's.
 *
 * RUNTIME frames leave both `frames` and the signature. LIBRARY frames are shown and not signed. An ENTRY
 * ends the stack. A BOUNDARY takes the frames above it along: what it calls are handlers a program may install.
 */
#include "base/prelude.h"
#include "crash/rules.h"
#include <pthread.h>

enum { RULES_MAX = 1200 };

struct rule_index {
	int16_t head[256], dir[256], mod[256], next[RULES_MAX];
	const struct rule *rule[RULES_MAX];
	int n;
};

static struct rule_index shared;

static void add_table(struct rule_index *ix, const struct rule_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (ix->n >= RULES_MAX)
			BUG("more than %d rules", RULES_MAX);
		ix->rule[ix->n++] = &t->rows[i];
	}
}

static void index_init(void)
{
	struct rule_index *ix = &shared;

	add_table(ix, &rules_runtime);
	add_table(ix, &rules_library);
	add_table(ix, &rules_handlers);
	memset(ix->head, -1, sizeof(ix->head));
	memset(ix->dir, -1, sizeof(ix->dir));
	memset(ix->mod, -1, sizeof(ix->mod));
	for (int i = ix->n; i--;) {
		unsigned c = pair_hash(ix->rule[i]->text);
		int16_t *head = ix->rule[i]->how == MODULE   ? ix->mod
				: ix->rule[i]->how <= STARTS ? ix->head
							     : ix->dir;

		ix->next[i] = head[c];
		head[c] = (int16_t)i;
	}
}

/* Made once, never changed after. */
const struct rule_index *rule_index(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, index_init);
	return &shared;
}

/* A rule that takes the frame out wins over one that only keeps it from signing. */
static const struct rule *match(const int16_t *head, const struct rule_index *ix, struct strv s)
{
	const struct rule *soft = NULL;

	if (s.len < 2)
		return NULL;
	for (int i = head[pair_hash(s.s)]; i >= 0; i = ix->next[i]) {
		const struct rule *r = ix->rule[i];
		size_t n = 0;

		while (n < s.len && r->text[n] == s.s[n] && r->text[n])
			n++;
		if (r->text[n])
			continue;
		if (s.len != n && r->how != STARTS && r->how != DIR_STARTS && r->how != MODULE)
			continue;
		if (r->class != RULE_LIBRARY)
			return r;
		soft = soft ? soft : r;
	}
	return soft;
}

/* An interceptor or allocator named after what it stands for: wrap_strlen, je_free; but wrap_text is the project's. */
static const struct rule *match_wrapped(const struct rule_index *ix, struct strv s)
{
	const struct rule *r;

	static const char *const prefixes[] = { "wrap_", "interceptor_", "replace_", "je_", "tc_",
		"__builtin_" };
	size_t i = 0;

	while (i < ARRAY_LEN(prefixes) && !strv_skip(&s, prefixes[i]))
		i++;
	if (i == ARRAY_LEN(prefixes))
		return NULL;
	r = match(ix->head, ix, s);
	return r && r->how == IS && r->class == RULE_RUNTIME ? r : NULL;
}

static const struct rule *match_path(const struct rule_index *ix, const char *path)
{
	const struct rule *soft = NULL;

	for (const char *s = path, *end; *s; s = end + 1) {
		const struct rule *r;

		for (end = s; *end && *end != '/' && *end != '\\';)
			end++;
		if (!*end)
			break; /* the file itself */
		r = match(ix->dir, ix, strv_n(s, (size_t)(end - s)));
		if (r && r->class == RULE_RUNTIME)
			return r;
		if (r)
			soft = r;
	}
	return soft;
}

enum rule_class rule_for(
	const struct rule_index *ix, const struct crash_frame *f, const char **rule)
{
	const struct rule *r = NULL, *soft = NULL;

	if (f->function && f->name) {
		r = match(ix->head, ix, strv_of(f->name));
		if (!r)
			r = match_wrapped(ix, strv_of(f->name));
		if (r && r->class == RULE_LIBRARY) {
			soft = r;
			r = NULL;
		}
	}
	if (!r && f->file && f->function) {
		r = match_path(ix, f->file);
		if (r && r->class == RULE_LIBRARY) {
			soft = soft ? soft : r;
			r = NULL;
		}
	}
	if (!r && f->module)
		r = match(ix->mod, ix, path_base(strv_of(f->module)));
	if (!r)
		r = soft;
	*rule = r ? r->why : NULL;
	return r ? r->class : RULE_KEEP;
}
