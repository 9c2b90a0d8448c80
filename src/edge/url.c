/* URLs: each component missing, empty, doubled, escaped and beyond its range. */
#include "base/prelude.h"
#include "edge/edge.h"

static const struct edge_row rows[] = { EDGE_ROW("plain", "http://a/b?c=d#e"),
	EDGE_ROW("scheme-only", "http:"), EDGE_ROW("scheme-slash", "http:/"),
	EDGE_ROW("scheme-slashes", "http://"), EDGE_ROW("three-slashes", "http:///a"),
	EDGE_ROW("scheme-empty", "://a"), EDGE_ROW("scheme-digit", "1a://b"),
	EDGE_ROW("scheme-upper", "HTTP://A"), EDGE_ROW("scheme-signs", "a+b-c.d://e"),
	EDGE_ROW("scheme-colon", ":"), EDGE_ROW("scheme-long", "abcdefghijklmnopqrstuvwxyz://a"),
	EDGE_ROW("relative", "a/b"), EDGE_ROW("absolute-path", "/a/b"),
	EDGE_ROW("network-path", "//a/b"), EDGE_ROW("query-only", "?a"),
	EDGE_ROW("fragment-only", "#a"), EDGE_ROW("backslashes", "http:\\\\a\\b"),
	EDGE_ROW("user", "http://u@a"), EDGE_ROW("user-password", "http://u:p@a"),
	EDGE_ROW("user-empty", "http://@a"), EDGE_ROW("password-empty", "http://u:@a"),
	EDGE_ROW("user-colon-only", "http://:@a"), EDGE_ROW("two-ats", "http://u@v@a"),
	EDGE_ROW("at-without-host", "http://u@"), EDGE_ROW("user-escaped-at", "http://u%40v@a"),
	EDGE_ROW("user-slash", "http://u/@a"), EDGE_ROW("port", "http://a:80"),
	EDGE_ROW("port-empty", "http://a:"), EDGE_ROW("port-zero", "http://a:0"),
	EDGE_ROW("port-65535", "http://a:65535"), EDGE_ROW("port-65536", "http://a:65536"),
	EDGE_ROW("port-huge", "http://a:99999999999999999999"),
	EDGE_ROW("port-minus", "http://a:-1"), EDGE_ROW("port-plus", "http://a:+1"),
	EDGE_ROW("port-zeros", "http://a:00080"), EDGE_ROW("port-letters", "http://a:b"),
	EDGE_ROW("port-mixed", "http://a:8b"), EDGE_ROW("two-ports", "http://a:1:2"),
	EDGE_ROW("ipv4", "http://127.0.0.1"), EDGE_ROW("ipv4-short", "http://127.1"),
	EDGE_ROW("ipv4-number", "http://2130706433"), EDGE_ROW("ipv4-octal", "http://0177.0.0.1"),
	EDGE_ROW("ipv4-hex", "http://0x7f.0.0.1"), EDGE_ROW("ipv4-256", "http://256.0.0.1"),
	EDGE_ROW("ipv4-five", "http://1.2.3.4.5"), EDGE_ROW("ipv4-trailing-dot", "http://1.2.3.4."),
	EDGE_ROW("ipv6", "http://[::1]"), EDGE_ROW("ipv6-port", "http://[::1]:80"),
	EDGE_ROW("ipv6-unended", "http://[::1"), EDGE_ROW("ipv6-empty", "http://[]"),
	EDGE_ROW("ipv6-garbage-behind", "http://[::1]a"),
	EDGE_ROW("ipv6-zone", "http://[fe80::1%25eth0]"),
	EDGE_ROW("ipv6-zone-empty", "http://[fe80::1%25]"),
	EDGE_ROW("ipv6-two-doubles", "http://[1::2::3]"),
	EDGE_ROW("ipv6-nine", "http://[1:2:3:4:5:6:7:8:9]"),
	EDGE_ROW("ipv6-five-digits", "http://[12345::]"),
	EDGE_ROW("ipv6-ipv4", "http://[::ffff:1.2.3.4]"),
	EDGE_ROW("ipv6-ipv4-bad", "http://[::1.2.3.256]"), EDGE_ROW("ipv6-colon", "http://[:]"),
	EDGE_ROW("ipv6-three-colons", "http://[:::]"), EDGE_ROW("ipv-future", "http://[v1.a]"),
	EDGE_ROW("host-empty-labels", "http://a..b"), EDGE_ROW("host-dot", "http://."),
	EDGE_ROW("host-trailing-dot", "http://a."), EDGE_ROW("host-dash", "http://-a-"),
	EDGE_ROW("host-underscore", "http://a_b"), EDGE_ROW("host-escaped", "http://%61"),
	EDGE_ROW("host-escaped-dot", "http://a%2eb"), EDGE_ROW("host-escaped-nul", "http://a%00b"),
	EDGE_ROW("host-unicode", "http://\xc3\xa9.com"), EDGE_ROW("host-punycode", "http://xn--"),
	EDGE_ROW("host-punycode-bad", "http://xn--99999999"),
	EDGE_ROW("host-fullwidth-dot", "http://a\xe3\x80\x82"
				       "b"),
	EDGE_ROW("host-blank", "http://a b"), EDGE_ROW("host-tab", "http://a\tb"),
	EDGE_ROW("host-newline", "http://a\nb"), EDGE_ROW("escape-nul", "/%00"),
	EDGE_ROW("escape-cut-1", "/%"), EDGE_ROW("escape-cut-2", "/%4"),
	EDGE_ROW("escape-bad", "/%zz"), EDGE_ROW("escape-half-bad", "/%4z"),
	EDGE_ROW("escape-percent", "/%25"), EDGE_ROW("escape-twice", "/%2541"),
	EDGE_ROW("escape-slash", "/a%2fb"), EDGE_ROW("escape-lower-upper", "/%c3%A9"),
	EDGE_ROW("escape-bad-utf8", "/%ff"), EDGE_ROW("escape-overlong", "/%c0%af"),
	EDGE_ROW("escape-u", "/%u0041"), EDGE_ROW("plus", "?a=b+c"),
	EDGE_ROW("dot-segments", "/a/./b/../c"), EDGE_ROW("dots-above-root", "/../../.."),
	EDGE_ROW("dots-escaped", "/%2e%2e/"), EDGE_ROW("dots-at-end", "/a/.."),
	EDGE_ROW("dot-relative", "../a"), EDGE_ROW("empty-segments", "/a//b///"),
	EDGE_ROW("semicolon", "/a;b=c/d;e"), EDGE_ROW("query-empty", "/?"),
	EDGE_ROW("query-two-marks", "/?a?b"), EDGE_ROW("query-no-value", "?a&b&c"),
	EDGE_ROW("query-empty-name", "?=a"), EDGE_ROW("query-empty-pairs", "?&&&"),
	EDGE_ROW("query-equals", "?a=b=c"), EDGE_ROW("query-twice", "?a=1&a=2"),
	EDGE_ROW("query-array", "?a[]=1&a[b][c]=2"), EDGE_ROW("query-array-unended", "?a[=1"),
	EDGE_ROW("fragment-two", "#a#b"), EDGE_ROW("fragment-query", "#a?b"),
	EDGE_ROW("fragment-empty", "/#"), EDGE_ROW("mailto", "mailto:a@b"),
	EDGE_ROW("file", "file:///etc/passwd"), EDGE_ROW("file-host", "file://a/b"),
	EDGE_ROW("file-drive", "file:///C|/a"), EDGE_ROW("data", "data:text/plain;base64,QQ=="),
	EDGE_ROW("data-empty", "data:,"), EDGE_ROW("javascript", "javascript:alert(1)"),
	EDGE_ROW("urn", "urn:a:b:c"), EDGE_ROW("blank-first", " http://a"),
	EDGE_ROW("blank-behind", "http://a "), EDGE_ROW("control", "http://a/\x01"),
	EDGE_ROW("nul", "http://a\0b"), EDGE_ROW("high-byte", "/\xff"), EDGE_ROWS_END };

bool edge_url(struct edge_out *o, const struct edge_input *in, size_t step)
{
	if (step == 0) {
		edge_put_rows(o, rows);
		return true;
	}
	edge_put_long(o, "long/scheme", "", "a", "://b", in->max_len);
	edge_put_long(o, "long/user", "http://", "u", "@a", in->max_len);
	edge_put_long(o, "long/password", "http://u:", "p", "@a", in->max_len);
	edge_put_long(o, "long/host", "http://", "a", "/", in->max_len);
	edge_put_long(o, "long/labels", "http://", "a.", "b", in->max_len);
	edge_put_long(o, "long/ats", "http://", "@", "a", in->max_len);
	edge_put_long(o, "long/port", "http://a:", "1", "/", in->max_len);
	edge_put_long(o, "long/port-zeros", "http://a:", "0", "1", in->max_len);
	edge_put_long(o, "long/ipv6", "http://[", "1:", "]", in->max_len);
	edge_put_long(o, "long/colons", "http://[", ":", "]", in->max_len);
	edge_put_long(o, "long/path", "/", "a", "", in->max_len);
	edge_put_long(o, "long/segments", "", "/a", "", in->max_len);
	edge_put_long(o, "long/slashes", "http:", "/", "", in->max_len);
	edge_put_long(o, "long/dots", "/a", "/..", "", in->max_len);
	edge_put_long(o, "long/escapes", "/", "%41", "", in->max_len);
	edge_put_long(o, "long/percents", "/", "%", "", in->max_len);
	edge_put_long(o, "long/query", "?", "a", "=b", in->max_len);
	edge_put_long(o, "wide/pairs", "?", "a=b&", "", in->max_len);
	edge_put_long(o, "wide/ampersands", "?", "&", "", in->max_len);
	edge_put_long(o, "depth/brackets", "?a", "[a]", "=1", in->max_len);
	edge_put_long(o, "long/fragment", "#", "a", "", in->max_len);
	return false;
}
