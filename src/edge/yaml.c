/*
 * YAML's corners: what indentation, anchors, tags, directives and the many kinds of scalar allow and forbid. Small
 * pieces are also put below a key, into a sequence, into flow and into a second document.
 */
#include "base/prelude.h"
#include "edge/edge.h"

#define NESTING_BYTES ((size_t)4100) /* many a reader takes time by the square of the depth */

static const struct edge_row scalars[] = { EDGE_ROW("plain", "a"), EDGE_ROW("empty", ""),
	EDGE_ROW("null", "null"), EDGE_ROW("tilde", "~"), EDGE_ROW("yes", "yes"),
	EDGE_ROW("norway", "no"), EDGE_ROW("on", "on"), EDGE_ROW("y", "y"),
	EDGE_ROW("octal", "0755"), EDGE_ROW("octal-1-2", "0o755"), EDGE_ROW("hex", "0xff"),
	EDGE_ROW("binary", "0b11"), EDGE_ROW("underscores", "1_000"),
	EDGE_ROW("sexagesimal", "190:20:30"), EDGE_ROW("nan", ".nan"), EDGE_ROW("inf", "-.INF"),
	EDGE_ROW("int64-beyond", "9223372036854775808"), EDGE_ROW("exponent", "1e309"),
	EDGE_ROW("date", "2001-12-14"), EDGE_ROW("time", "2001-12-14t21:59:43.10-05:00"),
	EDGE_ROW("version", "1.10"), EDGE_ROW("colon-inside", "a:b"),
	EDGE_ROW("colon-at-end", "a:"), EDGE_ROW("two-colons", "a: b: c"),
	EDGE_ROW("hash-inside", "a#b"), EDGE_ROW("hash-behind-blank", "a #b"),
	EDGE_ROW("dash", "-"), EDGE_ROW("dash-word", "-a"), EDGE_ROW("two-dashes", "--"),
	EDGE_ROW("question", "?"), EDGE_ROW("question-word", "?a"), EDGE_ROW("at", "@a"),
	EDGE_ROW("backquote", "`a"), EDGE_ROW("percent", "%a"), EDGE_ROW("comma", ","),
	EDGE_ROW("bracket", "a]"), EDGE_ROW("brace", "a}"), EDGE_ROW("equals", "="),
	EDGE_ROW("merge", "<<"), EDGE_ROW("continued", "a\n b"),
	EDGE_ROW("continued-empty", "a\n\n b"), EDGE_ROW("continued-comment", "a\n # c\n b"),
	EDGE_ROW("single", "'a'"), EDGE_ROW("single-empty", "''"), EDGE_ROW("single-quote", "''''"),
	EDGE_ROW("single-unended", "'a"), EDGE_ROW("single-lines", "'a\n\n  b '"),
	EDGE_ROW("single-document-end", "'a\n...\n'"), EDGE_ROW("double", "\"a\""),
	EDGE_ROW("double-unended", "\"a"), EDGE_ROW("double-lines", "\"a \n\n  b\""),
	EDGE_ROW("double-document-start", "\"a\n---\n\""),
	EDGE_ROW("double-line-escape", "\"a\\\n  b\""),
	EDGE_ROW("escape-every", "\"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\""),
	EDGE_ROW("escape-x", "\"\\x41\""), EDGE_ROW("escape-x-cut", "\"\\x4\""),
	EDGE_ROW("escape-u", "\"\\u263a\""), EDGE_ROW("escape-u-cut", "\"\\u26"),
	EDGE_ROW("escape-U", "\"\\U0001f600\""), EDGE_ROW("escape-U-beyond", "\"\\U00110000\""),
	EDGE_ROW("escape-U-highest", "\"\\Uffffffff\""),
	EDGE_ROW("escape-surrogate", "\"\\ud800\""), EDGE_ROW("escape-unknown", "\"\\q\""),
	EDGE_ROW("escape-at-end", "\"\\"), EDGE_ROW("escape-nul", "\"\\0\""),
	EDGE_ROW("behind-quote", "\"a\"b"), EDGE_ROWS_END };

static const struct edge_row properties[] = { EDGE_ROW("anchor", "&a b"),
	EDGE_ROW("anchor-alone", "&a"), EDGE_ROW("anchor-empty", "& b"),
	EDGE_ROW("anchor-twice", "&a &b c"), EDGE_ROW("anchor-punctuation", "&a.b/c d"),
	EDGE_ROW("anchor-in-flow", "[&a b, *a]"), EDGE_ROW("anchor-unicode", "&\xc3\xa9 b"),
	EDGE_ROW("alias-unknown", "*a"), EDGE_ROW("alias-empty", "*"),
	EDGE_ROW("alias-with-anchor", "&a *b"), EDGE_ROW("alias-with-tag", "!!str *a"),
	EDGE_ROW("alias-to-itself", "&a [*a]"), EDGE_ROW("alias-to-itself-key", "&a {*a : 1}"),
	EDGE_ROW("tag-str", "!!str 1"), EDGE_ROW("tag-binary", "!!binary =="),
	EDGE_ROW("tag-null", "!!null x"), EDGE_ROW("tag-int-word", "!!int x"),
	EDGE_ROW("tag-non-specific", "! a"), EDGE_ROW("tag-local", "!a b"),
	EDGE_ROW("tag-verbatim", "!<tag:yaml.org,2002:str> a"),
	EDGE_ROW("tag-verbatim-empty", "!<> a"), EDGE_ROW("tag-verbatim-unended", "!<a"),
	EDGE_ROW("tag-handle-unknown", "!e!a b"), EDGE_ROW("tag-handle-empty-suffix", "!! a"),
	EDGE_ROW("tag-percent", "!a%21b c"), EDGE_ROW("tag-percent-cut", "!a%2"),
	EDGE_ROW("tag-percent-wrong", "!a%zz b"), EDGE_ROW("tag-percent-nul", "!a%00b c"),
	EDGE_ROW("tag-percent-utf8", "!a%c3%a9 c"), EDGE_ROW("tag-percent-bad-utf8", "!a%ff c"),
	EDGE_ROW("tag-percent-cut-utf8", "!a%c3 c"), EDGE_ROW("tag-twice", "!a !b c"),
	EDGE_ROW("tag-and-anchor", "!a &b c"), EDGE_ROW("anchor-and-tag", "&b !a c"),
	EDGE_ROW("tag-no-blank", "!a,b"), EDGE_ROWS_END };

static const struct edge_row blocks[] = { EDGE_ROW("literal", "|\n  a\n  b\n"),
	EDGE_ROW("folded", ">\n  a\n  b\n"), EDGE_ROW("literal-empty", "|\n"),
	EDGE_ROW("literal-end-of-input", "|"), EDGE_ROW("folded-end-of-input", ">"),
	EDGE_ROW("strip", "|-\n  a\n\n\n"), EDGE_ROW("keep", "|+\n  a\n\n\n"),
	EDGE_ROW("indent-1", "|1\n a\n"), EDGE_ROW("indent-9", "|9\n         a\n"),
	EDGE_ROW("indent-0", "|0\na\n"), EDGE_ROW("indent-10", "|10\n a\n"),
	EDGE_ROW("indent-and-keep", "|2+\n  a\n"), EDGE_ROW("keep-and-indent", "|+2\n  a\n"),
	EDGE_ROW("two-chompings", "|+-\n  a\n"), EDGE_ROW("header-garbage", "|x\n  a\n"),
	EDGE_ROW("header-comment", "| # c\n  a\n"),
	EDGE_ROW("header-comment-no-blank", "|# c\n  a\n"), EDGE_ROW("header-minus", "|-1\n a\n"),
	EDGE_ROW("more-indented", ">\n a\n   b\n c\n"), EDGE_ROW("less-indented", "|\n   a\n  b\n"),
	EDGE_ROW("leading-blank-lines", "|\n\n\n  a\n"),
	EDGE_ROW("leading-wider-blanks", "|\n     \n  a\n"), EDGE_ROW("tab-indent", "|\n\ta\n"),
	EDGE_ROW("tab-inside", "|\n  a\tb\n"), EDGE_ROW("document-end-inside", "|\n  a\n...\n"),
	EDGE_ROW("document-start-inside", "|\n  a\n---\nb\n"),
	EDGE_ROW("no-newline-at-end", "|\n  a"), EDGE_ROW("blanks-at-end", "|\n  a\n   "),
	EDGE_ROW("cr-lines", "|\r  a\r  b\r"), EDGE_ROW("crlf-lines", "|\r\n  a\r\n"),
	EDGE_ROW("nel-lines", "|\n  a\xc2\x85  b\n"), EDGE_ROWS_END };

static const struct edge_row flows[] = { EDGE_ROW("sequence-empty", "[]"),
	EDGE_ROW("mapping-empty", "{}"), EDGE_ROW("sequence-open", "["),
	EDGE_ROW("mapping-open", "{"), EDGE_ROW("sequence-close", "]"),
	EDGE_ROW("mapping-close", "}"), EDGE_ROW("closed-by-other", "[a}"),
	EDGE_ROW("trailing-comma", "[a,]"), EDGE_ROW("comma-only", "[,]"),
	EDGE_ROW("two-commas", "[a,,b]"), EDGE_ROW("mapping-comma-only", "{,}"),
	EDGE_ROW("key-only", "{a}"), EDGE_ROW("colon-only", "{:}"), EDGE_ROW("value-only", "{: a}"),
	EDGE_ROW("key-no-value", "{a:}"), EDGE_ROW("json-key", "{\"a\":1}"),
	EDGE_ROW("explicit-key", "{? a : b}"), EDGE_ROW("explicit-key-alone", "{?}"),
	EDGE_ROW("pair-in-sequence", "[a: b]"), EDGE_ROW("explicit-pair-in-sequence", "[? a : b]"),
	EDGE_ROW("empty-pair-in-sequence", "[: ]"), EDGE_ROW("question-in-sequence", "[?]"),
	EDGE_ROW("nested-pair", "[a: {b: [c: d]}]"), EDGE_ROW("sequence-key", "{[a]: b}"),
	EDGE_ROW("mapping-key", "{{a: b}: c}"), EDGE_ROW("lines", "[\na,\n b\n]"),
	EDGE_ROW("line-at-column-0", "a: [\nb\n]"), EDGE_ROW("comment", "[a, # c\nb]"),
	EDGE_ROW("comment-no-blank", "[a,#c\nb]"), EDGE_ROW("dash", "[-]"),
	EDGE_ROW("dash-blank", "[- a]"), EDGE_ROW("document-marker", "[\n---\n]"),
	EDGE_ROW("document-end", "[\n...\n]"), EDGE_ROW("block-inside", "[|\n a\n]"),
	EDGE_ROW("anchors", "[&a , &b , *a, *b]"), EDGE_ROW("tags", "[!a , !!str , !<x> y]"),
	EDGE_ROW("two-flows", "[a] [b]"), EDGE_ROW("key-lines", "{a\n b: c}"), EDGE_ROWS_END };

static const struct edge_row structures[] = { EDGE_ROW("mapping", "a: b\n"),
	EDGE_ROW("sequence", "- a\n- b\n"), EDGE_ROW("sequence-empty-items", "-\n-\n-"),
	EDGE_ROW("sequence-in-sequence", "- - - a\n"),
	EDGE_ROW("compact-mapping", "- a: b\n  c: d\n"),
	EDGE_ROW("zero-indented-sequence", "a:\n- b\n- c\n"), EDGE_ROW("explicit", "? a\n: b\n"),
	EDGE_ROW("explicit-no-value", "? a\n"), EDGE_ROW("explicit-no-key", ": b\n"),
	EDGE_ROW("explicit-empty", "?\n:\n"), EDGE_ROW("explicit-nested", "? ? a\n  : b\n: c\n"),
	EDGE_ROW("explicit-sequence", "? - a\n: - b\n"), EDGE_ROW("duplicate-key", "a: 1\na: 2\n"),
	EDGE_ROW("duplicate-empty-key", ": 1\n: 2\n"),
	EDGE_ROW("merge", "a: &a {b: 1}\nc:\n  <<: *a\n"),
	EDGE_ROW("merge-list", "a: &a {b: 1}\nc:\n  <<: [*a, *a]\n"),
	EDGE_ROW("merge-scalar", "<<: 1\n"), EDGE_ROW("merge-itself", "a: &a\n  <<: *a\n"),
	EDGE_ROW("wrong-indent", "a:\n    b: 1\n   c: 2\n"),
	EDGE_ROW("deeper-than-scalar", "a: b\n  c: d\n"),
	EDGE_ROW("dedent-to-nowhere", "  a: 1\n b: 2\n"), EDGE_ROW("indented-start", "   a: 1\n"),
	EDGE_ROW("tab-indent", "a:\n\tb: 1\n"), EDGE_ROW("tab-behind-dash", "-\ta\n"),
	EDGE_ROW("tab-behind-colon", "a:\tb\n"), EDGE_ROW("tab-line", "a: 1\n\t\nb: 2\n"),
	EDGE_ROW("tab-first", "\ta: b"), EDGE_ROW("blank-first", " a: b\nc: d"),
	EDGE_ROW("mapping-then-sequence", "a: 1\n- b\n"),
	EDGE_ROW("sequence-then-mapping", "- a\nb: 1\n"),
	EDGE_ROW("scalar-then-mapping", "a\nb: 1\n"), EDGE_ROW("multi-line-key", "a\n b: 1\n"),
	EDGE_ROW("quoted-multi-line-key", "\"a\n b\": 1\n"),
	EDGE_ROW("anchor-on-key", "&a a: &b b\n*a : *b\n"),
	EDGE_ROW("anchor-on-mapping", "&a\na: b\n"), EDGE_ROW("anchor-on-line", "&a a: b\n"),
	EDGE_ROW("tag-on-key", "!!str a: !!int 1\n"), EDGE_ROW("alias-as-key", "a: &a b\n*a : c\n"),
	EDGE_ROW("alias-as-key-no-blank", "a: &a b\n*a: c\n"), EDGE_ROW("comment-only", "# c"),
	EDGE_ROW("comment-indented", "a:\n      # c\n  b: 1\n"),
	EDGE_ROW("comment-behind-key", "a: # c\n  b\n"), EDGE_ROW("dash-no-blank", "-a\n-b\n"),
	EDGE_ROW("dash-then-three", "- ---\n"), EDGE_ROW("sequence-on-key-line", "a: - b\n"),
	EDGE_ROW("mapping-on-key-line", "a: b: c\n"), EDGE_ROW("block-behind-flow", "[a]: b\n"),
	EDGE_ROW("flow-behind-block", "a: [b\nc]\n"),
	EDGE_ROW("odd-dedent", "- a:\n    - b\n   - c\n"), EDGE_ROWS_END };

static const struct edge_row documents[] = { EDGE_ROW("start", "---"),
	EDGE_ROW("start-line", "---\n"), EDGE_ROW("end", "..."), EDGE_ROW("end-line", "...\n"),
	EDGE_ROW("start-end", "---\n...\n"), EDGE_ROW("starts", "---\n---\n---\n"),
	EDGE_ROW("ends", "...\n...\n...\n"), EDGE_ROW("start-scalar", "--- a\n"),
	EDGE_ROW("start-mapping", "--- a: b\n"), EDGE_ROW("start-literal", "--- |\n a\n"),
	EDGE_ROW("start-anchor", "--- &a\na: b\n"), EDGE_ROW("start-no-blank", "---a\n"),
	EDGE_ROW("end-garbage", "a\n... b\n"), EDGE_ROW("two", "a\n---\nb\n"),
	EDGE_ROW("three-with-ends", "a\n...\n---\nb\n...\n---\nc\n"),
	EDGE_ROW("bare-behind-end", "a\n...\nb\n"), EDGE_ROW("alias-across", "&a b\n---\n*a\n"),
	EDGE_ROW("yaml-1-1", "%YAML 1.1\n---\na\n"), EDGE_ROW("yaml-1-2", "%YAML 1.2\n---\na\n"),
	EDGE_ROW("yaml-1-3", "%YAML 1.3\n---\na\n"), EDGE_ROW("yaml-2-0", "%YAML 2.0\n---\na\n"),
	EDGE_ROW("yaml-huge", "%YAML 99999999999999999999.1\n---\n"),
	EDGE_ROW("yaml-int-beyond", "%YAML 2147483648.2147483648\n---\n"),
	EDGE_ROW("yaml-no-minor", "%YAML 1\n---\n"), EDGE_ROW("yaml-no-number", "%YAML\n---\n"),
	EDGE_ROW("yaml-word", "%YAML a.b\n---\n"),
	EDGE_ROW("yaml-twice", "%YAML 1.1\n%YAML 1.1\n---\n"),
	EDGE_ROW("yaml-garbage", "%YAML 1.1 x\n---\n"), EDGE_ROW("yaml-no-document", "%YAML 1.1\n"),
	EDGE_ROW("yaml-cut", "%YAML 1."), EDGE_ROW("tag", "%TAG !e! tag:e,2000:\n---\n!e!a b\n"),
	EDGE_ROW("tag-primary", "%TAG ! tag:e,2000:\n---\n!a b\n"),
	EDGE_ROW("tag-secondary", "%TAG !! tag:e,2000:\n---\n!!a b\n"),
	EDGE_ROW("tag-twice", "%TAG !e! a\n%TAG !e! b\n---\n"),
	EDGE_ROW("tag-no-prefix", "%TAG !e!\n---\n"), EDGE_ROW("tag-no-handle", "%TAG\n---\n"),
	EDGE_ROW("tag-bad-handle", "%TAG e a\n---\n"), EDGE_ROW("tag-cut", "%TAG !e"),
	EDGE_ROW("tag-next-document", "%TAG !e! a\n---\nb\n---\n!e!c d\n"),
	EDGE_ROW("reserved", "%FOO bar\n---\n"), EDGE_ROW("directive-empty", "%\n---\n"),
	EDGE_ROW("directive-inside", "a\n%YAML 1.1\n---\nb\n"),
	EDGE_ROW("directive-end-of-input", "%"),
	EDGE_ROW("comment-then-directive", "# c\n%YAML 1.1\n---\n"),
	EDGE_ROW("mark-between", "a\n---\n\xef\xbb\xbf"
				 "b\n"),
	EDGE_ROW("mark-first", "\xef\xbb\xbf"
			       "a: b\n"),
	EDGE_ROW("nul-inside", "a: b\0c\n"), EDGE_ROW("control-inside", "a: \x01\n"),
	EDGE_ROWS_END };

static const struct {
	const char *name, *before, *after;
} contexts[] = { { "", "", "" }, { "@line", "", "\n" }, { "@value", "k: ", "\n" },
	{ "@item", "- ", "\n- z\n" }, { "@key", "", ": v\n" }, { "@explicit-key", "? ", "\n: v\n" },
	{ "@flow", "[", "]" }, { "@flow-unended", "[", "" }, { "@flow-value", "{k: ", "}" },
	{ "@flow-key", "{", ": v}" }, { "@second-document", "a\n--- ", "\n" },
	{ "@below", "k:\n  ", "\n  z: 1\n" } };

static void in_contexts(struct edge_out *o, const char *group, const struct edge_row *rows)
{
	struct buf b = BUF_INIT;

	for (; rows->name; rows++) {
		for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
			buf_reset(&b);
			buf_adds(&b, contexts[i].before);
			buf_add(&b, rows->text, rows->len);
			buf_adds(&b, contexts[i].after);
			edge_put_buf(o, &b, "%s/%s%s", group, rows->name, contexts[i].name);
		}
	}
	buf_release(&b);
}

/* Aliases of aliases: bounded here, without bound where they are expanded. */
static void bombs(struct edge_out *o)
{
	struct buf b = BUF_INIT;

	for (unsigned depth = 2; depth <= 8; depth += 2) {
		buf_reset(&b);
		buf_adds(&b, "a0: &a0 [x, x, x, x]\n");
		for (unsigned i = 1; i <= depth; i++)
			buf_addf(&b, "a%u: &a%u [*a%u, *a%u, *a%u, *a%u]\n", i, i, i - 1, i - 1,
				i - 1, i - 1);
		edge_put_buf(o, &b, "alias/bomb-sequences-%u", depth);
		buf_reset(&b);
		buf_adds(&b, "a0: &a0 {x: 1}\n");
		for (unsigned i = 1; i <= depth; i++)
			buf_addf(&b, "a%u: &a%u {b: *a%u, c: *a%u}\n", i, i, i - 1, i - 1);
		edge_put_buf(o, &b, "alias/bomb-mappings-%u", depth);
		buf_reset(&b);
		buf_adds(&b, "a0: &a0 {x: 1}\n");
		for (unsigned i = 1; i <= depth; i++)
			buf_addf(&b, "a%u: &a%u\n  <<: [*a%u, *a%u]\n  y%u: 1\n", i, i, i - 1,
				i - 1, i);
		edge_put_buf(o, &b, "alias/bomb-merges-%u", depth);
	}
	buf_release(&b);
}

static void stairs(struct edge_out *o, size_t max)
{
	struct buf b = BUF_INIT;

	for (const size_t *n = edge_sizes; *n && *n * (*n + 3) / 2 < max; n++) {
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++) {
			edge_repeat(&b, " ", i);
			buf_adds(&b, "a:\n");
		}
		edge_put_buf(o, &b, "depth/mappings-%zu", *n);
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++) {
			edge_repeat(&b, " ", *n - i);
			buf_adds(&b, "- a\n");
		}
		edge_put_buf(o, &b, "depth/dedents-%zu", *n);
	}
	buf_release(&b);
}

static void nesting(struct edge_out *o, size_t max)
{
	edge_put_nested(o, "depth/flow-sequences", "[", "", "]", max);
	edge_put_nested(o, "depth/flow-sequences-unclosed", "[", "", "", max);
	edge_put_nested(o, "depth/flow-mappings", "{a: ", "b", "}", max);
	edge_put_nested(o, "depth/flow-mappings-unclosed", "{a: ", "", "", max);
	edge_put_nested(o, "depth/flow-mapping-keys", "{", "", "", max);
	edge_put_nested(o, "depth/flow-pairs", "[a: ", "b", "]", max);
	edge_put_nested(o, "depth/block-sequences", "- ", "a", "", max);
	edge_put_nested(o, "depth/explicit-keys", "? ", "a", "", max);
	edge_put_nested(o, "depth/values", ": ", "a", "", max);
}

static void quantity(struct edge_out *o, size_t max)
{
	edge_put_long(o, "long/plain", "", "a", "", max);
	edge_put_long(o, "long/key", "", "k", ": v\n", max);
	edge_put_long(o, "long/quoted-key", "\"", "k", "\": v\n", max);
	edge_put_long(o, "long/flow-key", "{", "k", ": v}", max);
	edge_put_long(o, "long/flow-json-key", "{\"", "k", "\":v}", max);
	edge_put_long(o, "long/plain-lines", "a", "\n b", "", max);
	edge_put_long(o, "long/plain-empty-lines", "a", "\n", " b", max);
	edge_put_long(o, "long/double", "\"", "a", "\"", max);
	edge_put_long(o, "long/double-escapes", "\"", "\\x41", "\"", max);
	edge_put_long(o, "long/single-quotes", "'", "''", "'", max);
	edge_put_long(o, "long/literal-line", "|\n ", "a", "\n", max);
	edge_put_long(o, "long/literal-lines", "|\n", " a\n", "", max);
	edge_put_long(o, "long/literal-blank-lines", "|\n", "\n", " a\n", max);
	edge_put_long(o, "long/literal-indent", "|\n", " ", "a\n", max);
	edge_put_long(o, "long/keep-lines", "|+\n a\n", "\n", "", max);
	edge_put_long(o, "long/anchor", "&", "a", " b\n", max);
	edge_put_long(o, "long/alias", "*", "a", "\n", max);
	edge_put_long(o, "long/tag", "!", "a", " b\n", max);
	edge_put_long(o, "long/tag-percent", "!", "%41", " b\n", max);
	edge_put_long(o, "long/tag-verbatim", "!<", "a", "> b\n", max);
	edge_put_long(o, "long/comment", "#", "a", "\n", max);
	edge_put_long(o, "long/comments", "", "#\n", "a\n", max);
	edge_put_long(o, "long/indent", "", " ", "a: b\n", max);
	edge_put_long(o, "long/directive", "%", "a", "\n---\n", max);
	edge_put_long(o, "long/tag-handle", "%TAG !", "e", "! a\n---\n", max);
	edge_put_long(o, "long/version", "%YAML 1.", "1", "\n---\n", max);
	edge_put_long(o, "wide/sequence", "", "- a\n", "", max);
	edge_put_long(o, "wide/sequence-empty", "", "-\n", "", max);
	edge_put_long(o, "wide/mapping-same-key", "", "a: b\n", "", max);
	edge_put_long(o, "wide/flow-sequence", "[", "a,", "]", max);
	edge_put_long(o, "wide/flow-commas", "[", ",", "]", max);
	edge_put_long(o, "wide/flow-mapping", "{", "a: b,", "}", max);
	edge_put_long(o, "wide/documents", "", "---\n", "", max);
	edge_put_long(o, "wide/documents-with-ends", "", "--- a\n...\n", "", max);
	edge_put_long(o, "wide/aliases", "- &a b\n", "- *a\n", "", max);
	edge_put_long(o, "wide/anchors", "", "- &a b\n", "", max);
	edge_put_long(o, "wide/tag-directives", "", "%TAG !e! a\n", "---\n", max);
	edge_put_long(o, "wide/question-marks", "", "?\n", "", max);
	edge_put_long(o, "wide/colons", "", ":\n", "", max);
}

static void unique(struct edge_out *o, size_t max)
{
	struct buf b = BUF_INIT;

	for (const size_t *n = edge_sizes; *n && *n * 20 < max; n++) {
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "- &a%zu %zu\n", i, i);
		buf_addf(&b, "- *a%zu\n", *n - 1);
		edge_put_buf(o, &b, "wide/different-anchors-%zu", *n);
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "%%TAG !a%zu! b\n", i);
		buf_adds(&b, "---\na\n");
		edge_put_buf(o, &b, "wide/different-handles-%zu", *n);
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "a%zu: %zu\n", i, i);
		edge_put_buf(o, &b, "wide/different-keys-%zu", *n);
	}
	/* a simple key may be 1024 characters long */
	for (size_t n = 1020; n <= 1026 && n + 8 < max; n++) {
		buf_reset(&b);
		edge_repeat(&b, "k", n);
		edge_put(o, b.s, b.len, "key-limit/end-of-input-%zu", n);
		buf_adds(&b, " : v\n");
		edge_put_buf(o, &b, "key-limit/blank-%zu", n);
	}
	buf_release(&b);
}

bool edge_yaml(struct edge_out *o, const struct edge_input *in, size_t step)
{
	(void)in;
	switch (step) {
	case 0:
		in_contexts(o, "scalar", scalars);
		in_contexts(o, "property", properties);
		return true;
	case 1:
		in_contexts(o, "block", blocks);
		in_contexts(o, "flow", flows);
		return true;
	default:
		in_contexts(o, "structure", structures);
		for (const struct edge_row *r = documents; r->name; r++)
			edge_put(o, r->text, r->len, "document/%s", r->name);
		bombs(o);
		return false;
	}
}

bool edge_yaml_long(struct edge_out *o, const struct edge_input *in, size_t step)
{
	switch (step) {
	case 0:
		stairs(o, in->max_len);
		unique(o, in->max_len);
		return true;
	case 1:
		nesting(o, MIN(in->max_len, NESTING_BYTES));
		return true;
	default:
		quantity(o, in->max_len);
		return false;
	}
}
