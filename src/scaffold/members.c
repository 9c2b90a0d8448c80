/*
 * A number is passed only below how many there are, which the library says: whether it looks at that itself nobody knows. What
 * gives a member but no way to end it gives what is the container's.
 */
#include "base/prelude.h"
#include "scaffold/members.h"
#include "scaffold/filler.h"
#include "scaffold/handle.h"
#include "scaffold/object.h"
#include "scaffold/readers.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"

static const char *const numbers[] = { "index", "idx", "i", "n", "nr", "no", "num", "number", "pos",
	"entry", "which", NULL };

/* "@" for the object, "i" for the number where there is to be one; NULL: it wants more, or lacks one of them. */
static const char *arguments(
	struct arena *a, const struct proto *f, const struct proto_param *object, bool indexed)
{
	struct buf b = BUF_INIT;
	const char *out = NULL, *max;
	unsigned objects = 0, indices = 0;
	size_t i;

	for (i = 0; i < f->n_params; i++) {
		const struct proto_param *q = &f->params[i];
		size_t room;

		buf_adds(&b, i ? ", " : "");
		if (object_is(q, object->base, object->canon, object->depth) && !objects++)
			buf_addch(&b, '@');
		else if (indexed && !indices && !q->depth && proto_integer(q, &max) &&
			 (!*q->name || words_have_any(q->name, numbers)) && ++indices)
			buf_addch(&b, 'i');
		else if (!indexed && (room = filler_room(&b, f, i)))
			i += room - 1;
		else if (!q->depth && q->usual && proto_integer(q, &max))
			buf_adds(&b, q->usual);
		else if ((q->depth && proto_byte(q)) || !filler_plain(&b, q))
			break;
	}
	if (i == f->n_params && objects == 1 && indices == indexed)
		out = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return out;
}

/* May the header that p's harness includes have it? */
static bool is_there(const struct api *api, const struct proto *p, const struct api_function *f)
{
	const struct api_function *own = api_find(api, p->name);

	return own && own != f && !f->proto.varargs && api_includes(own->header, f->header);
}

/* Is each of its words one of these, or of the function's that opens a member, where both begin alike? */
static bool says_only(const char *name, const char *const *words, const char *opener)
{
	for (size_t at = words_parting(name, opener), next; name[at]; at = next) {
		char word[32];

		next = words_take(name, at, word, sizeof(word));
		if (*word && !words_have_any(word, words) && !words_have(opener, word))
			return false;
	}
	return true;
}

/* Members, and not what else may be counted: "x_error_count", "x_total_size" */
static bool counts_members(const char *name, bool named, const char *opener)
{
	static const char *const other[] = { "error", "errors", "warning", "warnings", "size",
		"bytes", "length", "version", "ref", "refs", NULL };
	static const char *const known[] = { "get", "of", "num", "count", "total", "nr", "number",
		"n", NULL };

	return !words_have_any(name, other) && (named || says_only(name, known, opener));
}

static bool find_count(struct arena *a, const struct api *api, const struct proto *p,
	const struct proto_param *opened, struct proto_members *m)
{
	static const char *const counting[] = { "num", "count", "total", "nr", "number", "n",
		NULL };
	static const char *const things[] = { "entries", "files", "members", "entry", "file",
		"items", "streams", "images", "pages", "tracks", NULL };
	bool best = false;

	for (size_t i = 0; i < api->n && !best; i++) {
		const struct proto *f = &api->v[i].proto;
		bool named = words_have_any(f->name, things);
		const char *args;

		if (!is_there(api, p, &api->v[i]) || !proto_gives_integer(f) ||
			!words_have_any(f->name, counting) || (m->count && !named) ||
			!counts_members(f->name, named, m->open) ||
			!(args = arguments(a, f, opened, false)))
			continue;
		m->count = f->name;
		m->count_args = args;
		best = named;
	}
	return m->count != NULL;
}

/* The best that reads a member: what says so, with memory for what it reads. */
static bool find_read(struct arena *a, const struct api *api, const struct proto *p,
	const struct proto_param *member, struct proto_members *m)
{
	static const char *const words[] = { "read", "fread", "getc", "gets", "decode", NULL };
	size_t most = 0;

	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;
		const char *args;

		if (!is_there(api, p, &api->v[i]) || !proto_gives_integer(f) ||
			!words_have_any(f->name, words) || object_says_end(f->name) ||
			!(args = arguments(a, f, member, false)) || strlen(args) <= most)
			continue;
		most = strlen(args);
		m->read = f->name;
		m->read_args = args;
	}
	return m->read != NULL;
}

/* Does anything else make such an object? Its end may then be theirs alone, and what is looked up the container's. */
static bool is_made_apart(const struct api *api, const struct proto *opener,
	const struct proto_param *member, const struct proto_param *opened)
{
	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;
		const struct proto_param given = proto_result(f);
		bool of = f == opener,
		     makes = !f->ret_const &&
			     object_is(&given, member->base, member->canon, member->depth);

		for (size_t k = 0; k < f->n_params && !of; k++) {
			const struct proto_param *q = &f->params[k];

			of = object_is(q, opened->base, opened->canon, opened->depth) ||
			     object_is(q, member->base, member->canon, member->depth);
			makes = makes ||
				object_is(q, member->base, member->canon, member->depth + 1);
		}
		if (makes && !of)
			return true;
	}
	return false;
}

/* f opens a member by its number. */
static bool is_opener(struct arena *a, const struct api *api, const struct proto *p,
	const struct proto *f, const struct proto_param *opened, struct proto_members *m)
{
	static const char *const opening[] = { "open", "fopen", "get", "load", "entry", "member",
		"file", "index", NULL };
	static const char *const making[] = { "open", "fopen", "load", NULL };
	const struct proto_param member = proto_result(f);
	const struct proto_handle *h;

	if (f->ret_depth != !f->ret_opaque || f->ret_const || !*f->ret || proto_byte(&member) ||
		object_is(&member, opened->base, opened->canon, opened->depth) ||
		!words_have_any(f->name, opening) || object_says_end(f->name) ||
		(!words_have_any(f->name, making) && is_made_apart(api, f, &member, opened)))
		return false;
	m->open_args = arguments(a, f, opened, true);
	h = m->open_args ? handle_near(a, api, &member, f->name) : NULL;
	if (!h || !h->end || strchr(h->end_args, '&') || !find_read(a, api, p, &member, m))
		return false;
	m->open = f->name;
	m->type = arena_printf(a, f->ret_opaque ? "%s " : "%s *", f->ret);
	m->end = h->end;
	m->end_args = h->end_args;
	return true;
}

const struct proto_members *members_find(struct arena *a, const struct api *api,
	const struct proto *p, const struct proto_param *opened)
{
	struct proto_members best = { NULL }, *out;

	for (size_t i = 0; i < api->n; i++) {
		const struct proto *f = &api->v[i].proto;
		struct proto_members one = { NULL };

		/* the one that wants least */
		if (is_there(api, p, &api->v[i]) && is_opener(a, api, p, f, opened, &one) &&
			(!best.open || strlen(one.open) < strlen(best.open)))
			best = one;
	}
	if (!best.open || !find_count(a, api, p, opened, &best))
		return NULL;
	out = arena_alloc(a, sizeof(*out));
	*out = best;
	return out;
}
