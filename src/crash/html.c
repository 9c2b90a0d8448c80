/* Reports saved from a page: entities and the tags of web pages out. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/lines.h"

static const struct {
	const char *name, *text;
} entities[] = { { "lt;", "<" }, { "gt;", ">" }, { "amp;", "&" }, { "quot;", "\"" },
	{ "apos;", "'" }, { "nbsp;", " " }, { "#39;", "'" }, { "#x27;", "'" }, { "#34;", "\"" },
	{ "#60;", "<" }, { "#62;", ">" }, { "#160;", " " }, { "#xa0;", " " }, { "#10;", "\n" },
	{ "#xa;", "\n" }, { "#13;", "" }, { "#38;", "&" }, { "#x2f;", "/" }, { "#x2F;", "/" },
	{ "#47;", "/" }, { "#96;", "`" }, { "#x60;", "`" }, { "#x3c;", "<" }, { "#x3e;", ">" },
	{ "lsquo;", "'" }, { "rsquo;", "'" }, { "ldquo;", "\"" }, { "rdquo;", "\"" },
	{ "ndash;", "-" }, { "mdash;", "-" } };

/* Of pages only: an XML report's elements and a C++ name's arguments aren't among them. */
static const struct {
	const char *name;
	bool breaks; /* stands for a line's end */
} tags[] = { { "br", true }, { "p", true }, { "div", true }, { "li", true }, { "tr", true },
	{ "pre", true }, { "blockquote", true }, { "html", false }, { "body", false },
	{ "head", false }, { "title", false }, { "span", false }, { "code", false }, { "a", false },
	{ "b", false }, { "i", false }, { "em", false }, { "strong", false }, { "font", false },
	{ "td", false }, { "th", false }, { "table", false }, { "tbody", false }, { "ul", false },
	{ "ol", false }, { "tt", false }, { "samp", false }, { "details", false },
	{ "summary", false }, { "h1", true }, { "h2", true }, { "h3", true }, { "h4", true },
	{ "meta", false }, { "link", false }, { "u", false }, { "small", false }, { "kbd", false },
	{ "section", false }, { "article", false }, { "img", false } };

/* A tag at s[i] == '<': its length, 0 when it isn't one. */
static size_t tag_length(struct strv s, size_t i, bool *breaks)
{
	size_t name = i + 1, end;
	struct strv word;

	if (name < s.len && s.s[name] == '/')
		name++;
	for (end = name; end < s.len &&
			 ((s.s[end] | 32) >= 'a' || (s.s[end] >= '0' && s.s[end] <= '9')) &&
			 (s.s[end] | 32) <= 'z';)
		end++;
	if (end == name || end >= s.len || !strchr(" />\t", s.s[end]))
		return 0;
	word = strv_sub(s, name, end - name);
	for (size_t k = 0; k < ARRAY_LEN(tags); k++) {
		if (strlen(tags[k].name) != word.len || strncasecmp(tags[k].name, word.s, word.len))
			continue;
		while (end < s.len && s.s[end] != '>' && s.s[end] != '<')
			end++;
		*breaks = tags[k].breaks;
		return end < s.len && s.s[end] == '>' ? end + 1 - i : 0;
	}
	return 0;
}

/* Cheap: only a line that begins or ends in a tag makes it worth a look. */
bool html_may_be(struct strv line)
{
	line = skip_blank(line);
	return line.len > 2 && (*line.s == '<' || line.s[line.len - 1] == '>');
}

bool html_is_page(struct strv line)
{
	static const char *const signs[] = { "<br", "<pre", "</pre", "<div", "</div", "<html",
		"<span ", "</span", "<code", "</code", "<p>", "</p>", "<body", "<td", "<BR", "<PRE",
		"<!DOCTYPE html", "<blockquote" };
	bool breaks;

	for (size_t i = 0; i < line.len; i++) {
		if (line.s[i] != '<')
			continue;
		for (size_t k = 0; k < ARRAY_LEN(signs); k++)
			if (strv_starts(strv_from(line, i), signs[k]) &&
				(signs[k][1] == '!' || tag_length(line, i, &breaks)))
				return true;
	}
	return false;
}

static size_t entity(struct buf *out, struct strv s)
{
	for (size_t k = 0; k < ARRAY_LEN(entities); k++)
		if (strv_starts(s, entities[k].name)) {
			buf_adds(out, entities[k].text);
			return strlen(entities[k].name);
		}
	return 0;
}

void html_decode(struct buf *out, struct strv line, bool with_tags)
{
	bool breaks = false;
	size_t n;

	for (size_t i = 0; i < line.len;) {
		char c = line.s[i];

		if (c == '&' && (n = entity(out, strv_from(line, i + 1)))) {
			i += n + 1;
		} else if (c == '<' && with_tags && (n = tag_length(line, i, &breaks))) {
			if (breaks)
				buf_addch(out, '\n');
			else if (n > 3 && (strv_starts(strv_from(line, i), "<td") || strv_starts(strv_from(line, i), "<th")))
				buf_addch(out, '\t');
			i += n;
		} else {
			buf_addch(out, c);
			i++;
		}
	}
}

bool html_has_entity(struct strv s)
{
	for (size_t i = 0; i + 3 < s.len; i++) {
		if (s.s[i] != '&')
			continue;
		for (size_t k = 0; k < ARRAY_LEN(entities); k++)
			if (strv_starts(strv_from(s, i + 1), entities[k].name))
				return true;
	}
	return false;
}
