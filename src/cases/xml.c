/* XML: names, attributes, entities (bounded bombs, nothing fetched), CDATA, declarations and their order. */
#include "base/prelude.h"
#include "cases/internal.h"

#define BOMB "<!DOCTYPE a [<!ENTITY e0 'x'>"

static const struct cases_row rows[] = { CASES_ROW("element", "<a/>"),
	CASES_ROW("element-pair", "<a></a>"), CASES_ROW("element-text", "<a>b</a>"),
	CASES_ROW("open-only", "<a>"), CASES_ROW("close-only", "</a>"),
	CASES_ROW("less-than-only", "<"), CASES_ROW("empty-tag", "<>"),
	CASES_ROW("empty-close", "</>"), CASES_ROW("cut-in-name", "<abc"),
	CASES_ROW("cut-before-end", "<a/"), CASES_ROW("cut-in-close", "<a></a"),
	CASES_ROW("other-close", "<a></b>"), CASES_ROW("crossed", "<a><b></a></b>"),
	CASES_ROW("two-roots", "<a/><b/>"), CASES_ROW("text-only", "abc"),
	CASES_ROW("text-behind", "<a/>b"), CASES_ROW("text-before", "b<a/>"),
	CASES_ROW("blank-in-tag", "< a/>"), CASES_ROW("blank-in-close", "<a></ a>"),
	CASES_ROW("blank-behind-name", "<a ></a >"), CASES_ROW("name-digit", "<1a/>"),
	CASES_ROW("name-dash", "<-a/>"), CASES_ROW("name-colon", "<:/>"),
	CASES_ROW("name-colons", "<a:b:c/>"), CASES_ROW("name-unicode", "<\xc3\xa9/>"),
	CASES_ROW("name-nul", "<a\0b/>"), CASES_ROW("case", "<a></A>"),
	CASES_ROW("attribute", "<a b='c'/>"), CASES_ROW("attribute-no-value", "<a b/>"),
	CASES_ROW("attribute-no-quotes", "<a b=c/>"), CASES_ROW("attribute-unended", "<a b='c/>"),
	CASES_ROW("attribute-cut-equals", "<a b="), CASES_ROW("attribute-cut-quote", "<a b='"),
	CASES_ROW("attribute-twice", "<a b='1' b='2'/>"),
	CASES_ROW("attribute-less-than", "<a b='<'/>"),
	CASES_ROW("attribute-no-blank", "<a b='1'c='2'/>"),
	CASES_ROW("attribute-in-close", "<a></a b='c'>"),
	CASES_ROW("attribute-newline", "<a b='c\nd'/>"), CASES_ROW("attribute-empty", "<a b=''/>"),
	CASES_ROW("attribute-quotes", "<a b=\"'\" c='\"'/>"),
	CASES_ROW("attribute-entity", "<a b='&lt;&#10;'/>"),
	CASES_ROW("namespace", "<p:a xmlns:p='u'/>"), CASES_ROW("namespace-unbound", "<p:a/>"),
	CASES_ROW("namespace-empty", "<p:a xmlns:p=''/>"),
	CASES_ROW("namespace-default-empty", "<a xmlns=''/>"),
	CASES_ROW("namespace-xmlns", "<a xmlns:xmlns='u'/>"),
	CASES_ROW("namespace-xml", "<a xmlns:xml='u'/>"),
	CASES_ROW("namespace-same-attribute", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>"),
	CASES_ROW("entity-known", "<a>&lt;&gt;&amp;&quot;&apos;</a>"),
	CASES_ROW("entity-unknown", "<a>&b;</a>"), CASES_ROW("entity-empty", "<a>&;</a>"),
	CASES_ROW("entity-unended", "<a>&lt</a>"), CASES_ROW("entity-end-of-input", "<a>&"),
	CASES_ROW("entity-hash-end", "<a>&#"), CASES_ROW("entity-number-empty", "<a>&#;</a>"),
	CASES_ROW("entity-hex-empty", "<a>&#x;</a>"), CASES_ROW("entity-nul", "<a>&#0;</a>"),
	CASES_ROW("entity-control", "<a>&#1;</a>"),
	CASES_ROW("entity-surrogate", "<a>&#xd800;</a>"),
	CASES_ROW("entity-fffe", "<a>&#xfffe;</a>"),
	CASES_ROW("entity-highest", "<a>&#x10ffff;</a>"),
	CASES_ROW("entity-beyond", "<a>&#x110000;</a>"),
	CASES_ROW("entity-int32", "<a>&#2147483648;</a>"),
	CASES_ROW("entity-uint32-wraps", "<a>&#4294967361;</a>"),
	CASES_ROW("entity-hex-int32", "<a>&#x80000000;</a>"),
	CASES_ROW("entity-hex-uint32", "<a>&#xffffffff;</a>"),
	CASES_ROW("entity-hex-uint32-wraps", "<a>&#x100000041;</a>"),
	CASES_ROW("entity-hex-uint64", "<a>&#xffffffffffffffff;</a>"),
	CASES_ROW("entity-hex-minus", "<a>&#x-1;</a>"),
	CASES_ROW("entity-huge", "<a>&#99999999999999999999;</a>"),
	CASES_ROW("entity-minus", "<a>&#-1;</a>"), CASES_ROW("entity-upper-x", "<a>&#X41;</a>"),
	CASES_ROW("ampersand", "<a>b & c</a>"), CASES_ROW("cdata", "<a><![CDATA[<b>&]]></a>"),
	CASES_ROW("cdata-empty", "<a><![CDATA[]]></a>"),
	CASES_ROW("cdata-unended", "<a><![CDATA[b"),
	CASES_ROW("cdata-one-bracket", "<a><![CDATA[b]"),
	CASES_ROW("cdata-two-brackets", "<a><![CDATA[b]]"),
	CASES_ROW("cdata-brackets", "<a><![CDATA[]]]]]></a>"),
	CASES_ROW("cdata-lower", "<a><![cdata[b]]></a>"),
	CASES_ROW("cdata-outside", "<![CDATA[b]]><a/>"),
	CASES_ROW("cdata-end-in-text", "<a>]]></a>"), CASES_ROW("comment", "<!-- c --><a/>"),
	CASES_ROW("comment-empty", "<!----><a/>"), CASES_ROW("comment-short", "<!--><a/>"),
	CASES_ROW("comment-shorter", "<!---><a/>"), CASES_ROW("comment-dashes", "<!-- -- --><a/>"),
	CASES_ROW("comment-three-dashes", "<!-- c ---><a/>"),
	CASES_ROW("comment-unended", "<!-- c"), CASES_ROW("comment-unended-dashes", "<!-- c --"),
	CASES_ROW("comment-in-tag", "<a <!-- c --> />"), CASES_ROW("instruction", "<?p d?><a/>"),
	CASES_ROW("instruction-empty", "<?\?><a/>"), CASES_ROW("instruction-unended", "<?p d"),
	CASES_ROW("instruction-question", "<?p ?\?><a/>"),
	CASES_ROW("instruction-xml", "<a><?xml version='1.0'?></a>"),
	CASES_ROW("declaration", "<?xml version='1.0'?><a/>"),
	CASES_ROW("declaration-1-1", "<?xml version='1.1'?><a/>"),
	CASES_ROW("declaration-2", "<?xml version='2.0'?><a/>"),
	CASES_ROW("declaration-no-version", "<?xml?><a/>"),
	CASES_ROW("declaration-order", "<?xml encoding='utf-8' version='1.0'?><a/>"),
	CASES_ROW("declaration-encoding-unknown", "<?xml version='1.0' encoding='x'?><a/>"),
	CASES_ROW("declaration-encoding-lies", "<?xml version='1.0' encoding='utf-16'?><a/>"),
	CASES_ROW("declaration-encoding-empty", "<?xml version='1.0' encoding=''?><a/>"),
	CASES_ROW("declaration-standalone", "<?xml version='1.0' standalone='maybe'?><a/>"),
	CASES_ROW("declaration-behind-blank", " <?xml version='1.0'?><a/>"),
	CASES_ROW("declaration-twice", "<?xml version='1.0'?><?xml version='1.0'?><a/>"),
	CASES_ROW("doctype", "<!DOCTYPE a><a/>"), CASES_ROW("doctype-unended", "<!DOCTYPE a"),
	CASES_ROW("doctype-empty", "<!DOCTYPE><a/>"),
	CASES_ROW("doctype-subset-unended", "<!DOCTYPE a ["),
	CASES_ROW("doctype-twice", "<!DOCTYPE a><!DOCTYPE a><a/>"),
	CASES_ROW("doctype-behind", "<a/><!DOCTYPE a>"),
	CASES_ROW("doctype-element", "<!DOCTYPE a [<!ELEMENT a (b|c)*>]><a/>"),
	CASES_ROW("doctype-element-cut", "<!DOCTYPE a [<!ELEMENT a ("),
	CASES_ROW("doctype-attlist", "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>"),
	CASES_ROW("doctype-notation", "<!DOCTYPE a [<!NOTATION n SYSTEM 'x'>]><a/>"),
	CASES_ROW("doctype-conditional", "<!DOCTYPE a [<![INCLUDE[<!ENTITY e 'x'>]]>]><a/>"),
	CASES_ROW("entity-declared", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"),
	CASES_ROW("entity-of-markup", "<!DOCTYPE a [<!ENTITY e '<b>'>]><a>&e;</b></a>"),
	CASES_ROW("entity-of-itself", "<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>"),
	CASES_ROW("entity-of-each-other",
		"<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]><a>&e;</a>"),
	CASES_ROW("entity-parameter",
		"<!DOCTYPE a [<!ENTITY % e '<!ENTITY f \"x\">'>%e;]><a>&f;</a>"),
	CASES_ROW("entity-parameter-of-itself", "<!DOCTYPE a [<!ENTITY % e '%e;'>%e;]><a/>"),
	CASES_ROW("entity-external-missing",
		"<!DOCTYPE a [<!ENTITY e SYSTEM 'no-such-file'>]><a>&e;</a>"),
	CASES_ROW("entity-twice", "<!DOCTYPE a [<!ENTITY e '1'><!ENTITY e '2'>]><a>&e;</a>"),
	CASES_ROW("entity-in-attribute", "<!DOCTYPE a [<!ENTITY e '<'>]><a b='&e;'/>"),
	CASES_ROW("bomb-3", BOMB "<!ENTITY e1 '&e0;&e0;&e0;&e0;'><!ENTITY e2 "
				 "'&e1;&e1;&e1;&e1;'><!ENTITY e3 '&e2;&e2;&e2;&e2;'>]><a>&e3;</a>"),
	CASES_ROW("mark", "\xef\xbb\xbf<a/>"), CASES_ROW("nul-behind", "<a/>\0"),
	CASES_ROW("control", "<a>\x01</a>"), CASES_ROW("bad-utf8", "<a>\xff</a>"),
	CASES_ROW("utf16-le", "\xff\xfe<\0a\0/\0>\0"), CASES_ROWS_END };

bool cases_xml(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	if (step == 0) {
		cases_put_rows(o, rows);
		return true;
	}
	cases_put_nested(o, "depth/elements", "<a>", "", "</a>", in->max_len);
	cases_put_nested(o, "depth/elements-unclosed", "<a>", "", "", in->max_len);
	cases_put_nested(o, "depth/closes", "", "", "</a>", in->max_len);
	cases_put_nested(o, "depth/model", "<!DOCTYPE a [<!ELEMENT a (", "b", ")>", in->max_len);
	cases_put_long(o, "depth/model-groups", "<!DOCTYPE a [<!ELEMENT a ", "(", "b", in->max_len);
	cases_put_long(o, "long/name", "<", "a", "/>", in->max_len);
	cases_put_long(o, "long/name-unended", "<", "a", "", in->max_len);
	cases_put_long(o, "long/attribute-name", "<a ", "b", "='c'/>", in->max_len);
	cases_put_long(o, "long/attribute-value", "<a b='", "c", "'/>", in->max_len);
	cases_put_long(o, "long/text", "<a>", "b", "</a>", in->max_len);
	cases_put_long(o, "long/entities", "<a>", "&amp;", "</a>", in->max_len);
	cases_put_long(o, "long/entity-name", "<a>&", "b", ";</a>", in->max_len);
	cases_put_long(o, "long/entity-zeros", "<a>&#", "0", "65;</a>", in->max_len);
	cases_put_long(o, "long/comment", "<!--", "c", "--><a/>", in->max_len);
	cases_put_long(o, "long/comment-dashes", "<!--", "-", "><a/>", in->max_len);
	cases_put_long(o, "long/cdata", "<a><![CDATA[", "]", "]></a>", in->max_len);
	cases_put_long(o, "long/instruction", "<?p ", "?", ">", in->max_len);
	cases_put_long(o, "long/blanks-in-tag", "<a", " ", "/>", in->max_len);
	cases_put_long(o, "wide/attributes-same", "<a", " b='c'", "/>", in->max_len);
	cases_put_long(o, "wide/children", "<a>", "<b/>", "</a>", in->max_len);
	cases_put_long(o, "wide/comments", "", "<!---->", "<a/>", in->max_len);
	cases_put_long(o, "wide/colons", "<a", ":a", "/>", in->max_len);
	return false;
}
