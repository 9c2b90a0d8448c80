/* Points for how a function takes its input, for what its name says, and against what it needs beside that. */
#include "base/prelude.h"
#include "scaffold/rank.h"
#include "base/mem.h"
#include "scaffold/class_object.h"
#include "scaffold/consumer.h"
#include "scaffold/handle.h"
#include "scaffold/object.h"
#include "scaffold/roles.h"
#include "scaffold/usual_room.h"
#include "scaffold/words.h"

static int name_score(const char *name)
{
	static const struct {
		const char *word;
		int score;
	} rows[] = { { "pars", 40 }, { "decod", 40 }, { "load", 30 }, { "read", 25 },
		{ "deserial", 40 }, { "unpack", 30 }, { "decompress", 35 }, { "inflate", 30 },
		{ "uncompress", 35 }, { "import", 25 }, { "scan", 20 }, { "execute", 20 },
		{ "from", 20 }, { "open", 15 }, { "process", 15 }, { "feed", 20 }, { "lex", 20 },
		{ "tokeni", 25 }, { "valid", 15 }, { "convert", 10 }, { "2", 10 }, { "probe", 10 },
		/* mostly what is copied out */
		{ "copy", -20 }, { "copy_from_byte_stream", 40 }, { "write", -40 },
		{ "print", -40 }, { "ostream", -40 }, { "output", -25 }, { "writer", -40 },
		{ "dump", -30 }, { "encod", -25 }, { "set", -25 }, { "get", -20 }, { "add", -20 },
		{ "error", -40 }, { "log", -40 }, { "freed", -60 }, { "version", -40 },
		{ "is", -15 }, { "to", -10 }, { "save", -40 }, { "compress", -25 },
		{ "format", -5 }, { "cmp", -30 }, { "compare", -30 }, { "find", -15 },
		{ "lookup", -15 }, { "hash", -15 }, { "check", -5 }, { "debug", -40 },
		{ "put", -30 }, { "append", -25 }, { "insert", -25 }, { "remove", -25 },
		{ "delete", -40 }, { "register", -30 }, { "util", -15 }, { "utf", -10 },
		{ "escape", -5 }, { "init", -15 }, { "warn", -40 }, { "mem", -15 },
		{ "alloc", -30 }, { "path", -10 }, { "name", -10 }, { "yy", -80 }, { "crc", -40 },
		{ "checksum", -40 }, { "getopt", -80 }, { "peek", -20 }, { "main", -10 },
		{ "sprint", -40 }, { "fprint", -40 }, { "snprint", -40 }, { "create", -15 },
		{ "new", -15 }, { "make", -15 }, { "test", -20 }, { "swap", -20 },
		{ "define", -25 }, { "disp", -40 }, { "show", -40 }, { "enable", -30 },
		{ "disable", -30 } };
	/* what users aren't to call */
	int score = *name == '_' ? -30 : 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (words_begin(name, rows[i].word))
			score += rows[i].score;
	return score;
}

bool rank_promises(const char *name)
{
	return name_score(name) > 0;
}

#define STREAM_SCORE 45

int rank_takes(const struct proto *p, const char **takes)
{
	static const struct {
		enum proto_role role;
		int score;
		const char *takes;
	} rows[] = { { ROLE_LENGTH, 60, "bytes and a length" },
		{ ROLE_END, 55, "bytes and an end" }, { ROLE_STDSTRING, 50, "a string" },
		{ ROLE_ARGV, 44, "arguments" }, { ROLE_STRINGS, 44, "words" },
		{ ROLE_ISTREAM, STREAM_SCORE, "a stream" }, { ROLE_TEXT, 42, "a text" },
		{ ROLE_FILE, 38, "a FILE" }, { ROLE_BLOCK, 36, "bytes" },
		{ ROLE_PATH, 35, "a file's path" }, { ROLE_FD, 30, "a descriptor" } };

	for (size_t k = 0; k < ARRAY_LEN(rows); k++)
		for (size_t i = 0; i < p->n_params; i++)
			if (p->params[i].role == rows[k].role) {
				*takes = rows[k].takes;
				return rows[k].score;
			}
	for (size_t i = 0; i < p->n_params; i++)
		if (p->params[i].object && p->params[i].object->input) {
			*takes = "a stream";
			return STREAM_SCORE;
		}
	*takes = "nothing";
	return 0;
}

static int needs_score(const struct proto *p)
{
	int score = 0;

	for (size_t i = 0; i < p->n_params; i++)
		switch (p->params[i].role) {
		case ROLE_ZERO:
			score -= 4;
			break;
		case ROLE_OUT_BYTES:
			score -= 5;
			break;
		case ROLE_NAME:
		case ROLE_CLASS:
		case ROLE_STUB:
			score -= 3;
			break;
		case ROLE_NULL:
			score -= 4;
			break;
		/* what may be written to may as well be what is asked for */
		case ROLE_DATA_COPY:
			score -= 8;
			break;
		case ROLE_DATA:
		case ROLE_TEXT:
		case ROLE_BLOCK:
		case ROLE_LENGTH:
		case ROLE_END:
		case ROLE_STDSTRING:
		case ROLE_ASKED:
		case ROLE_STRINGS:
		case ROLE_ARGV:
		case ROLE_ARGC:
		case ROLE_ISTREAM:
		case ROLE_FILE:
		case ROLE_FD:
		case ROLE_PATH:
		case ROLE_OUT_FILE:
		case ROLE_OUT_ROOM:
		case ROLE_OUT_ROOM_P:
		case ROLE_LENGTH_P:
		case ROLE_ARRAY:
		case ROLE_COUNT:
		case ROLE_OUT:
		case ROLE_HANDLE:
		case ROLE_GIVEN:
			break;
		case ROLE_OBJECT:
			score -= p->params[i].sized && !p->params[i].made_by ? 10 : 45;
			break;
		}
	if (p->parts > 1)
		score -= 20;
	if (p->varargs)
		score -= 40;
	return score - (int)p->n_params;
}

/* The input would say which arguments follow, and they don't: each failure would be the caller's. */
static bool is_format(const struct proto *p)
{
	for (size_t i = 0; i < p->n_params; i++)
		if (strcmp(p->params[i].canon, "va_list") == 0)
			return true;
	return p->varargs && p->n_params && p->params[p->n_params - 1].role == ROLE_TEXT;
}

/* What makes an object of nothing but bytes is where a parser begins. */
static int result_score(const struct proto *p)
{
	int score = p->ret_handle ? 10 : 0;

	for (size_t i = 0; i < p->n_params; i++)
		score += p->params[i].role == ROLE_OUT && p->params[i].handle ? 10 : 0;
	return score;
}

/* fewer don't say that these are all that users get */
#define INSTALLED_MIN 3

#define DOUBLE_SCORE 6 /* points for each doubling */
#define ENOUGH_BYTES 256
#define TINY_BYTES 96
#define TINY_SCORE (-30)

int rank_leads(struct leads *leads, const char *symbol)
{
	uint64_t bytes = leads ? leads_of(leads, symbol) : 0;
	int score = 0;

	if (!bytes)
		return 0;
	if (bytes < TINY_BYTES)
		score += TINY_SCORE;
	for (uint64_t k = ENOUGH_BYTES; k < bytes; k *= 2)
		score += DOUBLE_SCORE;
	return score;
}

static int by_score(const void *a, const void *b)
{
	const struct rank_entry *x = a, *y = b;

	return x->score != y->score ? (x->score > y->score ? -1 : 1)
				    : strcmp(x->proto.name, y->proto.name);
}

void rank_make(struct arena *a, const struct api *api, struct leads *leads, struct ranking *out)
{
	*out = (struct ranking){ xcalloc(api->n + 1, sizeof(*out->v)), 0 };
	for (size_t i = 0; i < api->n; i++) {
		struct rank_entry e = { .proto = api->v[i].proto, .header = api->v[i].header };

		if (object_ends(e.proto.name) || proto_roles(&e.proto, NULL) < 0 ||
			is_format(&e.proto))
			continue;
		e.unknown = handle_fill(a, api, &e.proto);
		usual_room(a, &e.proto);
		consumer_find(a, api, &e.proto);
		e.score = rank_takes(&e.proto, &e.takes) + name_score(e.proto.name) +
			  needs_score(&e.proto) + result_score(&e.proto) + e.header->rank +
			  rank_leads(leads, e.proto.name);
		if (e.proto.then)
			e.score += name_score(e.proto.then) + rank_leads(leads, e.proto.then);
		if (e.proto.consumer)
			e.score += name_score(e.proto.consumer->name) +
				   rank_leads(leads, e.proto.consumer->name);
		out->v[out->n++] = e;
	}
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_score);
}

size_t rank_installed_first(struct ranking *r)
{
	struct rank_entry *v = xcalloc(r->n + 1, sizeof(*v));
	size_t n = 0, installed;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].header->installed)
			v[n++] = r->v[i];
	installed = n;
	for (size_t i = 0; i < r->n; i++)
		if (!r->v[i].header->installed)
			v[n++] = r->v[i];
	free(r->v);
	r->v = v;
	return installed < INSTALLED_MIN ? r->n : installed;
}

int rank_score(const struct proto *p, const char *name)
{
	const char *takes;

	return rank_takes(p, &takes) + name_score(name) + needs_score(p);
}

void rank_release(struct ranking *r)
{
	free(r->v);
	*r = (struct ranking){ 0 };
}
