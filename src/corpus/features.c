/*
 * The table grows; the cache is one buffer, the file as it is or will be, with an index of where each input's last record
 * begins. Features are differences as varints, since ids lie close together: about a byte each.
 */
#include "base/prelude.h"
#include "corpus/features.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/cover_problem.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define MAGIC "thresh features 1\n"
#define BUILD_LEN 64
#define HEAD_LEN (sizeof(MAGIC) - 1 + BUILD_LEN + 1)
/* length, sum */
#define RECORD_HEAD 8
#define SHA1_LEN 20
/* No input has more: 2^24 counters in all their buckets, five bytes each, would. */
#define RECORD_MAX ((size_t)512 << 20)
#define FILE_MAX ((uint64_t)8 << 30)

void feature_table_add(
	struct feature_table *t, const struct feature_row *row, const uint32_t *features, size_t n)
{
	if (t->n + 1 >= t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->rows = xrealloc(t->rows, t->cap * sizeof(*t->rows));
		t->start = xrealloc(t->start, t->cap * sizeof(*t->start));
	}
	while (t->n_features + n > t->cap_features) {
		t->cap_features = t->cap_features ? t->cap_features * 2 : 4096;
		t->features = xrealloc(t->features, t->cap_features * sizeof(*t->features));
	}
	if (n)
		memcpy(t->features + t->n_features, features, n * sizeof(*features));
	t->rows[t->n] = *row;
	t->start[t->n++] = t->n_features;
	t->n_features += n;
	t->start[t->n] = t->n_features;
}

void feature_table_release(struct feature_table *t)
{
	free(t->rows);
	free(t->start);
	free(t->features);
	*t = (struct feature_table){ NULL };
}

size_t feature_set(uint32_t *features, size_t n)
{
	size_t found = 0;

	if (n)
		cover_sort(features, n);
	for (size_t i = 0; i < n; i++)
		if (!found || features[found - 1] != features[i])
			features[found++] = features[i];
	return found;
}

/* --- the cache --- */

struct feature_cache {
	char *path, *build;
	/* the file as it was read, then what was put: records one behind the other */
	struct buf data;
	size_t on_disk; /* bytes of data that are in the file, head included */
	size_t was;     /* bytes of the file when it was read */
	bool unread;
	size_t *slot; /* offsets of records, 0: none */
	size_t mask, n;
};

static uint32_t sum_of(const void *p, size_t n)
{
	uint64_t h = hash_fnv(HASH_FNV_INIT, p, n);

	return (uint32_t)(h ^ h >> 32);
}

static uint32_t u32_at(const char *s)
{
	uint32_t v;

	memcpy(&v, s, sizeof(v));
	return v;
}

static void add_varint(struct buf *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_addch(b, (int)(v & 0x7f) | 0x80);
	buf_addch(b, (int)v);
}

static bool take_varint(const char **s, const char *end, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; *s < end && shift < 64; shift += 7) {
		unsigned char c = (unsigned char)*(*s)++;

		*v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

static void index_grow(struct feature_cache *c);

/* The slot of that SHA-1: its record's, or the empty one where it would be. */
static size_t *slot_of(const struct feature_cache *c, const unsigned char *sha1)
{
	uint64_t h;

	memcpy(&h, sha1, sizeof(h));
	for (size_t i = h & c->mask;; i = (i + 1) & c->mask)
		if (!c->slot[i] || !memcmp(c->data.s + c->slot[i] + RECORD_HEAD, sha1, SHA1_LEN))
			return &c->slot[i];
}

/* The later record of an input stands for it. */
static void index_add(struct feature_cache *c, size_t at)
{
	size_t *slot;

	if ((c->n + 1) * 2 > c->mask)
		index_grow(c);
	slot = slot_of(c, (unsigned char *)c->data.s + at + RECORD_HEAD);
	c->n += !*slot;
	*slot = at;
}

static void index_grow(struct feature_cache *c)
{
	size_t *old = c->slot, n = c->slot ? c->mask + 1 : 0;

	c->mask = n ? n * 2 - 1 : 1023;
	c->slot = xcalloc(c->mask + 1, sizeof(*c->slot));
	for (size_t i = 0; i < n; i++)
		if (old[i])
			*slot_of(c, (unsigned char *)c->data.s + old[i] + RECORD_HEAD) = old[i];
	free(old);
}

static void add_head(struct buf *b, const char *build)
{
	buf_addf(b, "%s%-*.*s\n", MAGIC, BUILD_LEN, BUILD_LEN, build);
}

/* Whole records from the front; where one is damaged, what follows has no beginning any more. */
static void read_records(struct feature_cache *c)
{
	size_t at = HEAD_LEN;

	while (at + RECORD_HEAD + SHA1_LEN + 2 <= c->data.len) {
		size_t n = u32_at(c->data.s + at);

		if (n < SHA1_LEN + 2 || n > RECORD_MAX || n > c->data.len - at - RECORD_HEAD ||
			sum_of(c->data.s + at + RECORD_HEAD, n) != u32_at(c->data.s + at + 4))
			break;
		index_add(c, at);
		at += RECORD_HEAD + n;
	}
	if (at < c->data.len)
		log_warn("%s: damaged behind %zu inputs; the others are measured anew", c->path,
			c->n);
	c->data.len = at;
	c->on_disk = at;
}

struct feature_cache *feature_cache_open(const char *path, const char *build)
{
	struct feature_cache *c = xcalloc(1, sizeof(*c));
	struct buf head = BUF_INIT;
	int lock;

	c->path = xstrdup(path);
	c->build = xstrdup(build);
	index_grow(c);
	add_head(&head, build);
	lock = open(path, O_RDONLY | O_CLOEXEC);
	if (lock >= 0 && flock(lock, LOCK_SH) < 0) /* then half of what another adds may be read */
		log_debug("%s: %s", path, strerror(errno));
	if (fs_read(path, FILE_MAX, &c->data, NULL) == 0 && c->data.len >= HEAD_LEN &&
		!memcmp(c->data.s, head.s, HEAD_LEN)) {
		c->was = c->data.len;
		read_records(c);
	} else {
		buf_reset(&c->data);
		buf_add(&c->data, head.s, head.len);
	}
	if (lock >= 0)
		close(lock);
	buf_release(&head);
	return c;
}

struct feature_cache *feature_cache_unread(const char *path, const char *build)
{
	struct feature_cache *c = xcalloc(1, sizeof(*c));

	c->path = xstrdup(path);
	c->build = xstrdup(build);
	index_grow(c);
	add_head(&c->data, build);
	c->on_disk = c->data.len;
	c->unread = true;
	return c;
}

bool feature_cache_has(const struct feature_cache *c, const char *sha1)
{
	unsigned char packed[SHA1_LEN];

	hash_unhex(sha1, SHA1_LEN, packed);
	return *slot_of(c, packed) != 0;
}

bool feature_cache_get(
	const struct feature_cache *c, struct feature_row *row, struct feature_table *into)
{
	unsigned char sha1[SHA1_LEN];
	const char *s, *end;
	uint64_t state, n, delta, f = 0;
	uint32_t *features;
	bool ok = true;
	size_t at;

	hash_unhex(row->sha1, SHA1_LEN, sha1);
	at = *slot_of(c, sha1);
	if (!at)
		return false;
	s = c->data.s + at + RECORD_HEAD + SHA1_LEN;
	end = c->data.s + at + RECORD_HEAD + u32_at(c->data.s + at);
	if (!take_varint(&s, end, &state) || state > FEATURES_FAILED ||
		!take_varint(&s, end, &row->size) || !take_varint(&s, end, &n) ||
		n > (uint64_t)(end - s))
		return false;
	features = xcalloc((size_t)n + 1, sizeof(*features));
	for (uint64_t i = 0; ok && i < n; i++) {
		ok = take_varint(&s, end, &delta) && (delta || !i) && delta <= UINT32_MAX - f;
		f += delta;
		features[i] = (uint32_t)f;
	}
	row->state = (enum feature_state)state;
	if (ok)
		feature_table_add(into, row, features, (size_t)n);
	free(features);
	return ok;
}

void feature_cache_put(
	struct feature_cache *c, const struct feature_row *row, const uint32_t *features, size_t n)
{
	unsigned char sha1[SHA1_LEN];
	uint32_t head[2] = { 0, 0 };
	size_t at = c->data.len;

	hash_unhex(row->sha1, SHA1_LEN, sha1);
	buf_add(&c->data, head, sizeof(head));
	buf_add(&c->data, sha1, sizeof(sha1));
	add_varint(&c->data, row->state);
	add_varint(&c->data, row->size);
	add_varint(&c->data, n);
	for (size_t i = 0; i < n; i++)
		add_varint(&c->data, features[i] - (i ? features[i - 1] : 0));
	head[0] = (uint32_t)(c->data.len - at - RECORD_HEAD);
	head[1] = sum_of(c->data.s + at + RECORD_HEAD, head[0]);
	memcpy(c->data.s + at, head, sizeof(head));
	index_add(c, at);
}

/* What of the data is of live rows: a copy. */
static void compact(struct feature_cache *c, const struct feature_table *live, struct buf *out)
{
	add_head(out, c->build);
	for (size_t i = 0; i < live->n; i++) {
		unsigned char sha1[SHA1_LEN];
		size_t at;

		hash_unhex(live->rows[i].sha1, SHA1_LEN, sha1);
		at = *slot_of(c, sha1);
		if (at)
			buf_add(out, c->data.s + at, RECORD_HEAD + u32_at(c->data.s + at));
	}
}

/*
 * Where the new records go. What another process added since is whole, as it held the lock, and stays. -1: nowhere, since
 * the file became another build's, or what is behind a damaged end can't be told from it.
 */
static off_t end_of(const struct feature_cache *c, int fd)
{
	char head[HEAD_LEN];
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < (off_t)c->was || pread(fd, head, HEAD_LEN, 0) != (ssize_t)HEAD_LEN ||
		memcmp(head, c->data.s, HEAD_LEN) != 0)
		return -1;
	/* behind a damaged end it is lost, as anything there is */
	if (c->unread)
		return size;
	if (size == (off_t)c->was)
		return (off_t)c->on_disk; /* over a damaged end, if there is one */
	return c->was == c->on_disk ? size : -1;
}

static int append(struct feature_cache *c, struct err *err)
{
	int fd = open(c->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	int rc = fd < 0 || flock(fd, LOCK_EX) < 0 ? err_errno(err, "%s", c->path) : 0;
	off_t end = rc == 0 ? end_of(c, fd) : -1;

	if (end >= 0 && (ftruncate(fd, end) < 0 || lseek(fd, end, SEEK_SET) < 0 ||
				io_write(fd, c->data.s + c->on_disk, c->data.len - c->on_disk) < 0))
		rc = err_errno(err, "%s", c->path);
	if (end >= 0)
		c->was = (size_t)end + c->data.len - c->on_disk;
	else if (rc == 0)
		log_debug("%s: somebody else's by now; what was measured isn't kept", c->path);
	if (fd >= 0)
		close(fd);
	return rc;
}

int feature_cache_save(struct feature_cache *c, const struct feature_table *live, struct err *err)
{
	struct buf b = BUF_INIT;
	bool fresh = c->on_disk == 0;
	int rc;

	if (live)
		compact(c, live, &b);
	if (fresh || (live && b.len < c->data.len / 2)) {
		rc = fs_write(
			c->path, live ? b.s : c->data.s, live ? b.len : c->data.len, 0600, err);
		c->was = c->data.len;
	} else {
		rc = c->data.len > c->on_disk ? append(c, err) : 0;
	}
	if (rc == 0)
		c->on_disk = c->data.len;
	buf_release(&b);
	return rc;
}

void feature_cache_close(struct feature_cache *c)
{
	if (!c)
		return;
	free(c->path);
	free(c->build);
	free(c->slot);
	buf_release(&c->data);
	free(c);
}
