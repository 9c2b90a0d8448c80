/* XML: names, attributes, entities (bounded bombs, nothing fetched), CDATA, declarations and their order. */
#include "base/prelude.h"
#include "edge/edge.h"

#define BOMB "<!DOCTYPE a [<!ENTITY e0 'x'>"

static const struct edge_row rows[] = { EDGE_ROW("element", "<a/>"),
	EDGE_ROW("element-pair", "<a></a>"), EDGE_ROW("element-text", "<a>b</a>"),
	EDGE_ROW("open-only", "<a>"), EDGE_ROW("close-only", "</a>"),
	EDGE_ROW("less-than-only", "<"), EDGE_ROW("empty-tag", "<>"),
	EDGE_ROW("empty-close", "</>"), EDGE_ROW("cut-in-name", "<abc"),
	EDGE_ROW("cut-before-end", "<a/"), EDGE_ROW("cut-in-close", "<a></a"),
	EDGE_ROW("other-close", "<a></b>"), EDGE_ROW("crossed", "<a><b></a></b>"),
	EDGE_ROW("two-roots", "<a/><b/>"), EDGE_ROW("text-only", "abc"),
	EDGE_ROW("text-behind", "<a/>b"), EDGE_ROW("text-before", "b<a/>"),
	EDGE_ROW("blank-in-tag", "< a/>"), EDGE_ROW("blank-in-close", "<a></ a>"),
	EDGE_ROW("blank-behind-name", "<a ></a >"), EDGE_ROW("name-digit", "<1a/>"),
	EDGE_ROW("name-dash", "<-a/>"), EDGE_ROW("name-colon", "<:/>"),
	EDGE_ROW("name-colons", "<a:b:c/>"), EDGE_ROW("name-unicode", "<\xc3\xa9/>"),
	EDGE_ROW("name-nul", "<a\0b/>"), EDGE_ROW("case", "<a></A>"),
	EDGE_ROW("attribute", "<a b='c'/>"), EDGE_ROW("attribute-no-value", "<a b/>"),
	EDGE_ROW("attribute-no-quotes", "<a b=c/>"), EDGE_ROW("attribute-unended", "<a b='c/>"),
	EDGE_ROW("attribute-cut-equals", "<a b="), EDGE_ROW("attribute-cut-quote", "<a b='"),
	EDGE_ROW("attribute-twice", "<a b='1' b='2'/>"),
	EDGE_ROW("attribute-less-than", "<a b='<'/>"),
	EDGE_ROW("attribute-no-blank", "<a b='1'c='2'/>"),
	EDGE_ROW("attribute-in-close", "<a></a b='c'>"),
	EDGE_ROW("attribute-newline", "<a b='c\nd'/>"), EDGE_ROW("attribute-empty", "<a b=''/>"),
	EDGE_ROW("attribute-quotes", "<a b=\"'\" c='\"'/>"),
	EDGE_ROW("attribute-entity", "<a b='&lt;&#10;'/>"),
	EDGE_ROW("namespace", "<p:a xmlns:p='u'/>"), EDGE_ROW("namespace-unbound", "<p:a/>"),
	EDGE_ROW("namespace-empty", "<p:a xmlns:p=''/>"),
	EDGE_ROW("namespace-default-empty", "<a xmlns=''/>"),
	EDGE_ROW("namespace-xmlns", "<a xmlns:xmlns='u'/>"),
	EDGE_ROW("namespace-xml", "<a xmlns:xml='u'/>"),
	EDGE_ROW("namespace-same-attribute", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>"),
	EDGE_ROW("entity-known", "<a>&lt;&gt;&amp;&quot;&apos;</a>"),
	EDGE_ROW("entity-unknown", "<a>&b;</a>"), EDGE_ROW("entity-empty", "<a>&;</a>"),
	EDGE_ROW("entity-unended", "<a>&lt</a>"), EDGE_ROW("entity-end-of-input", "<a>&"),
	EDGE_ROW("entity-hash-end", "<a>&#"), EDGE_ROW("entity-number-empty", "<a>&#;</a>"),
	EDGE_ROW("entity-hex-empty", "<a>&#x;</a>"), EDGE_ROW("entity-nul", "<a>&#0;</a>"),
	EDGE_ROW("entity-control", "<a>&#1;</a>"), EDGE_ROW("entity-surrogate", "<a>&#xd800;</a>"),
	EDGE_ROW("entity-fffe", "<a>&#xfffe;</a>"), EDGE_ROW("entity-highest", "<a>&#x10ffff;</a>"),
	EDGE_ROW("entity-beyond", "<a>&#x110000;</a>"),
	EDGE_ROW("entity-int32", "<a>&#2147483648;</a>"),
	EDGE_ROW("entity-uint32-wraps", "<a>&#4294967361;</a>"),
	EDGE_ROW("entity-hex-int32", "<a>&#x80000000;</a>"),
	EDGE_ROW("entity-hex-uint32", "<a>&#xffffffff;</a>"),
	EDGE_ROW("entity-hex-uint32-wraps", "<a>&#x100000041;</a>"),
	EDGE_ROW("entity-hex-uint64", "<a>&#xffffffffffffffff;</a>"),
	EDGE_ROW("entity-hex-minus", "<a>&#x-1;</a>"),
	EDGE_ROW("entity-huge", "<a>&#99999999999999999999;</a>"),
	EDGE_ROW("entity-minus", "<a>&#-1;</a>"), EDGE_ROW("entity-upper-x", "<a>&#X41;</a>"),
	EDGE_ROW("ampersand", "<a>b & c</a>"), EDGE_ROW("cdata", "<a><![CDATA[<b>&]]></a>"),
	EDGE_ROW("cdata-empty", "<a><![CDATA[]]></a>"), EDGE_ROW("cdata-unended", "<a><![CDATA[b"),
	EDGE_ROW("cdata-one-bracket", "<a><![CDATA[b]"),
	EDGE_ROW("cdata-two-brackets", "<a><![CDATA[b]]"),
	EDGE_ROW("cdata-brackets", "<a><![CDATA[]]]]]></a>"),
	EDGE_ROW("cdata-lower", "<a><![cdata[b]]></a>"),
	EDGE_ROW("cdata-outside", "<![CDATA[b]]><a/>"), EDGE_ROW("cdata-end-in-text", "<a>]]></a>"),
	EDGE_ROW("comment", "<!-- c --><a/>"), EDGE_ROW("comment-empty", "<!----><a/>"),
	EDGE_ROW("comment-short", "<!--><a/>"), EDGE_ROW("comment-shorter", "<!---><a/>"),
	EDGE_ROW("comment-dashes", "<!-- -- --><a/>"),
	EDGE_ROW("comment-three-dashes", "<!-- c ---><a/>"), EDGE_ROW("comment-unended", "<!-- c"),
	EDGE_ROW("comment-unended-dashes", "<!-- c --"),
	EDGE_ROW("comment-in-tag", "<a <!-- c --> />"), EDGE_ROW("instruction", "<?p d?><a/>"),
	EDGE_ROW("instruction-empty", "<?\?><a/>"), EDGE_ROW("instruction-unended", "<?p d"),
	EDGE_ROW("instruction-question", "<?p ?\?><a/>"),
	EDGE_ROW("instruction-xml", "<a><?xml version='1.0'?></a>"),
	EDGE_ROW("declaration", "<?xml version='1.0'?><a/>"),
	EDGE_ROW("declaration-1-1", "<?xml version='1.1'?><a/>"),
	EDGE_ROW("declaration-2", "<?xml version='2.0'?><a/>"),
	EDGE_ROW("declaration-no-version", "<?xml?><a/>"),
	EDGE_ROW("declaration-order", "<?xml encoding='utf-8' version='1.0'?><a/>"),
	EDGE_ROW("declaration-encoding-unknown", "<?xml version='1.0' encoding='x'?><a/>"),
	EDGE_ROW("declaration-encoding-lies", "<?xml version='1.0' encoding='utf-16'?><a/>"),
	EDGE_ROW("declaration-encoding-empty", "<?xml version='1.0' encoding=''?><a/>"),
	EDGE_ROW("declaration-standalone", "<?xml version='1.0' standalone='maybe'?><a/>"),
	EDGE_ROW("declaration-behind-blank", " <?xml version='1.0'?><a/>"),
	EDGE_ROW("declaration-twice", "<?xml version='1.0'?><?xml version='1.0'?><a/>"),
	EDGE_ROW("doctype", "<!DOCTYPE a><a/>"), EDGE_ROW("doctype-unended", "<!DOCTYPE a"),
	EDGE_ROW("doctype-empty", "<!DOCTYPE><a/>"),
	EDGE_ROW("doctype-subset-unended", "<!DOCTYPE a ["),
	EDGE_ROW("doctype-twice", "<!DOCTYPE a><!DOCTYPE a><a/>"),
	EDGE_ROW("doctype-behind", "<a/><!DOCTYPE a>"),
	EDGE_ROW("doctype-element", "<!DOCTYPE a [<!ELEMENT a (b|c)*>]><a/>"),
	EDGE_ROW("doctype-element-cut", "<!DOCTYPE a [<!ELEMENT a ("),
	EDGE_ROW("doctype-attlist", "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>"),
	EDGE_ROW("doctype-notation", "<!DOCTYPE a [<!NOTATION n SYSTEM 'x'>]><a/>"),
	EDGE_ROW("doctype-conditional", "<!DOCTYPE a [<![INCLUDE[<!ENTITY e 'x'>]]>]><a/>"),
	EDGE_ROW("entity-declared", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>"),
	EDGE_ROW("entity-of-markup", "<!DOCTYPE a [<!ENTITY e '<b>'>]><a>&e;</b></a>"),
	EDGE_ROW("entity-of-itself", "<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>"),
	EDGE_ROW("entity-of-each-other",
		"<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]><a>&e;</a>"),
	EDGE_ROW("entity-parameter",
		"<!DOCTYPE a [<!ENTITY % e '<!ENTITY f \"x\">'>%e;]><a>&f;</a>"),
	EDGE_ROW("entity-parameter-of-itself", "<!DOCTYPE a [<!ENTITY % e '%e;'>%e;]><a/>"),
	EDGE_ROW("entity-external-missing",
		"<!DOCTYPE a [<!ENTITY e SYSTEM 'no-such-file'>]><a>&e;</a>"),
	EDGE_ROW("entity-twice", "<!DOCTYPE a [<!ENTITY e '1'><!ENTITY e '2'>]><a>&e;</a>"),
	EDGE_ROW("entity-in-attribute", "<!DOCTYPE a [<!ENTITY e '<'>]><a b='&e;'/>"),
	EDGE_ROW("bomb-3", BOMB "<!ENTITY e1 '&e0;&e0;&e0;&e0;'><!ENTITY e2 "
				"'&e1;&e1;&e1;&e1;'><!ENTITY e3 '&e2;&e2;&e2;&e2;'>]><a>&e3;</a>"),
	EDGE_ROW("mark", "\xef\xbb\xbf<a/>"), EDGE_ROW("nul-behind", "<a/>\0"),
	EDGE_ROW("control", "<a>\x01</a>"), EDGE_ROW("bad-utf8", "<a>\xff</a>"),
	EDGE_ROW("utf16-le", "\xff\xfe<\0a\0/\0>\0"), EDGE_ROWS_END };

bool edge_xml(struct edge_out *o, const struct edge_input *in, size_t step)
{
	if (step == 0) {
		edge_put_rows(o, rows);
		return true;
	}
	edge_put_nested(o, "depth/elements", "<a>", "", "</a>", in->max_len);
	edge_put_nested(o, "depth/elements-unclosed", "<a>", "", "", in->max_len);
	edge_put_nested(o, "depth/closes", "", "", "</a>", in->max_len);
	edge_put_nested(o, "depth/model", "<!DOCTYPE a [<!ELEMENT a (", "b", ")>", in->max_len);
	edge_put_long(o, "depth/model-groups", "<!DOCTYPE a [<!ELEMENT a ", "(", "b", in->max_len);
	edge_put_long(o, "long/name", "<", "a", "/>", in->max_len);
	edge_put_long(o, "long/name-unended", "<", "a", "", in->max_len);
	edge_put_long(o, "long/attribute-name", "<a ", "b", "='c'/>", in->max_len);
	edge_put_long(o, "long/attribute-value", "<a b='", "c", "'/>", in->max_len);
	edge_put_long(o, "long/text", "<a>", "b", "</a>", in->max_len);
	edge_put_long(o, "long/entities", "<a>", "&amp;", "</a>", in->max_len);
	edge_put_long(o, "long/entity-name", "<a>&", "b", ";</a>", in->max_len);
	edge_put_long(o, "long/entity-zeros", "<a>&#", "0", "65;</a>", in->max_len);
	edge_put_long(o, "long/comment", "<!--", "c", "--><a/>", in->max_len);
	edge_put_long(o, "long/comment-dashes", "<!--", "-", "><a/>", in->max_len);
	edge_put_long(o, "long/cdata", "<a><![CDATA[", "]", "]></a>", in->max_len);
	edge_put_long(o, "long/instruction", "<?p ", "?", ">", in->max_len);
	edge_put_long(o, "long/blanks-in-tag", "<a", " ", "/>", in->max_len);
	edge_put_long(o, "wide/attributes-same", "<a", " b='c'", "/>", in->max_len);
	edge_put_long(o, "wide/children", "<a>", "<b/>", "</a>", in->max_len);
	edge_put_long(o, "wide/comments", "", "<!---->", "<a/>", in->max_len);
	edge_put_long(o, "wide/colons", "<a", ":a", "/>", in->max_len);
	return false;
}
