/*
 * The tree to struct config: walks each map beside the rows of config_keys that belong to it, then checks what only
 * the whole can tell (that a target exists, that a subset is one).
 *
 * A section is the path of its keys without the last word: "build", "harnesses.*". What is below a name of `targets`
 * is read as "build".
 */
#include "base/prelude.h"
#include "config/parse.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/mem.h"
#include "config/internal.h"

/* Where each row's value was found in one map; NULL: not there. */
struct found {
	const struct node *value[READER_KEYS_MAX];
};

struct parse {
	struct reader r;
	struct found *harnesses; /* one a harness */
	const char **default_engines;
};

static size_t n_keys(void)
{
	size_t n = 0;

	while (config_keys[n].path)
		n++;
	if (n > READER_KEYS_MAX)
		BUG("%zu rows of config_keys", n);
	return n;
}

static struct strv key_section(const struct config_key *key)
{
	const char *leaf = key_leaf(key);

	return strv_n(key->path, leaf == key->path ? 0 : (size_t)(leaf - key->path) - 1);
}

static const struct config_key *find_key(const char *section, struct strv leaf)
{
	for (const struct config_key *k = config_keys; k->path; k++)
		if (strv_eqs(key_section(k), section) && strv_eqs(leaf, key_leaf(k)))
			return k;
	return NULL;
}

static size_t row_of(const char *section, const char *leaf)
{
	const struct config_key *k = find_key(section, strv_of(leaf));

	if (!k)
		BUG("no row for %s in %s", leaf, section);
	return (size_t)(k - config_keys);
}

/* What is wrong with an unknown key: misspelt, or right elsewhere. */
static int unknown_key(struct reader *r, const char *section, const struct node *k)
{
	const char *words[READER_KEYS_MAX], *near, *hint = "";
	size_t n = 0;

	for (const struct config_key *c = config_keys; c->path; c++)
		if (strv_eqs(key_section(c), section))
			words[n++] = key_leaf(c);
	near = config_nearest(k->text, words, n);
	if (near)
		hint = arena_printf(r->doc.arena, "; did you mean \"%s\"?", near);
	/* no misspelling: a right key at the wrong place, as a wrong indentation makes it */
	for (const struct config_key *c = config_keys; !*hint && c->path; c++) {
		struct strv home = key_section(c);

		if (!strv_eqs(k->text, key_leaf(c)))
			continue;
		if (strv_ends(home, ".*"))
			hint = "; it belongs to a harness";
		else if (home.len)
			hint = arena_printf(r->doc.arena, "; it belongs below \"%s\"",
				arena_strv(r->doc.arena, home));
		else
			hint = "; it belongs at the left margin";
	}
	return doc_error_at(&r->doc, k, r->err, "unknown key %s%s%s", doc_quote(&r->doc, k->text),
		*r->where ? r->where : "", hint);
}

/* Defaults are written as YAML in the table; only words and flat lists of words occur. */
static void set_default(struct reader *r, const struct config_key *key, void *base)
{
	struct node list = { .kind = NODE_LIST }, items[8] = { { 0 } }, one = { .plain = true };
	struct strv text = strv_of(key->def), part;
	size_t n = 0;

	/* in brackets stands what only words can say: "(the format's)" */
	if (!key->def || key->def[0] == '(')
		return;
	one.text = text;
	if (strv_skip(&text, "[")) {
		text.len -= 1;
		while (n < ARRAY_LEN(items) && strv_split(&text, ',', &part)) {
			part = strv_trim(part);
			if (!part.len)
				continue;
			items[n].plain = true;
			items[n].text = strv_n(arena_strv(&r->c->arena, part), part.len);
			if (n)
				items[n - 1].next = &items[n];
			n++;
		}
		list.first = n ? &items[0] : NULL;
	}
	/* the file's own budget stays whole */
	r->budget += n;
	if (value_set(r, key, list.first || strcmp(key->def, "[]") == 0 ? &list : &one, base) < 0)
		BUG("default of %s: %s", key->path, r->err ? r->err->msg : "");
}

static void set_defaults(struct reader *r, const char *section, void *base)
{
	for (const struct config_key *k = config_keys; k->path; k++)
		if (strv_eqs(key_section(k), section))
			set_default(r, k, base);
}

static int read_named(struct parse *p, const struct config_key *key, const struct node *n);
static int read_section(struct parse *p, const char *section, const char *where,
	const struct node *n, void *base, struct found *found);

static int read_value(
	struct parse *p, const struct config_key *key, const struct node *v, void *base)
{
	struct config *c = p->r.c;
	const char *name = key_leaf(key);
	bool build = strcmp(name, "build") == 0;

	if (key->kind == CONFIG_NAMED)
		return read_named(p, key, v);
	if (key->kind != CONFIG_SECTION)
		return value_set(&p->r, key, v, base);
	if (build)
		c->builds[0].line = node_value(v)->line;
	return read_section(p, name, arena_printf(p->r.doc.arena, " in %s", name), v,
		build ? (void *)&c->builds[0] : (void *)c, NULL);
}

static int read_map(struct parse *p, const char *section, const struct node *map, void *base,
	struct found *found);

/* `<<: *other` or `<<: [*a, *b]`: keys of those maps that weren't said here, earlier maps first. */
static int merge(
	struct parse *p, const char *section, const struct node *n, void *base, struct found *found)
{
	struct reader *r = &p->r;
	const struct node *v = node_value(n), *item = v->kind == NODE_LIST ? v->first : NULL;

	if (v->kind == NODE_MAP)
		return read_map(p, section, v, base, found);
	if (v->kind != NODE_LIST)
		return doc_error_at(&r->doc, n, r->err, "\"<<\"%s: expected a map, got %s",
			r->where, node_describe(n));
	for (; item; item = item->next) {
		if (node_value(item)->kind != NODE_MAP)
			return doc_error_at(&r->doc, item, r->err,
				"\"<<\"%s: expected a map, got %s", r->where, node_describe(item));
		if (reader_spend(r, item) < 0 ||
			read_map(p, section, node_value(item), base, found) < 0)
			return -1;
	}
	return 0;
}

static int duplicate(struct reader *r, const struct node *k, unsigned first)
{
	return doc_error_at(&r->doc, k, r->err, "duplicate key %s%s; first on line %u",
		doc_quote(&r->doc, k->text), r->where, first);
}

static int read_map(struct parse *p, const char *section, const struct node *map, void *base,
	struct found *found)
{
	/* line of each row's key in this very map: what comes by a merge isn't a duplicate */
	unsigned own[READER_KEYS_MAX] = { 0 };
	const struct node *merged = NULL, *v;
	struct reader *r = &p->r;

	for (const struct node *pair = map->first; pair; pair = v->next) {
		const struct node *k = node_value(pair);
		const struct config_key *key;
		size_t row;

		v = pair->next;
		if (reader_spend(r, pair) < 0)
			return -1;
		if (k->kind != NODE_SCALAR)
			return doc_error_at(&r->doc, k, r->err, "a key%s can't be %s", r->where,
				node_describe(k));
		if (*section && k->plain && strv_eqs(k->text, "<<")) {
			if (merged)
				return duplicate(r, k, merged->line);
			merged = v;
			continue;
		}
		key = find_key(section, k->text);
		if (!key)
			return unknown_key(r, section, k);
		row = (size_t)(key - config_keys);
		if (own[row])
			return duplicate(r, k, own[row]);
		own[row] = k->line;
		/* merged in, but said nearer */
		if (found->value[row])
			continue;
		found->value[row] = v;
		if (read_value(p, key, v, base) < 0)
			return -1;
	}
	return merged ? merge(p, section, merged, base, found) : 0;
}

static int check_required(
	struct reader *r, const char *section, const struct node *n, const struct found *found)
{
	for (size_t i = 0; config_keys[i].path; i++)
		if (config_keys[i].required && !found->value[i] &&
			strv_eqs(key_section(&config_keys[i]), section))
			return doc_error_at(
				&r->doc, n, r->err, "no \"%s\"%s", config_keys[i].path, r->where);
	return 0;
}

static int read_section(struct parse *p, const char *section, const char *where,
	const struct node *n, void *base, struct found *found)
{
	struct found own = { { NULL } };
	struct reader *r = &p->r;
	const char *outer = r->where;
	const struct node *map = node_value(n);
	int rc;

	found = found ? found : &own;
	r->where = where;
	if (map->kind != NODE_MAP)
		return doc_error_at(&r->doc, map, r->err, "expected a map of keys%s, got %s", where,
			node_describe(map));
	rc = read_map(p, section, map, base, found);
	if (rc == 0)
		rc = check_required(r, section, map, found);
	r->where = outer;
	return rc;
}

/* One name of `harnesses` or `targets`: fit for a file name, and new. */
static int check_name(struct reader *r, const char *what, const struct node *k, size_t n,
	const char *(*name_at)(const struct config *c, size_t i), const struct node *map)
{
	const struct node *before = map->first;

	if (k->kind != NODE_SCALAR || !config_name_ok(k->text))
		return doc_error_at(&r->doc, k, r->err,
			"%s is no name of a %s: letters, digits, \"_\", \".\" and \"-\", starting "
			"with "
			"a letter, digit or \"_\", at most %d",
			k->kind == NODE_SCALAR ? doc_quote(&r->doc, k->text) : node_describe(k),
			what, CONFIG_NAME_MAX);
	for (size_t i = 0; i < n; i++, before = before->next->next)
		if (strv_eqs(k->text, name_at(r->c, i)))
			return duplicate(r, k, node_value(before)->line);
	return 0;
}

static const char *harness_name(const struct config *c, size_t i)
{
	return c->harnesses[i].name;
}

static const char *target_name(const struct config *c, size_t i)
{
	return c->builds[i + 1].name;
}

static int read_harness(struct parse *p, const struct node *k, const struct node *v)
{
	struct config *c = p->r.c;
	struct config_harness *h = &c->harnesses[c->n_harnesses];
	const char *where = arena_printf(p->r.doc.arena, " in harness %s", k->text.s);

	set_defaults(&p->r, "harnesses.*", h);
	h->name = k->text.s;
	h->line = k->line;
	return read_section(p, "harnesses.*", where, v, h, &p->harnesses[c->n_harnesses++]);
}

static int read_target(struct parse *p, const struct node *k, const struct node *v)
{
	struct config *c = p->r.c;
	struct config_build *b = &c->builds[c->n_builds];
	const char *where = arena_printf(p->r.doc.arena, " in target %s", k->text.s);

	set_defaults(&p->r, "build", b);
	b->name = k->text.s;
	b->line = k->line;
	c->n_builds++;
	return read_section(p, "build", where, v, b, NULL);
}

static int read_named(struct parse *p, const struct config_key *key, const struct node *n)
{
	bool harnesses = strcmp(key->path, "harnesses") == 0;
	const struct node *map = node_value(n), *v;
	struct config *c = p->r.c;
	struct config_build *builds;
	size_t count = 0;

	if (map->kind != NODE_MAP || (harnesses && !map->first))
		return doc_error_at(&p->r.doc, map, p->r.err, "\"%s\": expected a %s, got %s",
			key->path, key->type,
			map->kind == NODE_MAP ? "an empty one" : node_describe(map));
	for (const struct node *k = map->first; k; k = k->next->next)
		if (++count > READER_NAMES_MAX)
			return doc_error_at(&p->r.doc, k, p->r.err, "\"%s\": more than %d",
				key->path, READER_NAMES_MAX);
	if (harnesses) {
		c->harnesses = arena_alloc(&c->arena, count * sizeof(*c->harnesses));
		p->harnesses = arena_alloc(p->r.doc.arena, count * sizeof(*p->harnesses));
	} else {
		/* the top-level one stays first, in a place of its own until now */
		builds = arena_alloc(&c->arena, (count + 1) * sizeof(*builds));
		builds[0] = c->builds[0];
		c->builds = builds;
	}
	count = 0;
	for (const struct node *pair = map->first; pair; pair = v->next, count++) {
		const struct node *k = node_value(pair);

		v = pair->next;
		if (reader_spend(&p->r, pair) < 0 ||
			check_name(&p->r, harnesses ? "harness" : "target", k, count,
				harnesses ? harness_name : target_name, map) < 0 ||
			(harnesses ? read_harness(p, k, v) : read_target(p, k, v)) < 0)
			return -1;
	}
	return 0;
}

/* The first item of part that isn't in whole; NULL: all are. */
static const char *not_in(const struct config_strs *part, const struct config_strs *whole)
{
	for (size_t i = 0; i < part->n; i++) {
		size_t j = 0;

		while (j < whole->n && strcmp(part->v[i], whole->v[j]) != 0)
			j++;
		if (j == whole->n)
			return part->v[i];
	}
	return NULL;
}

static int pick_build(struct parse *p, struct config_harness *h, const struct found *found)
{
	const char *names[READER_NAMES_MAX], *near;
	struct config *c = p->r.c;

	h->build = &c->builds[0];
	if (!h->target)
		return 0;
	h->build = *h->target ? config_build(c, h->target) : NULL;
	if (h->build)
		return 0;
	for (size_t i = 1; i < c->n_builds; i++)
		names[i - 1] = c->builds[i].name;
	near = config_nearest(strv_of(h->target), names, c->n_builds - 1);
	return doc_error_at(&p->r.doc, node_value(found->value[row_of("harnesses.*", "target")]),
		p->r.err, "\"target\" in harness %s: no target \"%s\"%s%s%s", h->name, h->target,
		near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int check_part(struct parse *p, struct config_harness *h, const struct found *found,
	const char *leaf, struct config_strs *part, const struct config_strs *whole, const char *of)
{
	const char *stray = not_in(part, whole);

	/* nothing said: all */
	if (!part->n)
		*part = *whole;
	if (!stray)
		return 0;
	return doc_error_at(&p->r.doc, node_value(found->value[row_of("harnesses.*", leaf)]),
		p->r.err, "\"%s\" in harness %s: \"%s\" isn't among %s", leaf, h->name, stray, of);
}

static int check_harness(struct parse *p, struct config_harness *h, const struct found *found)
{
	const char *of = "the sanitizers of its build";

	if (pick_build(p, h, found) < 0 || !h->build)
		return -1;
	if (!h->source && !h->build->script)
		return doc_error(&p->r.doc, h->line, 1, p->r.err,
			"harness %s has no \"source\", and no script builds it", h->name);
	/* what is read makes another list in the place of the default one */
	h->engines_asked = h->engines.n > 0 || p->r.c->engines.v != p->default_engines;
	if (check_part(p, h, found, "engines", &h->engines, &p->r.c->engines, "campaign.engines") <
		0)
		return -1;
	return check_part(p, h, found, "sanitizers", &h->sanitizers, &h->build->sanitizers, of);
}

static int check_builds(struct parse *p)
{
	struct config *c = p->r.c;

	for (size_t i = 0; i < c->n_builds; i++)
		if (c->builds[i].script && c->builds[i].sources.n)
			return doc_error(&p->r.doc, c->builds[i].line, 1, p->r.err,
				"%s%s has both \"script\" and \"sources\"; a build is one of them",
				i ? "target " : "build", c->builds[i].name);
	return 0;
}

/* A file of a later version may hold anything: say that before complaining about its keys. */
static int check_version(struct reader *r)
{
	const struct config_key *key = find_key("", STRV("version"));

	for (const struct node *k = r->doc.root->first; k; k = k->next->next)
		if (strv_eqs(node_value(k)->text, "version"))
			return value_set(r, key, k->next, r->c);
	return doc_error(&r->doc, 1, 1, r->err,
		"no \"version\"; if it is written for this thresh, put \"version: 1\" first");
}

static void set_project(struct config *c)
{
	const char *base = strrchr(c->dir, '/');
	char *name = arena_strdup(&c->arena, base ? base + 1 : c->dir);

	if (strlen(name) > CONFIG_NAME_MAX)
		name[CONFIG_NAME_MAX] = '\0';
	/* the directory's name made fit to be one of ours */
	for (char *s = name; *s; s++)
		if (!config_name_ok(strv_n(s, 1)) && (s == name || (*s != '.' && *s != '-')))
			*s = '_';
	c->project = *name ? name : "project";
}

static int parse_tree(struct parse *p)
{
	struct config *c = p->r.c;

	if (doc_parse(&p->r.doc, p->r.err) < 0 || check_version(&p->r) < 0)
		return -1;
	c->builds = arena_alloc(&c->arena, sizeof(*c->builds));
	c->n_builds = 1;
	c->builds[0].name = "";
	set_project(c);
	set_defaults(&p->r, "", c);
	set_defaults(&p->r, "build", &c->builds[0]);
	set_defaults(&p->r, "campaign", c);
	p->default_engines = c->engines.v;
	set_defaults(&p->r, "triage", c);
	if (read_section(p, "", "", p->r.doc.root, c, NULL) < 0 || check_builds(p) < 0)
		return -1;
	for (size_t i = 0; i < c->n_harnesses; i++)
		if (check_harness(p, &c->harnesses[i], &p->harnesses[i]) < 0)
			return -1;
	return 0;
}

/* The directory as the start of a glob(3) pattern: what is special in it stands for itself. */
static const char *glob_escape(struct arena *a, const char *dir)
{
	struct buf b = BUF_INIT;
	const char *out;

	escape_glob(&b, strv_of(dir));
	out = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

struct config *config_parse(struct strv text, const char *name, const char *dir, struct err *err)
{
	struct config *c = xcalloc(1, sizeof(*c));
	struct buf shown = BUF_INIT;
	struct parse p = { .r = { .err = err, .c = c, .where = "", .budget = READER_BUDGET } };
	const char *slash = *dir && dir[strlen(dir) - 1] == '/' ? "" : "/";
	int rc;

	n_keys();
	escape_term(&shown, strv_of(name));
	c->dir = arena_strdup(&c->arena, dir);
	c->path = arena_printf(&c->arena, "%s%s%s", dir, slash,
		strrchr(name, '/') ? strrchr(name, '/') + 1 : name);
	c->state_dir = arena_printf(&c->arena, "%s%s.thresh", dir, slash);
	p.r.doc = (struct doc){ text, buf_str(&shown), &c->arena, NULL };
	p.r.dir_pattern = glob_escape(&c->arena, dir);
	rc = parse_tree(&p);
	buf_release(&shown);
	if (rc == 0)
		return c;
	config_free(c);
	return NULL;
}
