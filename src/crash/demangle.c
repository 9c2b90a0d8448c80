/*
 * Mangled names to readable ones: C++ and Rust by libiberty, which is bounded here since hostile names may
 * grow without end; MSVC's, Swift's and D's, and names that were cut off, by their identifiers alone.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include <libiberty/demangle.h>
#include <setjmp.h>

enum { MANGLED_MAX = 2048, READABLE_MAX = 8192 };

struct output {
	struct buf *buf;
	size_t from;
	jmp_buf full;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void more(const char *s, size_t n, void *arg)
{
	struct output *o = arg;

	if (o->buf->len - o->from + n > READABLE_MAX)
		longjmp(o->full, 1); /* libiberty holds nothing but its stack in between */
	buf_add(o->buf, s, n);
}

/* A Rust identifier in punycode is decoded on the heap, which a jump out of it would lose. */
static bool has_punycode(const char *s)
{
	for (; *s; s++)
		if (*s == 'u' && is_digit(s[1]))
			return true;
	return false;
}

static bool by_library(struct buf *out, const char *mangled)
{
	struct output o = { .buf = out, .from = out->len };
	size_t from = out->len;
	int ok = 0;

	if (setjmp(o.full))
		return out->len > from; /* the beginning is what counts */
	if (mangled[0] == '_' && mangled[1] == 'R')
		ok = !has_punycode(mangled) && rust_demangle_callback(mangled, 0, more, &o);
	else
		ok = rust_demangle_callback(mangled, 0, more, &o) ||
		     cplus_demangle_v3_callback(mangled, DMGL_PARAMS | DMGL_ANSI, more, &o);
	if (!ok)
		out->len = from;
	return ok && out->len > from;
}

/* One identifier with its length in front: "4Tile". Cut-off ones count as far as they go. */
static bool identifier(struct strv *s, struct strv *name)
{
	unsigned digits;
	uint64_t n = scan_dec_max(s, &digits, MANGLED_MAX);

	if (!digits || !n || !s->len)
		return false;
	*name = strv_sub(*s, 0, (size_t)n);
	*s = strv_from(*s, MIN((size_t)n, s->len));
	return true;
}

/* "_ZNK7lantern4Tile6decodeEP...", "$s4main6ParserV5parseyyF", "_D4main3fooFZv": the identifiers in a row. */
static bool nested(struct buf *out, struct strv s, const char *skip, const char *between)
{
	size_t from = out->len;
	struct strv name;

	for (;;) {
		while (s.len && strchr(skip, *s.s))
			s = strv_from(s, 1);
		if (!s.len || !is_digit(*s.s) || *s.s == '0' || !identifier(&s, &name))
			break;
		if (strv_starts(name, "_GLOBAL__N"))
			continue;
		if (out->len > from)
			buf_adds(out, between);
		buf_addv(out, name);
	}
	return out->len > from;
}

/* "?decode@Tile@lantern@@QEAAXPEBEH@Z" */
static bool msvc(struct buf *out, struct strv s)
{
	struct strv part[16];
	size_t n = 0, end;
	bool special, dtor;

	s = strv_from(s, 1);
	special = strv_starts(s, "?0") || strv_starts(s, "?1");
	dtor = strv_starts(s, "?1");
	if (special)
		s = strv_from(s, 2);
	else if (strv_starts(s, "?") && !strv_starts(s, "?$"))
		return false; /* an operator */
	while (n < ARRAY_LEN(part) && s.len && *s.s != '@') {
		bool template = strv_skip(&s, "?$");

		end = strv_chr(s, '@');
		if (end == SIZE_MAX || !end || *s.s == '?')
			return false;
		part[n++] = strv_sub(s, 0, end);
		s = strv_from(s, end + 1);
		if (template) { /* up to the end of its arguments */
			end = strv_chr(s, '@');
			s = strv_from(s, end == SIZE_MAX ? s.len : end + 1);
			if (s.len && *s.s == '@' && strv_starts(s, "@@"))
				s = strv_from(s, 1);
		}
	}
	if (!n)
		return false;
	for (size_t i = n; i--;) {
		buf_addv(out, part[i]);
		if (i)
			buf_adds(out, "::");
	}
	if (special) {
		buf_adds(out, dtor ? "::~" : "::");
		buf_addv(out, part[0]);
	}
	return true;
}

static struct strv mangled_word(struct strv s)
{
	size_t i = 0;

	while (i < s.len && ((s.s[i] | 32) >= 'a' || is_digit(s.s[i]) || strchr("_$.?@", s.s[i])) &&
		(unsigned char)s.s[i] < 0x7f && s.s[i] != '{' && s.s[i] != '|' && s.s[i] != '}' &&
		s.s[i] != '~')
		i++;
	return strv_sub(s, 0, i);
}

bool name_demangle(struct buf *out, struct strv s)
{
	char mangled[MANGLED_MAX + 1];
	size_t at;

	if (s.len < 4 || (*s.s != '_' && *s.s != '?' && *s.s != '$'))
		return false;
	s = mangled_word(s);
	if (s.len < 4)
		return false;
	if (*s.s == '?')
		return msvc(out, s);
	at = strv_chr(s, '@'); /* a symbol's version, or plt */
	if (at != SIZE_MAX)
		s = strv_sub(s, 0, at);
	if (strv_starts(s, "__Z") || strv_starts(s, "__R"))
		s = strv_from(s, 1);
	if (strv_starts(s, "$s") || strv_starts(s, "$S"))
		return nested(out, strv_from(s, 2), "VCOPSaGEFQR", ".");
	if (strv_starts(s, "_$s") || strv_starts(s, "_T0") || strv_starts(s, "_$S"))
		return nested(out, strv_from(s, 3), "VCOPSaGEFQR", ".");
	if (strv_starts(s, "_D") && s.len > 2 && is_digit(s.s[2]))
		return nested(out, strv_from(s, 2), "", ".");
	if (!strv_starts(s, "_Z") && !strv_starts(s, "_R"))
		return false;
	if (s.s[1] == 'R' && s.s[2] != 'N' && s.s[2] != 'I' && s.s[2] != 'Y' && s.s[2] != 'X' &&
		s.s[2] != 'M' && s.s[2] != 'C')
		return false;
	if (s.len > MANGLED_MAX)
		s.len = MANGLED_MAX;
	memcpy(mangled, s.s, s.len);
	mangled[s.len] = '\0';
	if (by_library(out, mangled))
		return true;
	/* cut off by whoever printed it */
	return s.s[1] == 'Z' && !memchr(s.s, '$', s.len) &&
	       nested(out, strv_from(s, 2), "NKVLTrv", "::");
}
