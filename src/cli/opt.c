/* The option parser: one table drives parsing, checking, defaults and help, so that they can't drift apart. */
#include "base/prelude.h"
#include "cli/opt.h"
#include "base/num.h"
#include "cli/suggest.h"

const struct opt opt_global_table[] = {
	{ .name = "config",
		.kind = OPT_STRING,
		.off = offsetof(struct opt_globals, config),
		.arg = "FILE",
		.help = "the project file (else thresh.yaml here or in a parent directory)" },
	{ .name = "directory",
		.key = 'C',
		.kind = OPT_STRING,
		.off = offsetof(struct opt_globals, directory),
		.arg = "DIR",
		.help = "change to DIR before anything else" },
	{ .name = "state",
		.kind = OPT_STRING,
		.off = offsetof(struct opt_globals, state),
		.arg = "DIR",
		.help = "bugs, corpora and builds are there, not in .thresh beside the project "
			"file: for a project that can't be written to" },
	{ .name = "quiet",
		.key = 'q',
		.kind = OPT_FLAG,
		.off = offsetof(struct opt_globals, quiet),
		.help = "log only warnings and errors" },
	{ .name = "verbose",
		.key = 'v',
		.kind = OPT_FLAG,
		.off = offsetof(struct opt_globals, verbose),
		.help = "log details, too" },
	{ .name = "log",
		.kind = OPT_STRING,
		.off = offsetof(struct opt_globals, log),
		.arg = "FILE",
		.help = "also append the log to FILE, as JSON lines" },
	{ .name = "no-color",
		.kind = OPT_FLAG,
		.off = offsetof(struct opt_globals, no_color),
		.help = "no colours, as with NO_COLOR set" },
	{ .name = "help",
		.key = 'h',
		.kind = OPT_FLAG,
		.off = offsetof(struct opt_globals, help),
		.help = "print this help" },
	{ .kind = OPT_END },
};

/* What it is called in a message: as it was written. */
struct seen {
	const char *s;
	int len;
};

static bool in_choices(const char *choices, struct strv value)
{
	struct strv all = strv_of(choices), one;

	while (strv_split(&all, '|', &one))
		if (strv_eq(one, value))
			return true;
	return false;
}

static int bad_choice(const struct opt *o, struct seen seen, const char *value, struct err *err)
{
	struct suggest near = SUGGEST_INIT(value);
	struct strv all = strv_of(o->choices), one;
	struct strlist words = STRLIST_INIT;
	struct buf b = BUF_INIT;

	while (strv_split(&all, '|', &one)) {
		buf_adds(&b, b.len ? ", " : "");
		buf_addv(&b, one);
		strlist_add_take(&words, strv_dup(one));
	}
	for (size_t i = 0; i < words.n; i++)
		suggest_try(&near, words.v[i]);
	err_usage(err, "%.*s %s: not one of %s%s%s%s", seen.len, seen.s, value, b.s,
		near.best ? "; did you mean " : "", near.best ? near.best : "",
		near.best ? "?" : "");
	buf_release(&b);
	strlist_release(&words);
	return -1;
}

static void add_amount(struct buf *b, const struct opt *o, uint64_t v)
{
	static const struct {
		uint64_t factor;
		const char *unit;
	} sizes[] = { { 1 << 30, "G" }, { 1 << 20, "M" }, { 1 << 10, "k" }, { 1, "" } },
	  times[] = { { 86400000, "d" }, { 3600000, "h" }, { 60000, "m" }, { 1000, "s" },
		  { 1, "ms" } };

	for (size_t i = 0; o->kind == OPT_SIZE && i < ARRAY_LEN(sizes); i++)
		if (v >= sizes[i].factor && v % sizes[i].factor == 0) {
			buf_addf(b, "%llu%s", (unsigned long long)(v / sizes[i].factor),
				sizes[i].unit);
			return;
		}
	for (size_t i = 0; o->kind == OPT_DURATION && i < ARRAY_LEN(times); i++)
		if (v >= times[i].factor && v % times[i].factor == 0) {
			buf_addf(b, "%llu%s", (unsigned long long)(v / times[i].factor),
				times[i].unit);
			return;
		}
	buf_addf(b, "%llu", (unsigned long long)v);
}

static void add_range(struct buf *b, const struct opt *o)
{
	if (!o->min && !o->max)
		return;
	if (!o->max) {
		add_amount(b, o, o->min);
		buf_adds(b, " or more");
		return;
	}
	if (!o->min)
		buf_adds(b, "up to ");
	else {
		add_amount(b, o, o->min);
		buf_adds(b, " to ");
	}
	add_amount(b, o, o->max);
}

static int set_number(
	const struct opt *o, uint64_t *field, struct seen seen, const char *value, struct err *err)
{
	struct strv v = strv_of(value);
	struct buf range = BUF_INIT;
	const char *what;
	uint64_t n;
	int rc;

	if (o->kind == OPT_UINT) {
		rc = num_u64(v, &n);
		what = "not a number";
	} else if (o->kind == OPT_SIZE) {
		rc = num_size(v, &n);
		what = "not a size like 512, 64k, 2M or 1G";
	} else {
		rc = num_duration(v, &n);
		what = "not a duration like 250ms, 5s, 10m, 8h or 2d";
	}
	if (rc < 0)
		return err_usage(err, "%.*s %s: %s", seen.len, seen.s, value, what);
	if (n < o->min || (o->max && n > o->max)) {
		add_range(&range, o);
		err_usage(err, "%.*s %s: out of range, %s", seen.len, seen.s, value, range.s);
		buf_release(&range);
		return -1;
	}
	*field = n;
	return 0;
}

static int set_value(
	const struct opt *o, void *args, struct seen seen, const char *value, struct err *err)
{
	char *field = (char *)args + o->off;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)(void *)field = true;
		return 0;
	case OPT_UINT:
	case OPT_SIZE:
	case OPT_DURATION:
		return set_number(o, (uint64_t *)(void *)field, seen, value, err);
	case OPT_CHOICE:
		if (!in_choices(o->choices, strv_of(value)))
			return bad_choice(o, seen, value, err);
		*(const char **)(void *)field = value;
		return 0;
	case OPT_STRING:
		*(const char **)(void *)field = value;
		return 0;
	case OPT_STRINGS:
		strlist_add((struct strlist *)(void *)field, value);
		return 0;
	case OPT_END:
		break;
	}
	BUG("option --%s: kind %d", o->name, (int)o->kind);
}

/* Put a field to zero, releasing nothing. */
static void clear_field(const struct opt *o, void *args)
{
	void *field = (char *)args + o->off;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)field = false;
		return;
	case OPT_UINT:
	case OPT_SIZE:
	case OPT_DURATION:
		*(uint64_t *)field = 0;
		return;
	case OPT_CHOICE:
	case OPT_STRING:
		*(const char **)field = NULL;
		return;
	case OPT_STRINGS:
		*(struct strlist *)field = (struct strlist)STRLIST_INIT;
		return;
	case OPT_END:
		return;
	}
}

void opt_defaults(const struct opt_set *set)
{
	struct err err = ERR_INIT;

	for (const struct opt *o = set->opts; o && o->kind != OPT_END; o++) {
		clear_field(o, set->args);
		if (o->def &&
			set_value(o, set->args, (struct seen){ o->name, (int)strlen(o->name) },
				o->def, &err) < 0)
			BUG("default of option %s", err.msg);
	}
}

void opt_release(const struct opt_set *set)
{
	for (const struct opt *o = set->opts; o && o->kind != OPT_END; o++)
		if (o->kind == OPT_STRINGS)
			strlist_release((struct strlist *)(void *)((char *)set->args + o->off));
}

/* Where the parser stands. */
struct cursor {
	int i, argc;
	char **argv;
};

static const struct opt *find_long(const struct opt_parse *p, struct strv name, void **args)
{
	for (size_t i = 0; i < p->n_sets; i++)
		for (const struct opt *o = p->sets[i].opts; o && o->kind != OPT_END; o++)
			if (o->name && strv_eqs(name, o->name)) {
				*args = p->sets[i].args;
				return o;
			}
	return NULL;
}

static const struct opt *find_key(const struct opt_parse *p, char key, void **args)
{
	for (size_t i = 0; i < p->n_sets; i++)
		for (const struct opt *o = p->sets[i].opts; o && o->kind != OPT_END; o++)
			if (o->key && o->key == key) {
				*args = p->sets[i].args;
				return o;
			}
	return NULL;
}

static int unknown_long(const struct opt_parse *p, struct strv name, struct err *err)
{
	char *wrong = strv_dup(name);
	struct suggest near = SUGGEST_INIT(wrong);

	for (size_t i = 0; i < p->n_sets; i++)
		for (const struct opt *o = p->sets[i].opts; o && o->kind != OPT_END; o++)
			suggest_try(&near, o->name);
	if (near.best)
		err_usage(err, "unknown option --%s; did you mean --%s?", wrong, near.best);
	else
		err_usage(err, "unknown option --%s", wrong);
	free(wrong);
	return -1;
}

static int need_value(const struct opt *o, struct seen seen, struct cursor *c, const char **value,
	struct err *err)
{
	struct buf arg = BUF_INIT;

	if (c->i + 1 < c->argc) {
		*value = c->argv[++c->i];
		return 0;
	}
	opt_arg(&arg, o);
	err_usage(err, "option %.*s needs a value: %s", seen.len, seen.s, buf_str(&arg));
	buf_release(&arg);
	return -1;
}

/* "--name", "--name value", "--name=value" */
static int parse_long(const struct opt_parse *p, struct cursor *c, struct err *err)
{
	const char *word = c->argv[c->i];
	struct strv rest = strv_of(word + 2), name = { NULL, 0 };
	const char *value = strchr(word, '=');
	const struct opt *o;
	struct seen seen;
	void *args;

	strv_split(&rest, '=', &name);
	o = find_long(p, name, &args);
	if (!o)
		return unknown_long(p, name, err);
	seen = (struct seen){ word, (int)name.len + 2 };
	if (o->kind == OPT_FLAG) {
		if (value)
			return err_usage(err, "option --%s takes no value", o->name);
	} else if (value) {
		value++;
	} else if (need_value(o, seen, c, &value, err) < 0) {
		return -1;
	}
	return set_value(o, args, seen, value, err);
}

/* "-q", "-qv", "-j4", "-j 4", "-qj4" */
static int parse_short(const struct opt_parse *p, struct cursor *c, struct err *err)
{
	const char *word = c->argv[c->i];
	void *unused;

	/* "-name x" would be -n "ame": silently something else than was meant */
	if (word[2] && find_long(p, strv_of(word + 1), &unused))
		return err_usage(err, "unknown option %s; did you mean -%s?", word, word);
	for (const char *k = word + 1; *k; k++) {
		char name[3] = { '-', *k, 0 };
		struct seen seen = { name, 2 };
		const char *value = k + 1;
		const struct opt *o;
		void *args;

		o = find_key(p, *k, &args);
		if (!o && k[1] && k == word + 1) /* a typing error in one word, not a cluster */
			return err_usage(err, "unknown option %s", word);
		if (!o)
			return err_usage(err, "unknown option %s", name);
		if (o->kind == OPT_FLAG) {
			if (set_value(o, args, seen, NULL, err) < 0)
				return -1;
			continue;
		}
		if (!*value && need_value(o, seen, c, &value, err) < 0)
			return -1;
		return set_value(o, args, seen, value, err);
	}
	return 0;
}

int opt_parse(const struct opt_parse *p, int argc, char **argv, struct err *err)
{
	struct cursor c = { 0, argc, argv };

	for (; c.i < argc; c.i++) {
		const char *word = argv[c.i];

		if (strcmp(word, "--") == 0) {
			struct strlist *to = p->takes_command ? p->command : p->words;

			if (p->stop_at_word)
				return c.i + 1;
			while (++c.i < argc)
				strlist_add(to, argv[c.i]);
			break;
		}
		if (word[0] != '-' || !word[1]) {
			if (p->stop_at_word)
				return c.i;
			strlist_add(p->words, word);
		} else if ((word[1] == '-' ? parse_long : parse_short)(p, &c, err) < 0) {
			return -1;
		}
	}
	return argc;
}

void opt_arg(struct buf *b, const struct opt *o)
{
	static const char *const names[] = {
		[OPT_UINT] = "N",
		[OPT_SIZE] = "SIZE",
		[OPT_DURATION] = "TIME",
		[OPT_STRING] = "TEXT",
		[OPT_STRINGS] = "TEXT",
	};

	if (o->arg)
		buf_adds(b, o->arg);
	else if (o->kind == OPT_CHOICE)
		buf_adds(b, o->choices);
	else if (o->kind != OPT_FLAG && o->kind != OPT_END)
		buf_adds(b, names[o->kind]);
}

void opt_note(struct buf *b, const struct opt *o)
{
	size_t start = b->len;

	if (o->kind == OPT_CHOICE && o->arg)
		buf_adds(b, o->choices);
	else if (o->kind == OPT_UINT || o->kind == OPT_SIZE || o->kind == OPT_DURATION)
		add_range(b, o);
	if (o->kind == OPT_STRINGS)
		buf_addf(b, "%srepeatable", b->len > start ? "; " : "");
	if (o->def)
		buf_addf(b, "%sdefault %s", b->len > start ? "; " : "", o->def);
}
