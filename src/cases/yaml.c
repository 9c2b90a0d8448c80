/*
 * YAML's corners: what indentation, anchors, tags, directives and the many kinds of scalar allow and forbid. Small
 * pieces are also put below a key, into a sequence, into flow and into a second document.
 */
#include "base/prelude.h"
#include "cases/internal.h"

#define NESTING_BYTES ((size_t)4100) /* many a reader takes time by the square of the depth */

static const struct cases_row scalars[] = { CASES_ROW("plain", "a"), CASES_ROW("empty", ""),
	CASES_ROW("null", "null"), CASES_ROW("tilde", "~"), CASES_ROW("yes", "yes"),
	CASES_ROW("norway", "no"), CASES_ROW("on", "on"), CASES_ROW("y", "y"),
	CASES_ROW("octal", "0755"), CASES_ROW("octal-1-2", "0o755"), CASES_ROW("hex", "0xff"),
	CASES_ROW("binary", "0b11"), CASES_ROW("underscores", "1_000"),
	CASES_ROW("sexagesimal", "190:20:30"), CASES_ROW("nan", ".nan"), CASES_ROW("inf", "-.INF"),
	CASES_ROW("int64-beyond", "9223372036854775808"), CASES_ROW("exponent", "1e309"),
	CASES_ROW("date", "2001-12-14"), CASES_ROW("time", "2001-12-14t21:59:43.10-05:00"),
	CASES_ROW("version", "1.10"), CASES_ROW("colon-inside", "a:b"),
	CASES_ROW("colon-at-end", "a:"), CASES_ROW("two-colons", "a: b: c"),
	CASES_ROW("hash-inside", "a#b"), CASES_ROW("hash-behind-blank", "a #b"),
	CASES_ROW("dash", "-"), CASES_ROW("dash-word", "-a"), CASES_ROW("two-dashes", "--"),
	CASES_ROW("question", "?"), CASES_ROW("question-word", "?a"), CASES_ROW("at", "@a"),
	CASES_ROW("backquote", "`a"), CASES_ROW("percent", "%a"), CASES_ROW("comma", ","),
	CASES_ROW("bracket", "a]"), CASES_ROW("brace", "a}"), CASES_ROW("equals", "="),
	CASES_ROW("merge", "<<"), CASES_ROW("continued", "a\n b"),
	CASES_ROW("continued-empty", "a\n\n b"), CASES_ROW("continued-comment", "a\n # c\n b"),
	CASES_ROW("single", "'a'"), CASES_ROW("single-empty", "''"),
	CASES_ROW("single-quote", "''''"), CASES_ROW("single-unended", "'a"),
	CASES_ROW("single-lines", "'a\n\n  b '"), CASES_ROW("single-document-end", "'a\n...\n'"),
	CASES_ROW("double", "\"a\""), CASES_ROW("double-unended", "\"a"),
	CASES_ROW("double-lines", "\"a \n\n  b\""),
	CASES_ROW("double-document-start", "\"a\n---\n\""),
	CASES_ROW("double-line-escape", "\"a\\\n  b\""),
	CASES_ROW("escape-every", "\"\\0\\a\\b\\t\\n\\v\\f\\r\\e\\ \\\"\\/\\\\\\N\\_\\L\\P\""),
	CASES_ROW("escape-x", "\"\\x41\""), CASES_ROW("escape-x-cut", "\"\\x4\""),
	CASES_ROW("escape-u", "\"\\u263a\""), CASES_ROW("escape-u-cut", "\"\\u26"),
	CASES_ROW("escape-U", "\"\\U0001f600\""), CASES_ROW("escape-U-beyond", "\"\\U00110000\""),
	CASES_ROW("escape-U-highest", "\"\\Uffffffff\""),
	CASES_ROW("escape-surrogate", "\"\\ud800\""), CASES_ROW("escape-unknown", "\"\\q\""),
	CASES_ROW("escape-at-end", "\"\\"), CASES_ROW("escape-nul", "\"\\0\""),
	CASES_ROW("behind-quote", "\"a\"b"), CASES_ROWS_END };

static const struct cases_row properties[] = { CASES_ROW("anchor", "&a b"),
	CASES_ROW("anchor-alone", "&a"), CASES_ROW("anchor-empty", "& b"),
	CASES_ROW("anchor-twice", "&a &b c"), CASES_ROW("anchor-punctuation", "&a.b/c d"),
	CASES_ROW("anchor-in-flow", "[&a b, *a]"), CASES_ROW("anchor-unicode", "&\xc3\xa9 b"),
	CASES_ROW("alias-unknown", "*a"), CASES_ROW("alias-empty", "*"),
	CASES_ROW("alias-with-anchor", "&a *b"), CASES_ROW("alias-with-tag", "!!str *a"),
	CASES_ROW("alias-to-itself", "&a [*a]"), CASES_ROW("alias-to-itself-key", "&a {*a : 1}"),
	CASES_ROW("tag-str", "!!str 1"), CASES_ROW("tag-binary", "!!binary =="),
	CASES_ROW("tag-null", "!!null x"), CASES_ROW("tag-int-word", "!!int x"),
	CASES_ROW("tag-non-specific", "! a"), CASES_ROW("tag-local", "!a b"),
	CASES_ROW("tag-verbatim", "!<tag:yaml.org,2002:str> a"),
	CASES_ROW("tag-verbatim-empty", "!<> a"), CASES_ROW("tag-verbatim-unended", "!<a"),
	CASES_ROW("tag-handle-unknown", "!e!a b"), CASES_ROW("tag-handle-empty-suffix", "!! a"),
	CASES_ROW("tag-percent", "!a%21b c"), CASES_ROW("tag-percent-cut", "!a%2"),
	CASES_ROW("tag-percent-wrong", "!a%zz b"), CASES_ROW("tag-percent-nul", "!a%00b c"),
	CASES_ROW("tag-percent-utf8", "!a%c3%a9 c"), CASES_ROW("tag-percent-bad-utf8", "!a%ff c"),
	CASES_ROW("tag-percent-cut-utf8", "!a%c3 c"), CASES_ROW("tag-twice", "!a !b c"),
	CASES_ROW("tag-and-anchor", "!a &b c"), CASES_ROW("anchor-and-tag", "&b !a c"),
	CASES_ROW("tag-no-blank", "!a,b"), CASES_ROWS_END };

static const struct cases_row blocks[] = { CASES_ROW("literal", "|\n  a\n  b\n"),
	CASES_ROW("folded", ">\n  a\n  b\n"), CASES_ROW("literal-empty", "|\n"),
	CASES_ROW("literal-end-of-input", "|"), CASES_ROW("folded-end-of-input", ">"),
	CASES_ROW("strip", "|-\n  a\n\n\n"), CASES_ROW("keep", "|+\n  a\n\n\n"),
	CASES_ROW("indent-1", "|1\n a\n"), CASES_ROW("indent-9", "|9\n         a\n"),
	CASES_ROW("indent-0", "|0\na\n"), CASES_ROW("indent-10", "|10\n a\n"),
	CASES_ROW("indent-and-keep", "|2+\n  a\n"), CASES_ROW("keep-and-indent", "|+2\n  a\n"),
	CASES_ROW("two-chompings", "|+-\n  a\n"), CASES_ROW("header-garbage", "|x\n  a\n"),
	CASES_ROW("header-comment", "| # c\n  a\n"),
	CASES_ROW("header-comment-no-blank", "|# c\n  a\n"), CASES_ROW("header-minus", "|-1\n a\n"),
	CASES_ROW("more-indented", ">\n a\n   b\n c\n"),
	CASES_ROW("less-indented", "|\n   a\n  b\n"),
	CASES_ROW("leading-blank-lines", "|\n\n\n  a\n"),
	CASES_ROW("leading-wider-blanks", "|\n     \n  a\n"), CASES_ROW("tab-indent", "|\n\ta\n"),
	CASES_ROW("tab-inside", "|\n  a\tb\n"), CASES_ROW("document-end-inside", "|\n  a\n...\n"),
	CASES_ROW("document-start-inside", "|\n  a\n---\nb\n"),
	CASES_ROW("no-newline-at-end", "|\n  a"), CASES_ROW("blanks-at-end", "|\n  a\n   "),
	CASES_ROW("cr-lines", "|\r  a\r  b\r"), CASES_ROW("crlf-lines", "|\r\n  a\r\n"),
	CASES_ROW("nel-lines", "|\n  a\xc2\x85  b\n"), CASES_ROWS_END };

static const struct cases_row flows[] = { CASES_ROW("sequence-empty", "[]"),
	CASES_ROW("mapping-empty", "{}"), CASES_ROW("sequence-open", "["),
	CASES_ROW("mapping-open", "{"), CASES_ROW("sequence-close", "]"),
	CASES_ROW("mapping-close", "}"), CASES_ROW("closed-by-other", "[a}"),
	CASES_ROW("trailing-comma", "[a,]"), CASES_ROW("comma-only", "[,]"),
	CASES_ROW("two-commas", "[a,,b]"), CASES_ROW("mapping-comma-only", "{,}"),
	CASES_ROW("key-only", "{a}"), CASES_ROW("colon-only", "{:}"),
	CASES_ROW("value-only", "{: a}"), CASES_ROW("key-no-value", "{a:}"),
	CASES_ROW("json-key", "{\"a\":1}"), CASES_ROW("explicit-key", "{? a : b}"),
	CASES_ROW("explicit-key-alone", "{?}"), CASES_ROW("pair-in-sequence", "[a: b]"),
	CASES_ROW("explicit-pair-in-sequence", "[? a : b]"),
	CASES_ROW("empty-pair-in-sequence", "[: ]"), CASES_ROW("question-in-sequence", "[?]"),
	CASES_ROW("nested-pair", "[a: {b: [c: d]}]"), CASES_ROW("sequence-key", "{[a]: b}"),
	CASES_ROW("mapping-key", "{{a: b}: c}"), CASES_ROW("lines", "[\na,\n b\n]"),
	CASES_ROW("line-at-column-0", "a: [\nb\n]"), CASES_ROW("comment", "[a, # c\nb]"),
	CASES_ROW("comment-no-blank", "[a,#c\nb]"), CASES_ROW("dash", "[-]"),
	CASES_ROW("dash-blank", "[- a]"), CASES_ROW("document-marker", "[\n---\n]"),
	CASES_ROW("document-end", "[\n...\n]"), CASES_ROW("block-inside", "[|\n a\n]"),
	CASES_ROW("anchors", "[&a , &b , *a, *b]"), CASES_ROW("tags", "[!a , !!str , !<x> y]"),
	CASES_ROW("two-flows", "[a] [b]"), CASES_ROW("key-lines", "{a\n b: c}"), CASES_ROWS_END };

static const struct cases_row structures[] = { CASES_ROW("mapping", "a: b\n"),
	CASES_ROW("sequence", "- a\n- b\n"), CASES_ROW("sequence-empty-items", "-\n-\n-"),
	CASES_ROW("sequence-in-sequence", "- - - a\n"),
	CASES_ROW("compact-mapping", "- a: b\n  c: d\n"),
	CASES_ROW("zero-indented-sequence", "a:\n- b\n- c\n"), CASES_ROW("explicit", "? a\n: b\n"),
	CASES_ROW("explicit-no-value", "? a\n"), CASES_ROW("explicit-no-key", ": b\n"),
	CASES_ROW("explicit-empty", "?\n:\n"), CASES_ROW("explicit-nested", "? ? a\n  : b\n: c\n"),
	CASES_ROW("explicit-sequence", "? - a\n: - b\n"),
	CASES_ROW("duplicate-key", "a: 1\na: 2\n"), CASES_ROW("duplicate-empty-key", ": 1\n: 2\n"),
	CASES_ROW("merge", "a: &a {b: 1}\nc:\n  <<: *a\n"),
	CASES_ROW("merge-list", "a: &a {b: 1}\nc:\n  <<: [*a, *a]\n"),
	CASES_ROW("merge-scalar", "<<: 1\n"), CASES_ROW("merge-itself", "a: &a\n  <<: *a\n"),
	CASES_ROW("wrong-indent", "a:\n    b: 1\n   c: 2\n"),
	CASES_ROW("deeper-than-scalar", "a: b\n  c: d\n"),
	CASES_ROW("dedent-to-nowhere", "  a: 1\n b: 2\n"), CASES_ROW("indented-start", "   a: 1\n"),
	CASES_ROW("tab-indent", "a:\n\tb: 1\n"), CASES_ROW("tab-behind-dash", "-\ta\n"),
	CASES_ROW("tab-behind-colon", "a:\tb\n"), CASES_ROW("tab-line", "a: 1\n\t\nb: 2\n"),
	CASES_ROW("tab-first", "\ta: b"), CASES_ROW("blank-first", " a: b\nc: d"),
	CASES_ROW("mapping-then-sequence", "a: 1\n- b\n"),
	CASES_ROW("sequence-then-mapping", "- a\nb: 1\n"),
	CASES_ROW("scalar-then-mapping", "a\nb: 1\n"), CASES_ROW("multi-line-key", "a\n b: 1\n"),
	CASES_ROW("quoted-multi-line-key", "\"a\n b\": 1\n"),
	CASES_ROW("anchor-on-key", "&a a: &b b\n*a : *b\n"),
	CASES_ROW("anchor-on-mapping", "&a\na: b\n"), CASES_ROW("anchor-on-line", "&a a: b\n"),
	CASES_ROW("tag-on-key", "!!str a: !!int 1\n"),
	CASES_ROW("alias-as-key", "a: &a b\n*a : c\n"),
	CASES_ROW("alias-as-key-no-blank", "a: &a b\n*a: c\n"), CASES_ROW("comment-only", "# c"),
	CASES_ROW("comment-indented", "a:\n      # c\n  b: 1\n"),
	CASES_ROW("comment-behind-key", "a: # c\n  b\n"), CASES_ROW("dash-no-blank", "-a\n-b\n"),
	CASES_ROW("dash-then-three", "- ---\n"), CASES_ROW("sequence-on-key-line", "a: - b\n"),
	CASES_ROW("mapping-on-key-line", "a: b: c\n"), CASES_ROW("block-behind-flow", "[a]: b\n"),
	CASES_ROW("flow-behind-block", "a: [b\nc]\n"),
	CASES_ROW("odd-dedent", "- a:\n    - b\n   - c\n"), CASES_ROWS_END };

static const struct cases_row documents[] = { CASES_ROW("start", "---"),
	CASES_ROW("start-line", "---\n"), CASES_ROW("end", "..."), CASES_ROW("end-line", "...\n"),
	CASES_ROW("start-end", "---\n...\n"), CASES_ROW("starts", "---\n---\n---\n"),
	CASES_ROW("ends", "...\n...\n...\n"), CASES_ROW("start-scalar", "--- a\n"),
	CASES_ROW("start-mapping", "--- a: b\n"), CASES_ROW("start-literal", "--- |\n a\n"),
	CASES_ROW("start-anchor", "--- &a\na: b\n"), CASES_ROW("start-no-blank", "---a\n"),
	CASES_ROW("end-garbage", "a\n... b\n"), CASES_ROW("two", "a\n---\nb\n"),
	CASES_ROW("three-with-ends", "a\n...\n---\nb\n...\n---\nc\n"),
	CASES_ROW("bare-behind-end", "a\n...\nb\n"), CASES_ROW("alias-across", "&a b\n---\n*a\n"),
	CASES_ROW("yaml-1-1", "%YAML 1.1\n---\na\n"), CASES_ROW("yaml-1-2", "%YAML 1.2\n---\na\n"),
	CASES_ROW("yaml-1-3", "%YAML 1.3\n---\na\n"), CASES_ROW("yaml-2-0", "%YAML 2.0\n---\na\n"),
	CASES_ROW("yaml-huge", "%YAML 99999999999999999999.1\n---\n"),
	CASES_ROW("yaml-int-beyond", "%YAML 2147483648.2147483648\n---\n"),
	CASES_ROW("yaml-no-minor", "%YAML 1\n---\n"), CASES_ROW("yaml-no-number", "%YAML\n---\n"),
	CASES_ROW("yaml-word", "%YAML a.b\n---\n"),
	CASES_ROW("yaml-twice", "%YAML 1.1\n%YAML 1.1\n---\n"),
	CASES_ROW("yaml-garbage", "%YAML 1.1 x\n---\n"),
	CASES_ROW("yaml-no-document", "%YAML 1.1\n"), CASES_ROW("yaml-cut", "%YAML 1."),
	CASES_ROW("tag", "%TAG !e! tag:e,2000:\n---\n!e!a b\n"),
	CASES_ROW("tag-primary", "%TAG ! tag:e,2000:\n---\n!a b\n"),
	CASES_ROW("tag-secondary", "%TAG !! tag:e,2000:\n---\n!!a b\n"),
	CASES_ROW("tag-twice", "%TAG !e! a\n%TAG !e! b\n---\n"),
	CASES_ROW("tag-no-prefix", "%TAG !e!\n---\n"), CASES_ROW("tag-no-handle", "%TAG\n---\n"),
	CASES_ROW("tag-bad-handle", "%TAG e a\n---\n"), CASES_ROW("tag-cut", "%TAG !e"),
	CASES_ROW("tag-next-document", "%TAG !e! a\n---\nb\n---\n!e!c d\n"),
	CASES_ROW("reserved", "%FOO bar\n---\n"), CASES_ROW("directive-empty", "%\n---\n"),
	CASES_ROW("directive-inside", "a\n%YAML 1.1\n---\nb\n"),
	CASES_ROW("directive-end-of-input", "%"),
	CASES_ROW("comment-then-directive", "# c\n%YAML 1.1\n---\n"),
	CASES_ROW("mark-between", "a\n---\n\xef\xbb\xbf"
				  "b\n"),
	CASES_ROW("mark-first", "\xef\xbb\xbf"
				"a: b\n"),
	CASES_ROW("nul-inside", "a: b\0c\n"), CASES_ROW("control-inside", "a: \x01\n"),
	CASES_ROWS_END };

static const struct {
	const char *name, *before, *after;
} contexts[] = { { "", "", "" }, { "@line", "", "\n" }, { "@value", "k: ", "\n" },
	{ "@item", "- ", "\n- z\n" }, { "@key", "", ": v\n" }, { "@explicit-key", "? ", "\n: v\n" },
	{ "@flow", "[", "]" }, { "@flow-unended", "[", "" }, { "@flow-value", "{k: ", "}" },
	{ "@flow-key", "{", ": v}" }, { "@second-document", "a\n--- ", "\n" },
	{ "@below", "k:\n  ", "\n  z: 1\n" } };

static void in_contexts(struct cases_sink *o, const char *group, const struct cases_row *rows)
{
	struct buf b = BUF_INIT;

	for (; rows->name; rows++) {
		for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
			buf_reset(&b);
			buf_adds(&b, contexts[i].before);
			buf_add(&b, rows->text, rows->len);
			buf_adds(&b, contexts[i].after);
			cases_put_buf(o, &b, "%s/%s%s", group, rows->name, contexts[i].name);
		}
	}
	buf_release(&b);
}

/* Aliases of aliases: bounded here, without bound where they are expanded. */
static void bombs(struct cases_sink *o)
{
	struct buf b = BUF_INIT;

	for (unsigned depth = 2; depth <= 8; depth += 2) {
		buf_reset(&b);
		buf_adds(&b, "a0: &a0 [x, x, x, x]\n");
		for (unsigned i = 1; i <= depth; i++)
			buf_addf(&b, "a%u: &a%u [*a%u, *a%u, *a%u, *a%u]\n", i, i, i - 1, i - 1,
				i - 1, i - 1);
		cases_put_buf(o, &b, "alias/bomb-sequences-%u", depth);
		buf_reset(&b);
		buf_adds(&b, "a0: &a0 {x: 1}\n");
		for (unsigned i = 1; i <= depth; i++)
			buf_addf(&b, "a%u: &a%u {b: *a%u, c: *a%u}\n", i, i, i - 1, i - 1);
		cases_put_buf(o, &b, "alias/bomb-mappings-%u", depth);
		buf_reset(&b);
		buf_adds(&b, "a0: &a0 {x: 1}\n");
		for (unsigned i = 1; i <= depth; i++)
			buf_addf(&b, "a%u: &a%u\n  <<: [*a%u, *a%u]\n  y%u: 1\n", i, i, i - 1,
				i - 1, i);
		cases_put_buf(o, &b, "alias/bomb-merges-%u", depth);
	}
	buf_release(&b);
}

static void stairs(struct cases_sink *o, size_t max)
{
	struct buf b = BUF_INIT;

	for (const size_t *n = cases_sizes; *n && *n * (*n + 3) / 2 < max; n++) {
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++) {
			cases_repeat(&b, " ", i);
			buf_adds(&b, "a:\n");
		}
		cases_put_buf(o, &b, "depth/mappings-%zu", *n);
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++) {
			cases_repeat(&b, " ", *n - i);
			buf_adds(&b, "- a\n");
		}
		cases_put_buf(o, &b, "depth/dedents-%zu", *n);
	}
	buf_release(&b);
}

static void nesting(struct cases_sink *o, size_t max)
{
	cases_put_nested(o, "depth/flow-sequences", "[", "", "]", max);
	cases_put_nested(o, "depth/flow-sequences-unclosed", "[", "", "", max);
	cases_put_nested(o, "depth/flow-mappings", "{a: ", "b", "}", max);
	cases_put_nested(o, "depth/flow-mappings-unclosed", "{a: ", "", "", max);
	cases_put_nested(o, "depth/flow-mapping-keys", "{", "", "", max);
	cases_put_nested(o, "depth/flow-pairs", "[a: ", "b", "]", max);
	cases_put_nested(o, "depth/block-sequences", "- ", "a", "", max);
	cases_put_nested(o, "depth/explicit-keys", "? ", "a", "", max);
	cases_put_nested(o, "depth/values", ": ", "a", "", max);
}

static void quantity(struct cases_sink *o, size_t max)
{
	cases_put_long(o, "long/plain", "", "a", "", max);
	cases_put_long(o, "long/key", "", "k", ": v\n", max);
	cases_put_long(o, "long/quoted-key", "\"", "k", "\": v\n", max);
	cases_put_long(o, "long/flow-key", "{", "k", ": v}", max);
	cases_put_long(o, "long/flow-json-key", "{\"", "k", "\":v}", max);
	cases_put_long(o, "long/plain-lines", "a", "\n b", "", max);
	cases_put_long(o, "long/plain-empty-lines", "a", "\n", " b", max);
	cases_put_long(o, "long/double", "\"", "a", "\"", max);
	cases_put_long(o, "long/double-escapes", "\"", "\\x41", "\"", max);
	cases_put_long(o, "long/single-quotes", "'", "''", "'", max);
	cases_put_long(o, "long/literal-line", "|\n ", "a", "\n", max);
	cases_put_long(o, "long/literal-lines", "|\n", " a\n", "", max);
	cases_put_long(o, "long/literal-blank-lines", "|\n", "\n", " a\n", max);
	cases_put_long(o, "long/literal-indent", "|\n", " ", "a\n", max);
	cases_put_long(o, "long/keep-lines", "|+\n a\n", "\n", "", max);
	cases_put_long(o, "long/anchor", "&", "a", " b\n", max);
	cases_put_long(o, "long/alias", "*", "a", "\n", max);
	cases_put_long(o, "long/tag", "!", "a", " b\n", max);
	cases_put_long(o, "long/tag-percent", "!", "%41", " b\n", max);
	cases_put_long(o, "long/tag-verbatim", "!<", "a", "> b\n", max);
	cases_put_long(o, "long/tag-verbatim-percent", "!<", "%41", "> b\n", max);
	cases_put_long(o, "long/tag-prefix", "%TAG !e! ", "a", "\n---\n!e!b c\n", max);
	cases_put_long(o, "long/tag-prefix-percent", "%TAG !e! ", "%41", "\n---\n!e!b c\n", max);
	cases_put_long(o, "long/tag-behind-prefix", "%TAG !e! a\n---\n!e!", "%41", " b\n", max);
	cases_put_long(o, "long/comment", "#", "a", "\n", max);
	cases_put_long(o, "long/comments", "", "#\n", "a\n", max);
	cases_put_long(o, "long/indent", "", " ", "a: b\n", max);
	cases_put_long(o, "long/directive", "%", "a", "\n---\n", max);
	cases_put_long(o, "long/tag-handle", "%TAG !", "e", "! a\n---\n", max);
	cases_put_long(o, "long/version", "%YAML 1.", "1", "\n---\n", max);
	cases_put_long(o, "wide/sequence", "", "- a\n", "", max);
	cases_put_long(o, "wide/sequence-empty", "", "-\n", "", max);
	cases_put_long(o, "wide/mapping-same-key", "", "a: b\n", "", max);
	cases_put_long(o, "wide/flow-sequence", "[", "a,", "]", max);
	cases_put_long(o, "wide/flow-commas", "[", ",", "]", max);
	cases_put_long(o, "wide/flow-mapping", "{", "a: b,", "}", max);
	cases_put_long(o, "wide/documents", "", "---\n", "", max);
	cases_put_long(o, "wide/documents-with-ends", "", "--- a\n...\n", "", max);
	cases_put_long(o, "wide/aliases", "- &a b\n", "- *a\n", "", max);
	cases_put_long(o, "wide/anchors", "", "- &a b\n", "", max);
	cases_put_long(o, "wide/tag-directives", "", "%TAG !e! a\n", "---\n", max);
	cases_put_long(o, "wide/question-marks", "", "?\n", "", max);
	cases_put_long(o, "wide/colons", "", ":\n", "", max);
}

static void unique(struct cases_sink *o, size_t max)
{
	struct buf b = BUF_INIT;

	for (const size_t *n = cases_sizes; *n && *n * 20 < max; n++) {
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "- &a%zu %zu\n", i, i);
		buf_addf(&b, "- *a%zu\n", *n - 1);
		cases_put_buf(o, &b, "wide/different-anchors-%zu", *n);
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "%%TAG !a%zu! b\n", i);
		buf_adds(&b, "---\na\n");
		cases_put_buf(o, &b, "wide/different-handles-%zu", *n);
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++)
			buf_addf(&b, "a%zu: %zu\n", i, i);
		cases_put_buf(o, &b, "wide/different-keys-%zu", *n);
	}
	/* a simple key may be 1024 characters long */
	for (size_t n = 1020; n <= 1026 && n + 8 < max; n++) {
		buf_reset(&b);
		cases_repeat(&b, "k", n);
		cases_put(o, b.s, b.len, "key-limit/end-of-input-%zu", n);
		buf_adds(&b, " : v\n");
		cases_put_buf(o, &b, "key-limit/blank-%zu", n);
	}
	buf_release(&b);
}

bool cases_yaml(struct cases_sink *o, const struct cases_input *in, size_t step)
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
		for (const struct cases_row *r = documents; r->name; r++)
			cases_put(o, r->text, r->len, "document/%s", r->name);
		bombs(o);
		return false;
	}
}

bool cases_yaml_long(struct cases_sink *o, const struct cases_input *in, size_t step)
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
