/* Of each object its members "directory" and "command", or "arguments". No other shape of JSON is understood, nor needed. */
#include "base/prelude.h"
#include "survey/database.h"
#include "survey/line.h"
#include "base/buf.h"
#include "base/mem.h"

#define ENTRIES_MAX 50000

/* A string behind its first quote; what follows it stays in v. Escapes of what paths and flags have; others stand as they are. */
static void read_string(struct strv *v, struct buf *out)
{
	buf_reset(out);
	while (v->len && v->s[0] != '"') {
		char c = v->s[0];

		*v = strv_from(*v, 1);
		if (c == '\\' && v->len) {
			c = v->s[0];
			*v = strv_from(*v, 1);
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		buf_addch(out, c);
	}
	*v = strv_from(*v, 1);
}

/* All strings up to the list's end. */
static void read_list(struct strv *v, struct strlist *out)
{
	struct buf one = BUF_INIT;

	for (; v->len && v->s[0] != ']'; *v = strv_trim(*v))
		if (v->s[0] == '"') {
			*v = strv_from(*v, 1);
			read_string(v, &one);
			strlist_add(out, buf_str(&one));
		} else {
			*v = strv_from(*v, 1);
		}
	buf_release(&one);
}

static void read_member(struct strv *v, const char *name, struct record *r)
{
	struct buf value = BUF_INIT;

	*v = strv_trim(*v);
	if (v->len && v->s[0] == '[' && strcmp(name, "arguments") == 0) {
		read_list(v, &r->argv);
	} else if (v->len && v->s[0] == '"') {
		*v = strv_from(*v, 1);
		read_string(v, &value);
		if (strcmp(name, "directory") == 0 && !r->cwd)
			r->cwd = xstrdup(buf_str(&value));
		else if (strcmp(name, "command") == 0)
			line_words(strv_n(buf_str(&value), value.len), &r->argv);
	}
	buf_release(&value);
}

static void end_entry(struct record *r, struct records *out)
{
	if (r->cwd && r->argv.n) {
		GROW(out->v, out->n, out->cap);
		out->v[out->n++] = *r;
	} else {
		free(r->cwd);
		strlist_release(&r->argv);
	}
	*r = (struct record){ 0 };
}

void database_read(struct strv text, struct records *out)
{
	struct record r = { 0 };
	struct buf name = BUF_INIT;

	while (text.len && out->n < ENTRIES_MAX) {
		char c = text.s[0];

		text = strv_from(text, 1);
		if (c == '}')
			end_entry(&r, out);
		if (c != '"')
			continue;
		read_string(&text, &name);
		text = strv_trim(text);
		if (!text.len || text.s[0] != ':')
			continue;
		text = strv_from(text, 1);
		read_member(&text, buf_str(&name), &r);
	}
	free(r.cwd);
	strlist_release(&r.argv);
	buf_release(&name);
}
