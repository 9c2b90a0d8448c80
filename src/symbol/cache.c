/*
 * The symbol cache of one build: a table by offset, kept in a text file that is trusted only as a whole.
 *
 *     thresh-symbols 1 fine
 *     @ OFFSET FRAMES
 *     LINE COLUMN INLINED FUNCTION-BYTES FILE-BYTES FUNCTION FILE
 *     end ENTRIES HASH
 *
 * Names carry their length, since a binary may hold any; the hash is over all before it, and finds files cut
 * short and scribbled over, not forged ones: the directory is as private as the binaries themselves.
 */
#include "base/prelude.h"
#include "symbol/cache.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"

#define HEADER "thresh-symbols 1 "
#define FILE_MAX ((uint64_t)64 << 20)

static size_t slot_of(const struct cache *c, uint64_t offset)
{
	size_t i = (size_t)((offset * 0x9e3779b97f4a7c15ULL) >> 20) & (c->n_slots - 1);

	while (c->slots[i].used && c->slots[i].offset != offset)
		i = (i + 1) & (c->n_slots - 1);
	return i;
}

const struct cache_entry *cache_get(const struct cache *c, uint64_t offset)
{
	const struct cache_entry *e = c->n_slots ? &c->slots[slot_of(c, offset)] : NULL;

	return e && e->used ? e : NULL;
}

static void grow(struct cache *c)
{
	struct cache old = *c;

	c->n_slots = old.n_slots ? old.n_slots * 2 : 256;
	c->slots = xcalloc(c->n_slots, sizeof(*c->slots));
	for (size_t i = 0; i < old.n_slots; i++)
		if (old.slots[i].used)
			c->slots[slot_of(c, old.slots[i].offset)] = old.slots[i];
	free(old.slots);
}

/* A new entry, or NULL when there is one that answers already. */
static struct cache_entry *add(struct cache *c, uint64_t offset)
{
	struct cache_entry *e;

	if (c->n * 4 >= c->n_slots * 3)
		grow(c);
	e = &c->slots[slot_of(c, offset)];
	if (e->used && !e->lost)
		return NULL;
	c->n += !e->used;
	*e = (struct cache_entry){ .offset = offset, .used = true };
	return e;
}

void cache_put(struct cache *c, uint64_t offset, const struct symbol_frame *frames, size_t n)
{
	struct cache_entry *e = add(c, offset);
	const char *file = NULL;

	if (!e)
		return;
	c->dirty = true;
	e->n = MIN(n, (size_t)SYMBOL_FRAMES_MAX);
	e->frames = e->n ? arena_alloc(&c->arena, e->n * sizeof(*e->frames)) : NULL;
	for (size_t i = 0; i < e->n; i++) {
		struct symbol_frame *f = &e->frames[i];

		*f = frames[i];
		f->function = arena_strdup(&c->arena, f->function);
		/* frames inlined into each other mostly share their file */
		if (!file || strcmp(file, f->file) != 0)
			file = arena_strdup(&c->arena, f->file);
		f->file = file;
	}
}

void cache_put_lost(struct cache *c, uint64_t offset)
{
	struct cache_entry *e = add(c, offset);

	if (e)
		e->lost = true;
}

static int next_number(struct strv *line, uint64_t max, uint64_t *out)
{
	struct strv word;

	if (!strv_split(line, ' ', &word) || num_u64(word, out) < 0 || *out > max)
		return -1;
	return 0;
}

/* One frame, cut off *text. */
static int parse_frame(struct strv *text, struct arena *a, struct symbol_frame *f)
{
	struct strv line = *text; /* names may hold line breaks: their lengths say where it ends */
	uint64_t v[5];
	size_t head;

	for (size_t i = 0; i < ARRAY_LEN(v); i++)
		if (next_number(&line,
			    i < 2    ? UINT32_MAX
			    : i == 2 ? 1
				     : SYMBOL_NAME_MAX,
			    &v[i]) < 0)
			return -1;
	head = (size_t)(v[3] + v[4]) + 2;
	if (line.len < head || line.s[v[3]] != ' ' || line.s[head - 1] != '\n' ||
		memchr(line.s, '\0', head))
		return -1;
	f->line = (unsigned)v[0];
	f->column = (unsigned)v[1];
	f->inlined = v[2] != 0;
	f->function = arena_strndup(a, line.s, (size_t)v[3]);
	f->file = arena_strndup(a, line.s + v[3] + 1, (size_t)v[4]);
	*text = strv_from(line, head);
	return 0;
}

static int parse_entry(struct strv *text, struct cache *c)
{
	struct symbol_frame frames[SYMBOL_FRAMES_MAX];
	struct arena names = ARENA_INIT;
	struct strv line, word;
	uint64_t offset, n;
	int rc = -1;

	if (!strv_line(text, &line) || !strv_skip(&line, "@ ") || !strv_split(&line, ' ', &word) ||
		num_hex(word, &offset) < 0 || num_u64(line, &n) < 0 || n > SYMBOL_FRAMES_MAX)
		return -1;
	for (uint64_t i = 0; i < n; i++)
		if (parse_frame(text, &names, &frames[i]) < 0)
			goto out;
	cache_put(c, offset, frames, (size_t)n);
	rc = 0;
out:
	arena_release(&names);
	return rc;
}

/* The text without header and last line, when both are right. */
static bool check_frame(struct strv *text, bool fine_only, bool *coarse, uint64_t *entries)
{
	struct strv body = *text, line, word;
	size_t end = strv_rfind(body, "\nend ");
	uint64_t hash;

	if (end == SIZE_MAX || !strv_ends(body, "\n"))
		return false;
	line = strv_sub(body, end + 5, body.len - end - 6);
	body = strv_sub(body, 0, end + 1);
	if (next_number(&line, UINT64_MAX, entries) < 0 || num_hex(line, &hash) < 0 ||
		hash != hash_fnv(HASH_FNV_INIT, body.s, body.len))
		return false;
	if (!strv_line(&body, &word) || !strv_skip(&word, HEADER))
		return false;
	*coarse = strv_eqs(word, "coarse");
	*text = body;
	return (*coarse && !fine_only) || strv_eqs(word, "fine");
}

bool cache_load(struct cache *c, const char *path, bool fine_only)
{
	struct cache fresh = { .n = 0 };
	struct buf b = BUF_INIT;
	bool ok = false, coarse = false, was_dirty = c->dirty;
	uint64_t entries = 0, n = 0;
	struct strv text;

	if (!fs_exists(path) || fs_read(path, FILE_MAX, &b, NULL) < 0)
		goto out;
	text = strv_n(b.s, b.len);
	if (!b.len || !check_frame(&text, fine_only, &coarse, &entries))
		goto out;
	while (text.len && parse_entry(&text, &fresh) == 0)
		n++;
	ok = !text.len && n == entries;
	for (size_t i = 0; ok && i < fresh.n_slots; i++)
		if (fresh.slots[i].used)
			cache_put(
				c, fresh.slots[i].offset, fresh.slots[i].frames, fresh.slots[i].n);
	c->coarse = c->coarse || (ok && coarse);
	c->dirty = was_dirty;
out:
	cache_release(&fresh);
	buf_release(&b);
	return ok;
}

int cache_save(const struct cache *c, const char *path, struct err *err)
{
	struct buf b = BUF_INIT;
	size_t n = 0;
	int rc;

	buf_addf(&b, HEADER "%s\n", c->coarse ? "coarse" : "fine");
	for (size_t i = 0; i < c->n_slots && b.len < FILE_MAX / 2; i++) {
		const struct cache_entry *e = &c->slots[i];

		if (!e->used || e->lost)
			continue;
		n++;
		buf_addf(&b, "@ %llx %zu\n", (unsigned long long)e->offset, e->n);
		for (size_t j = 0; j < e->n; j++) {
			const struct symbol_frame *f = &e->frames[j];

			buf_addf(&b, "%u %u %d %zu %zu ", f->line, f->column, f->inlined,
				strlen(f->function), strlen(f->file));
			buf_adds(&b, f->function);
			buf_addch(&b, ' ');
			buf_adds(&b, f->file);
			buf_addch(&b, '\n');
		}
	}
	buf_addf(&b, "end %zu %llx\n", n, (unsigned long long)hash_fnv(HASH_FNV_INIT, b.s, b.len));
	rc = fs_write(path, b.s, b.len, 0600, err);
	buf_release(&b);
	return rc;
}

void cache_release(struct cache *c)
{
	free(c->slots);
	arena_release(&c->arena);
	*c = (struct cache){ .n = 0 };
}
