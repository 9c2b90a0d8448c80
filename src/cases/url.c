/* URLs: each component missing, empty, doubled, escaped and beyond its range. */
#include "base/prelude.h"
#include "cases/internal.h"

static const struct cases_row rows[] = { CASES_ROW("plain", "http://a/b?c=d#e"),
	CASES_ROW("scheme-only", "http:"), CASES_ROW("scheme-slash", "http:/"),
	CASES_ROW("scheme-slashes", "http://"), CASES_ROW("three-slashes", "http:///a"),
	CASES_ROW("scheme-empty", "://a"), CASES_ROW("scheme-digit", "1a://b"),
	CASES_ROW("scheme-upper", "HTTP://A"), CASES_ROW("scheme-signs", "a+b-c.d://e"),
	CASES_ROW("scheme-colon", ":"), CASES_ROW("scheme-long", "abcdefghijklmnopqrstuvwxyz://a"),
	CASES_ROW("relative", "a/b"), CASES_ROW("absolute-path", "/a/b"),
	CASES_ROW("network-path", "//a/b"), CASES_ROW("query-only", "?a"),
	CASES_ROW("fragment-only", "#a"), CASES_ROW("backslashes", "http:\\\\a\\b"),
	CASES_ROW("user", "http://u@a"), CASES_ROW("user-password", "http://u:p@a"),
	CASES_ROW("user-empty", "http://@a"), CASES_ROW("password-empty", "http://u:@a"),
	CASES_ROW("user-colon-only", "http://:@a"), CASES_ROW("two-ats", "http://u@v@a"),
	CASES_ROW("at-without-host", "http://u@"), CASES_ROW("user-escaped-at", "http://u%40v@a"),
	CASES_ROW("user-slash", "http://u/@a"), CASES_ROW("port", "http://a:80"),
	CASES_ROW("port-empty", "http://a:"), CASES_ROW("port-zero", "http://a:0"),
	CASES_ROW("port-65535", "http://a:65535"), CASES_ROW("port-65536", "http://a:65536"),
	CASES_ROW("port-huge", "http://a:99999999999999999999"),
	CASES_ROW("port-minus", "http://a:-1"), CASES_ROW("port-plus", "http://a:+1"),
	CASES_ROW("port-zeros", "http://a:00080"), CASES_ROW("port-letters", "http://a:b"),
	CASES_ROW("port-mixed", "http://a:8b"), CASES_ROW("two-ports", "http://a:1:2"),
	CASES_ROW("ipv4", "http://127.0.0.1"), CASES_ROW("ipv4-short", "http://127.1"),
	CASES_ROW("ipv4-number", "http://2130706433"), CASES_ROW("ipv4-octal", "http://0177.0.0.1"),
	CASES_ROW("ipv4-hex", "http://0x7f.0.0.1"), CASES_ROW("ipv4-256", "http://256.0.0.1"),
	CASES_ROW("ipv4-five", "http://1.2.3.4.5"),
	CASES_ROW("ipv4-trailing-dot", "http://1.2.3.4."), CASES_ROW("ipv6", "http://[::1]"),
	CASES_ROW("ipv6-port", "http://[::1]:80"), CASES_ROW("ipv6-unended", "http://[::1"),
	CASES_ROW("ipv6-empty", "http://[]"), CASES_ROW("ipv6-garbage-behind", "http://[::1]a"),
	CASES_ROW("ipv6-zone", "http://[fe80::1%25eth0]"),
	CASES_ROW("ipv6-zone-empty", "http://[fe80::1%25]"),
	CASES_ROW("ipv6-two-doubles", "http://[1::2::3]"),
	CASES_ROW("ipv6-nine", "http://[1:2:3:4:5:6:7:8:9]"),
	CASES_ROW("ipv6-five-digits", "http://[12345::]"),
	CASES_ROW("ipv6-ipv4", "http://[::ffff:1.2.3.4]"),
	CASES_ROW("ipv6-ipv4-bad", "http://[::1.2.3.256]"), CASES_ROW("ipv6-colon", "http://[:]"),
	CASES_ROW("ipv6-three-colons", "http://[:::]"), CASES_ROW("ipv-future", "http://[v1.a]"),
	CASES_ROW("host-empty-labels", "http://a..b"), CASES_ROW("host-dot", "http://."),
	CASES_ROW("host-trailing-dot", "http://a."), CASES_ROW("host-dash", "http://-a-"),
	CASES_ROW("host-underscore", "http://a_b"), CASES_ROW("host-escaped", "http://%61"),
	CASES_ROW("host-escaped-dot", "http://a%2eb"),
	CASES_ROW("host-escaped-nul", "http://a%00b"),
	CASES_ROW("host-unicode", "http://\xc3\xa9.com"), CASES_ROW("host-punycode", "http://xn--"),
	CASES_ROW("host-punycode-bad", "http://xn--99999999"),
	CASES_ROW("host-fullwidth-dot", "http://a\xe3\x80\x82"
					"b"),
	CASES_ROW("host-blank", "http://a b"), CASES_ROW("host-tab", "http://a\tb"),
	CASES_ROW("host-newline", "http://a\nb"), CASES_ROW("escape-nul", "/%00"),
	CASES_ROW("escape-cut-1", "/%"), CASES_ROW("escape-cut-2", "/%4"),
	CASES_ROW("escape-bad", "/%zz"), CASES_ROW("escape-half-bad", "/%4z"),
	CASES_ROW("escape-percent", "/%25"), CASES_ROW("escape-twice", "/%2541"),
	CASES_ROW("escape-slash", "/a%2fb"), CASES_ROW("escape-lower-upper", "/%c3%A9"),
	CASES_ROW("escape-bad-utf8", "/%ff"), CASES_ROW("escape-overlong", "/%c0%af"),
	CASES_ROW("escape-u", "/%u0041"), CASES_ROW("plus", "?a=b+c"),
	CASES_ROW("dot-segments", "/a/./b/../c"), CASES_ROW("dots-above-root", "/../../.."),
	CASES_ROW("dots-escaped", "/%2e%2e/"), CASES_ROW("dots-at-end", "/a/.."),
	CASES_ROW("dot-relative", "../a"), CASES_ROW("empty-segments", "/a//b///"),
	CASES_ROW("semicolon", "/a;b=c/d;e"), CASES_ROW("query-empty", "/?"),
	CASES_ROW("query-two-marks", "/?a?b"), CASES_ROW("query-no-value", "?a&b&c"),
	CASES_ROW("query-empty-name", "?=a"), CASES_ROW("query-empty-pairs", "?&&&"),
	CASES_ROW("query-equals", "?a=b=c"), CASES_ROW("query-twice", "?a=1&a=2"),
	CASES_ROW("query-array", "?a[]=1&a[b][c]=2"), CASES_ROW("query-array-unended", "?a[=1"),
	CASES_ROW("fragment-two", "#a#b"), CASES_ROW("fragment-query", "#a?b"),
	CASES_ROW("fragment-empty", "/#"), CASES_ROW("mailto", "mailto:a@b"),
	CASES_ROW("file", "file:///etc/passwd"), CASES_ROW("file-host", "file://a/b"),
	CASES_ROW("file-drive", "file:///C|/a"), CASES_ROW("data", "data:text/plain;base64,QQ=="),
	CASES_ROW("data-empty", "data:,"), CASES_ROW("javascript", "javascript:alert(1)"),
	CASES_ROW("urn", "urn:a:b:c"), CASES_ROW("blank-first", " http://a"),
	CASES_ROW("blank-behind", "http://a "), CASES_ROW("control", "http://a/\x01"),
	CASES_ROW("nul", "http://a\0b"), CASES_ROW("high-byte", "/\xff"), CASES_ROWS_END };

bool cases_url(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	if (step == 0) {
		cases_put_rows(o, rows);
		return true;
	}
	cases_put_long(o, "long/scheme", "", "a", "://b", in->max_len);
	cases_put_long(o, "long/user", "http://", "u", "@a", in->max_len);
	cases_put_long(o, "long/password", "http://u:", "p", "@a", in->max_len);
	cases_put_long(o, "long/host", "http://", "a", "/", in->max_len);
	cases_put_long(o, "long/labels", "http://", "a.", "b", in->max_len);
	cases_put_long(o, "long/ats", "http://", "@", "a", in->max_len);
	cases_put_long(o, "long/port", "http://a:", "1", "/", in->max_len);
	cases_put_long(o, "long/port-zeros", "http://a:", "0", "1", in->max_len);
	cases_put_long(o, "long/ipv6", "http://[", "1:", "]", in->max_len);
	cases_put_long(o, "long/colons", "http://[", ":", "]", in->max_len);
	cases_put_long(o, "long/path", "/", "a", "", in->max_len);
	cases_put_long(o, "long/segments", "", "/a", "", in->max_len);
	cases_put_long(o, "long/slashes", "http:", "/", "", in->max_len);
	cases_put_long(o, "long/dots", "/a", "/..", "", in->max_len);
	cases_put_long(o, "long/escapes", "/", "%41", "", in->max_len);
	cases_put_long(o, "long/percents", "/", "%", "", in->max_len);
	cases_put_long(o, "long/query", "?", "a", "=b", in->max_len);
	cases_put_long(o, "wide/pairs", "?", "a=b&", "", in->max_len);
	cases_put_long(o, "wide/ampersands", "?", "&", "", in->max_len);
	cases_put_long(o, "depth/brackets", "?a", "[a]", "=1", in->max_len);
	cases_put_long(o, "long/fragment", "#", "a", "", in->max_len);
	return false;
}
