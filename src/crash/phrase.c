/* The index of all phrases by their first letters, and what a phrase of a table makes of its line. */
#include "base/prelude.h"
#include "crash/internal.h"
#include <pthread.h>

static struct phrase_index shared;

static struct phrase_item *add_item(
	struct phrase_index *ix, const char *text, enum trigger_where where)
{
	struct phrase_item *g;

	if (ix->n >= (int)ARRAY_LEN(ix->item))
		BUG("more than %zu phrases", ARRAY_LEN(ix->item));
	if (strlen(text) < 3)
		BUG("%s: a phrase of fewer than three bytes", text);
	g = &ix->item[ix->n++];
	g->head = head_of(text, strlen(text));
	g->mask = head_mask(strlen(text));
	g->text = text;
	g->where = where;
	return g;
}

static void index_init(void)
{
	struct phrase_index *ix = &shared;

	for (size_t i = 0; i < crash_n_triggers; i++)
		add_item(ix, crash_triggers[i].text, crash_triggers[i].where)->trigger =
			&crash_triggers[i];
	for (size_t t = 0; crash_phrase_tables[t]; t++)
		for (size_t i = 0; i < crash_phrase_tables[t]->n; i++) {
			const struct phrase *f = &crash_phrase_tables[t]->rows[i];
			struct phrase_item *g =
				add_item(ix, f->head, crash_phrase_tables[t]->where);

			g->phrase = f;
			g->who = crash_phrase_tables[t]->who;
		}
	for (size_t i = 0; i < crash_n_signal_words; i++)
		add_item(ix, crash_signal_words[i].text, AT_WORD)->word = &crash_signal_words[i];
	for (size_t i = 0; i < PHRASE_BUCKETS; i++)
		ix->first[i] = -1;
	for (int i = ix->n; i--;) {
		unsigned bucket = phrase_hash(ix->item[i].text);

		ix->item[i].next = ix->first[bucket];
		ix->first[bucket] = (short)i;
		ix->sieve[phrase_sieve(ix->item[i].text) / 64] |=
			1ULL << (phrase_sieve(ix->item[i].text) % 64);
		ix->byte[(unsigned char)*ix->item[i].text] |= BYTE_STARTS;
	}
	ix->byte['#'] |= BYTE_STARTS;
	ix->byte['='] |= BYTE_STARTS;
	for (int c = 0; c < 256; c++)
		if (strv_is_word((char)c))
			ix->byte[c] |= BYTE_WORD;
}

const struct phrase_index *phrase_index(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, index_init);
	return &shared;
}

/* The part of the line that is the message. */
static struct strv message_of(const struct phrase *f, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), rest = strv_from(s, strlen(f->head));
	size_t cut;

	if (f->flags & PHRASE_LINE)
		return line;
	if (f->flags & PHRASE_WHOLE)
		rest = s;
	if (f->from && (cut = strv_find(rest, f->from)) != SIZE_MAX)
		rest = strv_from(rest, cut + strlen(f->from));
	if (f->to && (cut = strv_rfind(rest, f->to)) != SIZE_MAX)
		rest = strv_sub(rest, 0, cut);
	rest = strv_trim(rest);
	return rest.len ? rest : s;
}

static void add_numbers(struct crash_report *r, const struct phrase *f, struct strv rest)
{
	struct strv after;
	unsigned digits;

	if (f->flags & PHRASE_ADDRESS && !r->has_address)
		r->has_address = find_hex(rest, &r->address, &after);
	if (f->flags & PHRASE_SIZE && !r->size)
		for (; rest.len; rest = strv_from(rest, 1)) {
			if (*rest.s < '0' || *rest.s > '9')
				continue;
			r->size = scan_dec(&rest, &digits);
			break;
		}
}

bool phrase_heard(struct crash_parser *p, const struct phrase_item *g, struct strv line, size_t at)
{
	const struct phrase *f = g->phrase;
	struct strv rest = strv_from(line, at + strlen(f->head));
	struct crash_report *r = p->cur;
	enum rank rank = f->flags & PHRASE_SURVIVED ? RANK_REPORT
			 : f->flags & PHRASE_NOTE   ? RANK_NOTE
			 : f->flags & PHRASE_LEAK   ? RANK_LEAK
						    : RANK_FATAL;

	if ((f->must && !strv_contains(rest, f->must)) || (f->not_ && strv_contains(line, f->not_)))
		return false;
	if (f->flags & PHRASE_ONCE && r && !r->n_stacks && !strcmp(r->sanitizer, g->who)) {
		add_numbers(r, f, rest);
		return true;
	}
	r = report_open(p, g->who, f->kind, rank);
	r->priv->is_signal = f->flags & PHRASE_SIGNAL;
	r->priv->wants_stack = !(f->flags & (PHRASE_ALONE | PHRASE_SIGNAL));
	r->priv->debug_only = f->flags & PHRASE_DEBUG;
	r->priv->wild = f->flags & PHRASE_WILD;
	r->access = f->flags & PHRASE_READ    ? CRASH_READ
		    : f->flags & PHRASE_WRITE ? CRASH_WRITE
					      : CRASH_ACCESS_NONE;
	report_message(r, message_of(f, line, at));
	add_numbers(r, f, rest);
	return true;
}
