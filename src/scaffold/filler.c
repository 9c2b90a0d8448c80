/* What is passed for parameters that aren't the object: memory that is written to, and numbers that nobody looks at. */
#include "base/prelude.h"
#include "scaffold/filler.h"
#include "scaffold/roles.h"
#include "scaffold/types.h"
#include "scaffold/words.h"

/* Of what is read into it there may be some; of what isn't bytes the number may be of one channel's, and of those there may be many. */
#define READ_MAX "4096"
#define READ_EACH "16"
#define READ_ALL "16384"

bool filler_counts(const struct proto *f, size_t i)
{
	static const char *const words[] = { "max", "maximum", "cap", "capacity", "limit", "room",
		"nmemb", "amount", "want", "wanted", "remain", "remaining", "maxlen", "s", "siz",
		"bufsiz", "nitems", "nelem", "nelems", "amt", NULL };
	const struct proto_param *q = &f->params[i];
	const char *max;

	if (i >= f->n_params || q->depth || q->is_callback || !proto_integer(q, &max))
		return false;
	return !*q->name || roles_length(q->name) || words_have_any(q->name, words);
}

size_t filler_room(struct buf *b, const struct proto *f, size_t i)
{
	static const char *const others[] = { "char", "void", "float", "double", NULL };
	const struct proto_param *q = &f->params[i];
	bool number, other = false, counted;
	const char *max;

	counted = i + 1 < f->n_params && !q[1].depth && !q[1].is_callback &&
		  proto_integer(&q[1], &max);
	number = proto_integer(q, &max);
	for (size_t k = 0; others[k]; k++)
		other = other || strcmp(q->canon, others[k]) == 0;
	/* bytes that nothing bounds may be a picture of any size */
	if (q->depth != 1 || q->is_const || q->is_callback || (!number && !other) ||
		(proto_byte(q) && !filler_counts(f, i + 1)))
		return 0;
	buf_addf(b, "(%s[%s]){ 0 }", strcmp(q->canon, "void") == 0 ? "unsigned char" : q->base,
		counted && !proto_byte(q) ? READ_ALL : READ_MAX);
	if (!counted)
		return 1;
	buf_adds(b, proto_byte(q) ? ", " READ_MAX : ", " READ_EACH);
	return 2;
}

bool filler_plain(struct buf *b, const struct proto_param *q)
{
	const char *max;
	bool number = proto_integer(q, &max) || strcmp(q->canon, "bool") == 0;

	if (q->is_callback || q->is_ref || q->opaque || q->depth > 1)
		return false;
	if (q->depth == 1 && number && !q->is_const)
		buf_addf(b, "&(%s){ 0 }", q->base);
	else if (!q->depth && number)
		buf_addch(b, '0');
	else if (!q->depth && strncmp(q->canon, "enum ", 5) == 0)
		buf_addf(b, "(%s)0", q->base);
	else
		return false;
	return true;
}
