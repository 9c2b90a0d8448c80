/*
 * Function names brought to one form: no return type, arguments, template arguments, clone suffixes,
 * hashes, anonymous namespaces or thunk prefixes; a lambda or closure is its enclosing function. So gcc's
 * and clang's spelling of one function, and those of two builds, are equal.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static const char *const skipped_prefixes[] = { "in ", "non-virtual thunk to ", "virtual thunk to ",
	"covariant return thunk to ", "construction vtable for ", "guard variable for " };

static const char *const clone_suffixes[] = { ".part.", ".constprop.", ".isra.", ".cold", ".llvm.",
	".lto_priv", ".localalias", ".cfi", ".__uniq.", ".warm", ".clone.", ".specialized",
	".resolver", ".sroa.", ".thunk" };

static const struct {
	const char *code;
	const char *text;
} rust_codes[] = { { "$LT$", "<" }, { "$GT$", ">" }, { "$RF$", "&" }, { "$BP$", "*" },
	{ "$C$", "," }, { "$LP$", "(" }, { "$RP$", ")" }, { "$u20$", " " }, { "$u27$", "'" },
	{ "$u3b$", ";" }, { "$u5b$", "[" }, { "$u5d$", "]" }, { "$u7b$", "{" }, { "$u7d$", "}" },
	{ "$u7e$", "~" }, { "$u2b$", "+" }, { "$u22$", "\"" } };

/* Letters, digits, underscore: asked of each byte of each name. */
static bool is_alnum(char c)
{
	static const bool word[256] = {
		['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['_'] = true
	};

	return word[(unsigned char)c];
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool all_hex(struct strv s, size_t from, size_t n)
{
	if (s.len < from + n)
		return false;
	for (size_t i = from; i < from + n; i++)
		if (!is_hex(s.s[i]))
			return false;
	return true;
}

static struct strv cut_rust_hash(struct strv s)
{
	if (s.len > 19 && !memcmp(s.s + s.len - 19, "::h", 3) && all_hex(s, s.len - 16, 16))
		s.len -= 19;
	return s;
}

/* "_$LT$a..B$u20$as$u20$c..D$GT$::f" -> "<a::B as c::D>::f" */
static void decode_rust(struct buf *out, struct strv s)
{
	if (strv_starts(s, "_$"))
		s = strv_from(s, 1);
	while (s.len) {
		size_t i;

		for (i = 0; *s.s == '$' && i < ARRAY_LEN(rust_codes); i++)
			if (strv_starts(s, rust_codes[i].code))
				break;
		if (*s.s == '$' && i < ARRAY_LEN(rust_codes)) {
			buf_adds(out, rust_codes[i].text);
			s = strv_from(s, strlen(rust_codes[i].code));
		} else if (strv_starts(s, "..")) {
			buf_adds(out, "::");
			s = strv_from(s, 2);
		} else {
			buf_addch(out, *s.s);
			s = strv_from(s, 1);
		}
	}
}

/* The bracket at s[i] closes where? s.len when it doesn't. */
static size_t skip_bracket(struct strv s, size_t i, char open, char close)
{
	size_t depth = 0;

	for (; i < s.len; i++) {
		if (s.s[i] == open)
			depth++;
		else if (s.s[i] == close && !--depth)
			return i;
	}
	return s.len;
}

static bool out_ends(const struct buf *out, size_t from, const char *word)
{
	size_t n = strlen(word), len = out->len - from;

	if (len < n || memcmp(out->s + out->len - n, word, n))
		return false;
	return len == n ||
	       !((out->s[out->len - n - 1] >= 'a' && out->s[out->len - n - 1] <= 'z') ||
		       (out->s[out->len - n - 1] >= 'A' && out->s[out->len - n - 1] <= 'Z') ||
		       out->s[out->len - n - 1] == '_');
}

/* Behind "operator": the operator's own characters, copied; how many. */
static size_t operator_text(struct buf *out, struct strv s)
{
	static const char *const ops[] = { "()", "[]", "<=>", "<<=", ">>=", "->*", "<<", ">>",
		"<=", ">=", "->", "<", ">" };

	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		if (strv_starts(s, ops[i])) {
			buf_adds(out, ops[i]);
			return strlen(ops[i]);
		}
	return 0;
}

static bool is_clone_suffix(struct strv s)
{
	size_t i = 1;

	for (size_t k = 0; k < ARRAY_LEN(clone_suffixes); k++)
		if (strv_starts(s, clone_suffixes[k]))
			return true;
	while (i < s.len && s.s[i] >= '0' && s.s[i] <= '9')
		i++;
	return i > 1 && (i == s.len || s.s[i] == '.' || s.s[i] == ' ');
}

static bool is_trailer(struct strv s)
{
	static const char *const words[] = { "const", "volatile", "noexcept", "&", "[clone", "[abi",
		"(inlined)", "[inlined]", "(.", "+ " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_starts(s, words[i])) {
			size_t n = strlen(words[i]);

			return n == s.len || words[i][n - 1] < 'a' || words[i][n - 1] > 'z' ||
			       s.s[n] == ' ' || s.s[n] == '&';
		}
	return false;
}

static bool strip_anonymous(struct strv s, size_t *n)
{
	static const char *const spellings[] = { "(anonymous namespace)::", "{anonymous}::",
		"<anonymous>::", "(anonymous)::", "`anonymous namespace'::",
		"`anonymous-namespace'::", "anonymous namespace::", "_GLOBAL__N_1::",
		"(anonymous class)::", "(anonymous namespace)", "<unnamed>::" };

	if (!s.len || (*s.s != '(' && *s.s != '{' && *s.s != '<' && *s.s != '`' && *s.s != 'a' &&
			      *s.s != '_'))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(spellings); i++)
		if (strv_starts(s, spellings[i])) {
			*n = strlen(spellings[i]);
			return true;
		}
	return false;
}

/* "<T as Trait>::f" is T::f, "<T>::f" too; the position behind the bracket. */
static size_t rust_self(struct buf *out, struct strv s)
{
	size_t close = skip_bracket(s, 0, '<', '>'), as;
	struct strv in = strv_sub(s, 1, close > 1 ? close - 1 : 0);

	as = strv_find(in, " as ");
	if (as != SIZE_MAX)
		in.len = as;
	for (size_t i = 0; i < in.len; i++) {
		if (in.s[i] == '<') {
			i = skip_bracket(in, i, '<', '>');
			continue;
		}
		if (in.s[i] != '&' && in.s[i] != '*' && in.s[i] != ' ')
			buf_addch(out, in.s[i]);
	}
	return close + 1;
}

static bool is_operator_sign(char c)
{
	return c == '(' || c == ')' || c == '[' || c == ']' || c == '<' || c == '>' || c == '-' ||
	       c == '=';
}

/* One character, or more, of the name; how many were used, 0 at its end. from: where out began. */
static size_t step(struct buf *out, size_t from, struct strv s, size_t i)
{
	struct strv rest = strv_from(s, i);
	char c = s.s[i];
	size_t n;
	bool begun = out->len > from, component = !begun || out->s[out->len - 1] == ':';

	if (begun && is_operator_sign(c) && out_ends(out, from, "operator") &&
		(n = operator_text(out, rest)))
		return n;
	switch (c) {
	case '(':
		if (out_ends(out, from, "decltype")) {
			out->len = from;
			return skip_bracket(s, i, '(', ')') + 1 - i;
		}
		return begun ? 0 : 1;
	case '<':
		return skip_bracket(s, i, '<', '>') + 1 - i;
	case '{':
		if (strv_starts(rest, "{impl#"))
			return skip_bracket(s, i, '{', '}') + 1 - i;
		return 0;
	case '\'':
	case '`':
		return begun ? 0 : 1;
	case '$':
		if ((component && begun && strv_starts(rest, "$_")) || all_hex(rest, 1, 32))
			return 0;
		break;
	case '[':
		return skip_bracket(s, i, '[', ']') + 1 - i;
	case '.':
		if (begun && is_clone_suffix(rest))
			return 0;
		break;
	case '+':
		if (begun && strv_starts(rest, "+0x"))
			return 0;
		break;
	case '@':
		if (begun)
			return 0;
		break;
	case '\t':
	case ' ':
		if (is_trailer(strv_from(s, i + 1)))
			return 0;
		if (i + 1 < s.len && s.s[i + 1] == '<' &&
			strv_contains(strv_n(out->s + from, out->len - from), "operator"))
			return 1; /* "operator< <int>" */
		if (out_ends(out, from, "operator"))
			break;
		out->len = from; /* that was the return type */
		return 1;
	}
	buf_addch(out, c);
	return 1;
}

/* Letters, digits and underscores from i on: the greater part of any name. */
static size_t word_length(struct strv s, size_t i)
{
	size_t from = i;

	while (i < s.len && is_alnum(s.s[i]))
		i++;
	return i - from;
}

static bool is_conversion(struct strv rest)
{
	size_t n = 8;

	return strv_starts(rest, "operator ") && rest.len > n + 1;
}

/* "operator new[]", "operator unsigned int*": up to the argument list, templates out. */
static void add_conversion(struct buf *out, struct strv s)
{
	size_t end = strv_chr(s, '(');

	if (end == SIZE_MAX)
		end = s.len;
	while (end && s.s[end - 1] == ' ')
		end--;
	for (size_t i = 0; i < end; i++) {
		if (s.s[i] == '<') {
			i = skip_bracket(s, i, '<', '>');
			continue;
		}
		buf_addch(out, s.s[i]);
	}
}

static struct strv drop_prefixes(struct strv s)
{
	size_t bang;

	s = strv_trim(s);
	for (size_t i = 0; i < ARRAY_LEN(skipped_prefixes); i++)
		if (strv_skip(&s, skipped_prefixes[i]))
			s = strv_trim(s);
	bang = strv_chr(s, '!');
	/* Windows: module!function */
	if (bang != SIZE_MAX && bang && bang + 1 < s.len && strv_chr(s, '(') > bang &&
		strv_chr(s, '<') > bang && s.s[bang + 1] != '=' &&
		!strv_ends(strv_sub(s, 0, bang), "operator"))
		s = strv_from(s, bang + 1);
	return s;
}

/* "absl::lts_20230802::f" is absl::f, whichever release it was built with. */
static void drop_version(struct buf *out, size_t from)
{
	struct strv s = strv_n(out->s + from, out->len - from);
	size_t end, n;

	if (s.len < 12 || memcmp(s.s, "absl::lts_", 10))
		return;
	end = strv_find(strv_from(s, 10), "::");
	if (end == SIZE_MAX)
		return;
	n = 10 + end + 2 - 6;
	memmove(out->s + from + 6, out->s + from + 6 + n, s.len - 6 - n);
	out->len -= n;
}

/* A C function's name: letters, digits and underscores, and no scheme's mark in front. It is as it should be. */
static bool is_plain(struct strv s)
{
	if (!s.len || s.len > TEXT_MAX || (*s.s == '_' && s.len > 2))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum(s.s[i]))
			return false;
	return true;
}

bool name_normalize(struct buf *out, struct strv name)
{
	bool anonymous = false;
	struct buf decoded = BUF_INIT;
	struct strv s = drop_prefixes(strv_sub(name, 0, TEXT_MAX));
	size_t from = out->len, i = 0, n;

	buf_reserve(out, 1);
	if (is_plain(s)) {
		buf_addv(out, s);
		return false;
	}
	if (strv_starts(s, "-[") || strv_starts(s, "+[") || strv_starts(s, "<signal handler")) {
		buf_addv(out, s);
		return false;
	}
	if (s.len > 3 && (*s.s == '_' || *s.s == '?' || *s.s == '$') &&
		name_demangle(&decoded, s)) {
		s = strv_n(decoded.s, decoded.len);
	}
	s = cut_rust_hash(s);
	if (s.len && memchr(s.s, '$', s.len) &&
		(strv_contains(s, "$LT$") || strv_contains(s, "$u7b$") ||
			strv_contains(s, "$u20$"))) {
		struct buf plain = BUF_INIT;

		decode_rust(&plain, s);
		buf_release(&decoded);
		decoded = plain;
		s = strv_n(decoded.s, decoded.len);
	}
	if (s.len && s.s[0] == '<' && strv_contains(s, ">::"))
		i = rust_self(out, s);
	while (i < s.len) {
		bool component = out->len == from || out->s[out->len - 1] == ':';

		if (s.s[i] == 'o' && component && is_conversion(strv_from(s, i))) {
			add_conversion(out, strv_from(s, i));
			break;
		}
		n = component && (s.s[i] == '_' || s.s[i] == 'a') ? 0 : word_length(s, i);
		if (n)
			buf_add(out, s.s + i, n);
		else if (component && strip_anonymous(strv_from(s, i), &n))
			anonymous = true;
		else
			n = step(out, from, s, i);
		if (!n)
			break;
		i += n;
	}
	while (out->len > from && strchr(": *&", out->s[out->len - 1]) &&
		!strv_contains(strv_n(out->s + from, out->len - from), "operator"))
		out->len--;
	while (out->len > from && (out->s[from] == '*' || out->s[from] == '&'))
		memmove(out->s + from, out->s + from + 1, --out->len - from);
	drop_version(out, from);
	if (out->len == from)
		buf_addv(out, strv_sub(s, 0, 200));
	out->s[out->len] = '\0';
	buf_release(&decoded);
	return anonymous;
}

void crash_normalize_name(struct buf *out, struct strv name)
{
	name_normalize(out, name);
}

void text_fold(struct buf *out, struct strv text)
{
	size_t from = out->len;
	char prev = ' ';

	for (size_t i = 0; i < text.len && out->len - from < 200; i++) {
		char c = text.s[i];

		if (c == '0' && i + 2 < text.len && text.s[i + 1] == 'x' && !is_alnum(prev)) {
			for (i += 2; i < text.len && is_alnum(text.s[i]);)
				i++;
			i--;
			buf_adds(out, "N");
		} else if (c >= '0' && c <= '9' && !is_alnum(prev)) {
			while (i + 1 < text.len && text.s[i + 1] >= '0' && text.s[i + 1] <= '9')
				i++;
			buf_adds(out, "N");
		} else if (c == '/' && i + 1 < text.len && is_alnum(text.s[i + 1])) {
			/* a path loses its folders */
			while (out->len > from && (is_alnum(out->s[out->len - 1]) ||
							  strchr(".-/", out->s[out->len - 1])))
				out->len--;
		} else if ((unsigned char)c <= ' ' || c == 0x7f) {
			if (out->len > from && out->s[out->len - 1] != ' ')
				buf_addch(out, ' ');
		} else {
			buf_addch(out, c);
		}
		prev = c;
	}
	while (out->len > from && out->s[out->len - 1] == ' ')
		out->len--;
	buf_reserve(out, 0);
	out->s[out->len] = '\0';
}
