/* A line for each place: "LINE COLUMN ORDINAL FILE<tab>STATEMENT". Names that can't stand in it aren't kept. */
#include "base/prelude.h"
#include "triage/places.h"
#include "base/num.h"

static bool number(struct strv *rest, unsigned *out)
{
	struct strv part;
	uint64_t n;

	if (!strv_split(rest, ' ', &part) || num_u64(part, &n) < 0 || n > UINT32_MAX)
		return false;
	*out = (unsigned)n;
	return true;
}

static bool find(struct strv text, const char *file, unsigned line, unsigned column,
	struct crash_statement *out)
{
	struct strv row, name;
	unsigned l, c, ordinal;

	while (strv_line(&text, &row)) {
		if (!number(&row, &l) || !number(&row, &c) || !number(&row, &ordinal) ||
			l != line || c != column || !strv_split(&row, '\t', &name) ||
			!strv_eqs(name, file))
			continue;
		*out = (struct crash_statement){ .text = row, .ordinal = ordinal };
		return true;
	}
	return false;
}

static bool fits(struct strv s)
{
	return strv_chr(s, '\t') == SIZE_MAX && strv_chr(s, '\n') == SIZE_MAX;
}

static void note(struct places *p, const char *file, unsigned line, unsigned column,
	const struct crash_statement *st)
{
	struct crash_statement known;

	if (!fits(strv_of(file)) || strv_chr(st->text, '\n') != SIZE_MAX ||
		find(strv_n(buf_str(&p->noted), p->noted.len), file, line, column, &known))
		return;
	buf_addf(&p->noted, "%u %u %u %s\t", line, column, st->ordinal, file);
	buf_addv(&p->noted, st->text);
	buf_addch(&p->noted, '\n');
}

bool places_statement(
	void *arg, const char *file, unsigned line, unsigned column, struct crash_statement *out)
{
	struct places *p = arg;

	if (!find(p->kept, file, line, column, out) &&
		(!p->ask || !p->ask(p->ask_arg, file, line, column, out)))
		return false;
	note(p, file, line, column, out);
	return true;
}
