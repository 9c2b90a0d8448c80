/*
 * What loggers put in front of a line: times, hosts, processes, containers, levels, quote marks. Shapes, not
 * names: each is taken off as often as it stands there, so that any nesting of loggers comes off.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/lines.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* How many bytes of s have the shape: 9 is a digit, ~ digits and separators of seconds, others themselves. */
static size_t shape(struct strv s, const char *pattern)
{
	size_t i = 0;

	for (; *pattern; pattern++, i++) {
		if (i >= s.len)
			return 0;
		if (*pattern == '9'       ? !is_digit(s.s[i])
			: *pattern == '/' ? (s.s[i] != '/' && s.s[i] != '-' && s.s[i] != '.')
			: *pattern == 'T' ? (s.s[i] != 'T' && s.s[i] != ' ' && s.s[i] != '_')
					  : s.s[i] != *pattern)
			return 0;
	}
	return i;
}

/* "12:34:56", with a fraction and a zone */
static size_t clock_length(struct strv s)
{
	size_t i = shape(s, "99:99:99");

	if (!i)
		return 0;
	if (i < s.len && (s.s[i] == '.' || s.s[i] == ',') && i + 1 < s.len && is_digit(s.s[i + 1]))
		for (i++; i < s.len && is_digit(s.s[i]);)
			i++;
	if (i < s.len && s.s[i] == 'Z')
		return i + 1;
	if (i + 4 < s.len && (s.s[i] == '+' || s.s[i] == '-') && is_digit(s.s[i + 1]) &&
		is_digit(s.s[i + 2]))
		for (i++; i < s.len && (is_digit(s.s[i]) || s.s[i] == ':');)
			i++;
	return i;
}

/* Date and time, or time alone; 0: neither. */
static size_t stamp_length(struct strv s)
{
	static const char *const dates[] = { "9999/99/99T", "99/99/9999T", "99/99T", "99/99/99T",
		"999999T", "99999999T" };
	size_t n = clock_length(s);

	for (size_t i = 0; !n && i < ARRAY_LEN(dates); i++) {
		size_t date = shape(s, dates[i]);
		size_t time = date ? clock_length(strv_from(s, date)) : 0;

		n = time ? date + time : 0;
	}
	return n;
}

static struct strv behind(struct strv s, size_t n)
{
	s = strv_from(s, n);
	if (s.len && (*s.s == ' ' || *s.s == '\t'))
		s = strv_from(s, 1);
	return s;
}

/* "host ident[pid]: " or "host ident: " behind a syslog's time */
static struct strv host_and_process(struct strv s)
{
	struct strv in = skip_blank(s);
	size_t host = strv_chr(in, ' '), end;

	if (host == SIZE_MAX || host > 64 || !host)
		return s;
	if (in.s[host - 1] == ':') /* no host: "app[web.1]: " */
		return memchr(in.s, '[', host) ? behind(in, host) : s;
	in = strv_from(in, host + 1);
	end = strv_find(strv_sub(in, 0, 80), ": ");
	if (end == SIZE_MAX && in.len && in.len < 80 && in.s[in.len - 1] == ':')
		end = in.len - 1;
	if (end == SIZE_MAX || !end)
		return s;
	for (size_t i = 0; i < end; i++)
		if (in.s[i] == ' ' || in.s[i] == '#' || in.s[i] == '=')
			return s;
	return behind(in, end + 1);
}

/* "Mai 06 19:09:19 box kernel: ", "Sat Dec 17 18:01:04 2022 " */
static struct strv syslog_time(struct strv s)
{
	struct strv in = s;
	size_t n;

	for (int word = 0; word < 2; word++) {
		for (n = 0; n < in.len && n < 6 &&
			    (is_letter(in.s[n]) || in.s[n] == '.' || (in.s[n] & 0x80));)
			n++;
		if (n < 3 || n >= in.len || in.s[n] != ' ')
			return s;
		in = skip_blank(strv_from(in, n));
		if (in.len && is_digit(*in.s))
			break;
	}
	for (n = 0; n < in.len && n < 2 && is_digit(in.s[n]);)
		n++;
	if (!n || n >= in.len || (in.s[n] != ' ' && in.s[n] != '.'))
		return s;
	in = skip_blank(strv_from(in, n + (in.s[n] == '.')));
	n = clock_length(in);
	if (!n)
		return s;
	in = strv_from(in, n);
	n = shape(skip_blank(in), "9999 ");
	if (n)
		in = strv_from(skip_blank(in), n - 1);
	return host_and_process(behind(in, 0));
}

/* "  1234  1234 F DEBUG   : " behind a logcat's time, or "F/DEBUG   ( 1234): " */
static struct strv logcat(struct strv s)
{
	struct strv in = skip_blank(s);
	unsigned digits;
	size_t end;

	if (in.len > 3 && strchr("VDIWEFA", *in.s) && in.s[1] == '/') {
		end = strv_find(strv_sub(in, 0, 80), "): ");
		if (end == SIZE_MAX && in.len < 80 && strv_ends(in, "):"))
			end = in.len - 2;
		if (end == SIZE_MAX)
			return s;
		return behind(in, end + 2);
	}
	scan_dec(&in, &digits);
	if (!digits)
		return s;
	in = skip_blank(in);
	scan_dec(&in, &digits);
	if (!digits)
		return s;
	in = skip_blank(in);
	if (in.len < 4 || !strchr("VDIWEFA", *in.s) || in.s[1] != ' ')
		return s;
	end = strv_find(strv_sub(in, 0, 60), ": ");
	if (end == SIZE_MAX && in.len < 60 && in.s[in.len - 1] == ':')
		end = in.len - 1;
	return end == SIZE_MAX ? s : behind(in, end + 1);
}

/* "stderr F text", as Kubernetes' log files have it, and GitLab's "01E text" */
static struct strv stream_name(struct strv s)
{
	if (strv_starts(s, "stderr F ") || strv_starts(s, "stdout F ") ||
		strv_starts(s, "stderr P ") || strv_starts(s, "stdout P "))
		return strv_from(s, 9);
	if (s.len > 3 && is_digit(s.s[0]) && is_digit(s.s[1]) && (s.s[2] == 'E' || s.s[2] == 'O') &&
		(s.s[3] == ' ' || s.s[3] == '+'))
		return strv_from(s, 4);
	return s;
}

static struct strv from_digit(struct strv s)
{
	size_t n = stamp_length(s);
	struct strv in, num = s;
	unsigned digits;

	if (n && n < s.len &&
		(s.s[n] == ' ' || s.s[n] == '\t' || s.s[n] == ']' || s.s[n] == ':' ||
			s.s[n] == '|')) {
		in = strv_from(s, n);
		while (in.len && (*in.s == ':' || *in.s == ']' || *in.s == '|'))
			in = strv_from(in, 1);
		in = behind(in, 0);
		if (logcat(in).s != in.s)
			return logcat(in);
		if (n > 18 && host_and_process(in).s != in.s &&
			strv_find(strv_sub(in, 0, 80), "]: ") != SIZE_MAX)
			return host_and_process(in);
		return stream_name(in);
	}
	/* ctest -V's "3: ", where the rest is a report's */
	scan_dec(&num, &digits);
	if (digits && digits < 4 && strv_skip(&num, ": ")) {
		in = skip_blank(num);
		if (in.len > 2 &&
			((*in.s == '#' && is_digit(in.s[1])) || (*in.s == '=' && in.s[1] == '=') ||
				strv_starts(in, "READ of size") ||
				strv_starts(in, "WRITE of size") || strv_starts(in, "SUMMARY: ")))
			return num;
	}
	return stream_name(s);
}

/* "name-1  | text" of docker compose, "0|app  | text" of pm2 */
static struct strv compose(struct strv s)
{
	size_t i = 0;

	while (i < s.len && i < 48 &&
		(is_letter(s.s[i]) || is_digit(s.s[i]) || s.s[i] == '-' || s.s[i] == '_' ||
			s.s[i] == '.' || (s.s[i] == '|' && i && is_digit(s.s[i - 1]))))
		i++;
	if (!i || i >= s.len || s.s[i] != ' ')
		return s;
	while (i < s.len && s.s[i] == ' ')
		i++;
	if (i + 1 >= s.len || s.s[i] != '|')
		return i + 1 == s.len && s.s[i] == '|' ? strv_n(s.s, 0) : s;
	return s.s[i + 1] == ' ' ? strv_from(s, i + 2) : s;
}

/* "job<tab>step<tab>2024-05-01T12:00:00.1234567Z " of gh run view --log */
static struct strv job_and_step(struct strv s)
{
	size_t first = strv_chr(strv_sub(s, 0, 120), '\t'), second;
	struct strv in;

	if (first == SIZE_MAX)
		return s;
	in = strv_from(s, first + 1);
	second = strv_chr(strv_sub(in, 0, 120), '\t');
	if (second == SIZE_MAX)
		return s;
	in = strv_from(in, second + 1);
	return stamp_length(in) > 18 ? in : s;
}

static struct strv from_letter(struct strv s)
{
	static const char *const words[] = { "MESSAGE=", "stderr: ", "stdout: ", "stderr| ",
		"stderr | ", "E   ", "remote: ", "stdout F ", "stderr F ", "STDERR: " };
	struct strv in;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_starts(s, words[i]))
			return strv_from(s, strlen(words[i]));
	if (s.len > 3 && s.s[1] == '/' && logcat(s).s != s.s)
		return logcat(s);
	in = syslog_time(s);
	if (in.s == s.s)
		in = job_and_step(s);
	return in.s != s.s ? in : compose(s);
}

/* "[ 12.345678] ", "[2024-01-01 12:00:00] ", "[node:123] ", "[exec] "; a list's "[12] " and "[0x12]" stay */
static struct strv bracket(struct strv s)
{
	size_t end = strv_chr(strv_sub(s, 0, 100), ']');
	struct strv in, rest;
	bool letters = false, dot = false;

	if (end == SIZE_MAX || end + 1 >= s.len)
		return s;
	in = strv_trim(strv_sub(s, 1, end - 1));
	rest = strv_from(s, end + 1);
	if (!in.len || strv_starts(in, "0x") || strv_contains(in, "FATAL"))
		return s;
	if (stamp_length(in) || (in.len > 11 && stamp_length(strv_from(in, 4))) ||
		strv_starts(in, "Step "))
		return behind(rest, 0);
	for (size_t i = 0; i < in.len; i++) {
		letters |= is_letter(in.s[i]);
		dot |= in.s[i] == '.' || in.s[i] == ',';
		if (!is_letter(in.s[i]) && !is_digit(in.s[i]) && !strchr("-_./:,@", in.s[i]))
			return s;
	}
	if (!letters && !dot && strv_starts(rest, " <"))
		return behind(rest, 0);
	if ((!letters && !dot) || strv_eqs(in, "bt") || strv_eqs(in, "inlined") ||
		strv_eqs(in, "vdso") || strv_eqs(in, "heap") || strv_eqs(in, "stack") ||
		strv_contains(in, ".so") || *in.s == '/')
		return s;
	if (*rest.s == '<') { /* mpirun's "[1,0]<stderr>: " */
		end = strv_find(strv_sub(rest, 0, 12), ">:");
		return end == SIZE_MAX ? s : behind(rest, end + 2);
	}
	if (*rest.s == ':')
		rest = strv_from(rest, 1);
	return *rest.s == ' ' || *rest.s == '\t' || *rest.s == '[' ? behind(rest, 0) : s;
}

/* "(EE) " of the X server, "<3>" of the kernel, "<Fatal> BaseDaemon: " of ClickHouse */
static struct strv other_mark(struct strv s)
{
	size_t end;

	if (*s.s == '(' && s.len > 5 && s.s[1] >= 'A' && s.s[1] <= 'Z' && s.s[1] == s.s[2] &&
		s.s[3] == ')')
		return behind(s, 4);
	if (*s.s == '<' && s.len > 3 && is_digit(s.s[1]) &&
		(s.s[2] == '>' || (is_digit(s.s[2]) && s.s[3] == '>')))
		return strv_from(s, s.s[2] == '>' ? 3 : 4);
	if (*s.s == '<' && (strv_starts(s, "<Fatal> ") || strv_starts(s, "<Error> "))) {
		end = strv_find(strv_sub(s, 0, 60), ": ");
		return end == SIZE_MAX ? strv_from(s, 8) : strv_from(s, end + 2);
	}
	if (*s.s == '>' || *s.s == '|') {
		size_t n = 1;

		return s.len > 1 && strchr(" >|", s.s[1]) ? behind(s, n) : s;
	}
	if (*s.s == '~' && strv_starts(s, "~~Dr.M~~ "))
		return strv_from(s, 9);
	if (*s.s == '(' && strv_chr(strv_sub(s, 0, 40), ')') == stamp_length(strv_from(s, 1)) + 1 &&
		s.len > 10)
		return behind(s, stamp_length(strv_from(s, 1)) + 2); /* bazel's "(12:00:00) " */
	if (*s.s == ':' && strv_starts(s, ":\t"))                    /* TeamCity */
		return skip_blank(strv_from(s, 1));
	if (*s.s == ':' && strv_starts(s, "::error")) {
		end = strv_find(strv_from(s, 7), "::");
		return end == SIZE_MAX ? s : strv_from(s, 7 + end + 2);
	}
	if (*s.s == '#' && strv_starts(s, "##[")) {
		end = strv_chr(strv_sub(s, 0, 20), ']');
		return end == SIZE_MAX ? s : strv_from(s, end + 1);
	}
	return s;
}

/* "#12 3.456 text" of docker build */
static struct strv buildx(struct strv s)
{
	struct strv in = strv_from(s, 1);
	size_t blank = strv_chr(strv_sub(in, 0, 8), ' ');
	unsigned digits;

	/* a frame has its address there, or a name */
	if (blank == SIZE_MAX || blank + 2 >= in.len || !is_digit(in.s[blank + 1]) ||
		in.s[blank + 2] == 'x')
		return s;
	scan_dec(&in, &digits);
	if (!digits || !strv_skip(&in, " "))
		return s;
	scan_dec(&in, &digits);
	if (!digits || !strv_skip(&in, "."))
		return s;
	scan_dec(&in, &digits);
	return digits && strv_skip(&in, " ") ? in : s;
}

static struct strv strip_one(struct strv s)
{
	char c = *s.s;

	if (is_digit(c)) {
		struct strv in = from_digit(s);

		return in.s == s.s ? compose(s) : in;
	}
	if (is_letter(c))
		return from_letter(s);
	if (c == '[')
		return bracket(s);
	if (c == '#') {
		struct strv in = s.len > 1 && s.s[1] == ' ' ? skip_blank(strv_from(s, 1)) : s;

		/* a frame in a comment, as TAP has them; other words in comments may be Java's, which reports so */
		if (in.s != s.s && in.len > 2 && *in.s == '#' && is_digit(in.s[1]))
			return in;
		return s.len > 1 && s.s[1] == '#' ? other_mark(s) : buildx(s);
	}
	return other_mark(s);
}

struct strv prefix_strip(struct strv line)
{
	for (int i = 0; i < 8; i++) {
		struct strv s = skip_blank(line), in;

		if (!s.len || *s.s == '=' || *s.s == '@' || *s.s == '*')
			break;
		in = strip_one(s);
		if (in.s == s.s && in.len == s.len)
			break;
		line = in;
	}
	return line;
}
