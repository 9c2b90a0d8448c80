/*
 * The table of generators, and the stream of cases that comes of it: a step's cases at a time, so that a suite that
 * is cut short has held no more than that.
 *
 * The table is gone through twice. First come the cases that differ in kind, with lengths and depths only around the
 * limits that programs have; then, for the generators that have any, every length and depth that may be somebody's
 * limit. Where inputs have options before the format, the short ones of the first kind come behind the others of these, too.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "cases/internal.h"

const struct cases_generator cases_generators[] = {
	{ "json", " json ", "JSON: numbers, strings, escapes, nesting, duplicates, white space",
		cases_json, false },
	{ "pair", " json ", "two documents: patches, pointers, comparisons, however both are had",
		cases_pairs, false },
	{ "yaml", " yaml ", "YAML: indentation, anchors, tags, directives, block and flow",
		cases_yaml, false },
	{ "ini", " ini ", "INI: sections, keys, quotes, comments, continuations", cases_ini, true },
	{ "xml", " xml ", "XML: prologue, entities, CDATA, attributes, name spaces", cases_xml,
		true },
	{ "csv", " csv ", "CSV: quotes, separators, line ends, ragged rows", cases_csv, true },
	{ "base64", " base64 ", "base64: padding, stray bits, white space", cases_base64, true },
	{ "url", " url ", "URL: schemes, ports, hosts, escapes, paths", cases_url, true },
	{ "binary", " binary ", "length-prefixed records: widths, orders, lying lengths",
		cases_binary, false },
	{ "dns", " binary ", "DNS messages: names, pointers, each type of record, cut and lying",
		cases_dns, false },
	{ "utf8", " text json yaml ini xml csv url ",
		"UTF-8, 16 and 32: overlong, surrogates, truncated, marks", cases_utf8, true },
	{ "text", " text json yaml ini xml csv url base64 ",
		"line ends, control and format characters, numbers, paths", cases_text, false },
	{ "host", " text url ",
		"names and addresses of hosts: limits, escapes, ports, prefixes, lists", cases_host,
		false },
	{ "raw", NULL, "bytes: each one, runs at every power of two", cases_raw, false },
	{ "token", NULL, "the dictionary: alone, doubled, nested, split, in seeds", cases_tokens,
		false },
	{ "seed", NULL, "each seed cut, extended, spliced, its bytes and numbers changed",
		cases_seeds, false },
	{ "raw", " binary raw ", "", cases_raw_deep, false },
	{ "pair", " json ", "", cases_pairs_named, false },
	{ "json", " json ", "JSON in quantity: deep, wide, long", cases_json_long, true },
	{ "text", " text json yaml ini xml csv url base64 ", "text in quantity: long, wide, deep",
		cases_text_long, true },
	{ "yaml", " yaml ", "YAML in quantity: deep, wide, long", cases_yaml_long, true },
	/* a boundary that doesn't say what it takes may take any of these: behind what is for bytes */
	{ "binary", " raw ", "", cases_binary, false },
	{ "dns", " raw ", "", cases_dns, false },
	{ "utf8", " raw ", "", cases_utf8, true },
	{ "text", " raw ", "", cases_text, false },
	{ "base64", " raw ", "", cases_base64, true },
	{ "host", " raw ", "", cases_host, false },
	{ "url", " raw text ", "", cases_url, true },
	{ "ini", " raw text ", "", cases_ini, true },
	{ "csv", " raw text ", "", cases_csv, true },
	{ "xml", " raw text ", "", cases_xml, true },
	{ "text", " raw ", "", cases_text_long, true },
	/* long ones, of which few are worth their time where brackets were tried */
	{ "raw", " text json yaml ini xml csv url base64 ", "", cases_raw_deep, false },
	/* there are many of them: behind all else, in the second round */
	{ "token", " json yaml ini text xml url raw ", "", cases_shapes, true },
	{ NULL, NULL, NULL, NULL, false },
};

struct cases_stream {
	const struct cases_input *in;
	const struct cases_generator *g;
	size_t step;
	struct cases_sink out;
};

bool cases_applies(const struct cases_generator *g, const char *format)
{
	return cases_takes(g->formats, format);
}

struct cases_stream *cases_stream_new(const struct cases_input *in, const char *pattern)
{
	struct cases_stream *s = xcalloc(1, sizeof(*s));

	s->in = in;
	s->g = cases_generators;
	s->out.pattern = pattern;
	s->out.max_len = in->max_len;
	return s;
}

/* Could a case of this generator match? A pattern begins with its name, or with a wildcard. */
static bool may_match(const struct cases_stream *s)
{
	const char *p = s->out.pattern;
	size_t n = strlen(s->g->name), fixed = p ? strcspn(p, "*?[\\/") : 0;

	if (!cases_applies(s->g, s->in->format))
		return false;
	if (!p)
		return true;
	/* a wildcard may stand for the rest of the name, and for the slash */
	return p[fixed] == '/' ? fixed == n && strncmp(p, s->g->name, n) == 0
			       : fixed <= n && strncmp(p, s->g->name, fixed) == 0;
}

struct edge_case *cases_stream_next(struct cases_stream *s)
{
	struct cases_sink *o = &s->out;

	while (o->next == o->n) {
		o->next = o->n = 0;
		while (s->g->name && (!may_match(s) || (o->second && !s->g->lengths)))
			s->g++;
		if (!s->g->name && (o->others || (o->second && s->in->n_heads < 2)))
			return NULL;
		if (!s->g->name) {
			o->others = o->second;
			o->second = !o->second;
			s->g = cases_generators;
			continue;
		}
		o->generator = s->g->name;
		o->heads = s->g->formats ? s->in->heads : NULL;
		o->n_heads = s->in->n_heads;
		/* false: that was the generator's last step */
		if (!s->g->make(o, s->in, s->step++)) {
			s->g++;
			s->step = 0;
		}
	}
	return o->v[o->next++];
}

void cases_stream_left_out(const struct cases_stream *s, uint64_t *same, uint64_t *too_long)
{
	*same = s->out.same;
	*too_long = s->out.too_long;
}

void cases_stream_free(struct cases_stream *s)
{
	if (!s)
		return;
	for (size_t i = s->out.next; i < s->out.n; i++)
		free(s->out.v[i]);
	free(s->out.v);
	free(s->out.seen);
	free(s);
}
