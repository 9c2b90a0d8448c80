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

enum { RULES_MAX = 1200, RULE_BUCKETS = 1024 };

/* Of the first three bytes, which every rule has. */
static unsigned rule_hash(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	return (u[0] * 7u + u[1] * 61u + u[2] * 257u) % RULE_BUCKETS;
}

struct rule_index {
	int16_t head[RULE_BUCKETS], dir[RULE_BUCKETS], mod[RULE_BUCKETS];
	struct {
		uint64_t head, mask; /* the text's first eight bytes, and which of them it has */
		uint16_t len;
		int16_t next;
		const struct rule *rule;
	} entry[RULES_MAX];
	int n;
};

static struct rule_index shared;

static void add_table(struct rule_index *ix, const struct rule_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (ix->n >= RULES_MAX)
			BUG("more than %d rules", RULES_MAX);
		if (strlen(t->rows[i].text) < 3)
			BUG("%s: a rule of fewer than three bytes", t->rows[i].text);
		ix->entry[ix->n].rule = &t->rows[i];
		ix->entry[ix->n].len = (uint16_t)strlen(t->rows[i].text);
		ix->entry[ix->n].head = head_of(t->rows[i].text, strlen(t->rows[i].text));
		ix->entry[ix->n++].mask = head_mask(strlen(t->rows[i].text));
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
		unsigned c = rule_hash(ix->entry[i].rule->text);
		int16_t *head = ix->entry[i].rule->how == MODULE   ? ix->mod
				: ix->entry[i].rule->how <= STARTS ? ix->head
								   : ix->dir;

		ix->entry[i].next = head[c];
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
	uint64_t here;

	if (s.len < 3)
		return NULL;
	here = head_of(s.s, s.len);
	for (int i = head[rule_hash(s.s)]; i >= 0; i = ix->entry[i].next) {
		const struct rule *r;
		size_t n = ix->entry[i].len;

		if ((here & ix->entry[i].mask) != ix->entry[i].head || s.len < n)
			continue;
		r = ix->entry[i].rule;
		if (n > 8 && memcmp(s.s + 8, r->text + 8, n - 8) != 0)
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

	if (!s.len || !strchr("wirjt_", *s.s))
		return NULL;
	while (i < ARRAY_LEN(prefixes) && !strv_skip(&s, prefixes[i]))
		i++;
	if (i == ARRAY_LEN(prefixes))
		return NULL;
	r = match(ix->head, ix, s);
	return r && r->how == IS && r->class == RULE_RUNTIME ? r : NULL;
}

/* Of the folders of a path, which ends in a separator. */
static const struct rule *match_folders(const struct rule_index *ix, struct strv path)
{
	const char *end = path.s + path.len;
	bool windows = strv_chr(path, '\\') != SIZE_MAX;
	const struct rule *soft = NULL;

	for (const char *s = path.s; s < end;) {
		const char *to = memchr(s, '/', (size_t)(end - s));
		const char *back = windows ? memchr(s, '\\', (size_t)((to ? to : end) - s)) : NULL;
		const struct rule *r;

		to = back ? back : to;
		if (!to)
			break;
		r = match(ix->dir, ix, strv_n(s, (size_t)(to - s)));
		if (r && r->class == RULE_RUNTIME)
			return r;
		if (r)
			soft = r;
		s = to + 1;
	}
	return soft;
}

/* The frames of a stack are in few folders, and each folder is asked for once. */
static const struct rule *match_path(
	const struct rule_index *ix, struct rule_memo *memo, struct strv path)
{
	size_t n = path.len - path_base(path).len;
	struct rule_folder *at = &memo->folder[n % ARRAY_LEN(memo->folder)];

	if (!n)
		return NULL;
	if (at->len != n || memcmp(at->path, path.s, n) != 0)
		*at = (struct rule_folder){ path.s, n, match_folders(ix, strv_sub(path, 0, n)) };
	return at->rule;
}

enum rule_class rule_for(const struct rule_index *ix, struct rule_memo *memo,
	const struct crash_frame *f, const char **rule)
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
		r = match_path(ix, memo, strv_of(f->file));
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
