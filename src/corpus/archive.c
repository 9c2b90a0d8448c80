/*
 * Archives through libarchive. Two things it leaves to its callers are done here: to say no to what a stranger's
 * archive may hold, and to keep out of an archive whatever changes from one machine and moment to the next.
 */
#include "base/prelude.h"
#include "corpus/archive.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/io.h"
#include "base/mem.h"
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 65536

static const struct kind {
	const char *end;
	int (*filter)(struct archive *a);
	bool zip;
} kinds[] = {
	{ ".tar", NULL, false },
	{ ".tar.gz", archive_write_add_filter_gzip, false },
	{ ".tgz", archive_write_add_filter_gzip, false },
	{ ".tar.xz", archive_write_add_filter_xz, false },
	{ ".txz", archive_write_add_filter_xz, false },
	{ ".tar.zst", archive_write_add_filter_zstd, false },
	{ ".tzst", archive_write_add_filter_zstd, false },
	{ ".zip", NULL, true },
};

static const struct kind *kind_of(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strv_ends(strv_of(path), kinds[i].end))
			return &kinds[i];
	return NULL;
}

bool archive_is_name(const char *path)
{
	return kind_of(path) != NULL;
}

bool archive_is_foreign_name(const char *path)
{
	static const char *const ends[] = { ".bz2", ".gz", ".xz", ".zst", ".lz4", ".lzma", ".lzo",
		".Z", ".tbz", ".tbz2", ".7z", ".rar", ".cpio", ".ar", ".cab", ".iso" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(strv_of(path), ends[i]))
			return !archive_is_name(path);
	return false;
}

/* libarchive's words; it has none where memory ran out or a call was refused. Of a write that failed the system knows more. */
static const char *why(struct archive *a)
{
	const char *s = archive_error_string(a);
	int code = archive_errno(a);

	if (code == ENOSPC || code == EDQUOT || code == EFBIG || code == EIO || code == EROFS)
		return strerror(code);
	return s && *s ? s : "libarchive failed without saying why";
}

/* --- writing --- */

struct archive_writer {
	struct archive *a;
	const struct kind *kind;
	char *path, *tmp;
	int fd;
	time_t time;
};

/* A private file beside `path`, so that a rename puts it in place; never one that is somebody's already. */
static int open_beside(struct archive_writer *w, struct err *err)
{
	w->tmp = xasprintf("%s.XXXXXX", w->path);
	w->fd = mkostemp(w->tmp, O_CLOEXEC);
	if (w->fd < 0) {
		err_errno(err, "%s", w->path);
		free(w->tmp);
		w->tmp = NULL;
		return -1;
	}
	return 0;
}

static int set_up(struct archive_writer *w, struct err *err)
{
	const struct kind *k = w->kind;
	/* GNU's tar keeps names as the bytes that they are; pax has them in UTF-8, which bytes may not be */
	int rc =
		k->zip ? archive_write_set_format_zip(w->a) : archive_write_set_format_gnutar(w->a);

	/* "warn" is libarchive's word for a filter that it has no library for and would start a program for */
	if (rc == ARCHIVE_OK && k->filter)
		rc = k->filter(w->a);
	if (rc != ARCHIVE_OK)
		return err_set(err, "%s: this libarchive can't write %s", w->path, k->end);
	if (k->filter == archive_write_add_filter_gzip &&
		archive_write_set_options(w->a, "gzip:!timestamp") != ARCHIVE_OK)
		return err_set(err, "%s: %s", w->path, why(w->a));
	/* a regular file needs no padding to a tape's block */
	archive_write_set_bytes_in_last_block(w->a, 1);
	if (archive_write_open_fd(w->a, w->fd) != ARCHIVE_OK)
		return err_set(err, "%s: %s", w->path, why(w->a));
	return 0;
}

struct archive_writer *archive_writer_open(const char *path, struct err *err)
{
	struct archive_writer *w = xcalloc(1, sizeof(*w));
	uint64_t epoch;

	w->path = xstrdup(path);
	w->fd = -1;
	w->kind = kind_of(path);
	w->time = clock_source_epoch(&epoch) ? (time_t)epoch : 0;
	w->a = archive_write_new();
	if (!w->kind)
		err_usage(err, "%s: an archive's name ends in " ARCHIVE_NAMES, path);
	else if (!w->a)
		err_set(err, "%s: libarchive can't be set up", path);
	else if (open_beside(w, err) == 0 && set_up(w, err) == 0)
		return w;
	archive_writer_free(w);
	return NULL;
}

/* zip holds local times: UTC stands in for the time zone, so that it makes no difference where this runs. */
static int write_header(struct archive_writer *w, struct archive_entry *e)
{
	const char *zone;
	char *was;
	int rc;

	if (!w->kind->zip)
		return archive_write_header(w->a, e);
	zone = getenv("TZ");
	was = zone ? xstrdup(zone) : NULL;
	setenv("TZ", "UTC", 1);
	tzset();
	rc = archive_write_header(w->a, e);
	if (was)
		setenv("TZ", was, 1);
	else
		unsetenv("TZ");
	tzset();
	free(was);
	return rc;
}

/* zip's times begin with 1980. */
#define ZIP_EPOCH 315532800

static int add_header(struct archive_writer *w, const char *name, mode_t mode, const char *link,
	uint64_t size, struct err *err)
{
	struct archive_entry *e = archive_entry_new();
	time_t when = w->kind->zip ? MAX(w->time, (time_t)ZIP_EPOCH) : w->time;
	int rc = 0;

	if (!e)
		return err_set(err, "%s: libarchive has no memory", w->path);
	archive_entry_set_pathname(e, name);
	archive_entry_set_mode(e, mode);
	archive_entry_set_mtime(e, when, 0);
	archive_entry_set_uid(e, 0);
	archive_entry_set_gid(e, 0);
	archive_entry_set_size(e, (int64_t)size);
	if (link)
		archive_entry_set_symlink(e, link);
	/* a warning is a name or a link that this kind of archive can't hold as it is */
	if (write_header(w, e) != ARCHIVE_OK)
		rc = err_set(err, "%s: %s: %s", w->path, name, why(w->a));
	archive_entry_free(e);
	return rc;
}

static int add_bytes(
	struct archive_writer *w, const char *name, const void *p, size_t n, struct err *err)
{
	la_ssize_t k = archive_write_data(w->a, p, n);

	if (k < 0 || (size_t)k != n)
		return err_set(err, "%s: %s: %s", w->path, name, why(w->a));
	return 0;
}

int archive_writer_add(
	struct archive_writer *w, const char *name, const void *p, size_t n, struct err *err)
{
	if (add_header(w, name, S_IFREG | 0644, NULL, n, err) < 0)
		return -1;
	return n ? add_bytes(w, name, p, n, err) : 0;
}

int archive_writer_finish(struct archive_writer *w, struct err *err)
{
	mode_t mask = umask(0);
	int rc = -1;

	umask(mask);
	if (archive_write_close(w->a) != ARCHIVE_OK)
		err_set(err, "%s: %s", w->path, why(w->a));
	/* mkostemp's files are the user's alone; this one is to be handed on */
	else if (fchmod(w->fd, 0666 & ~mask) < 0 || fsync(w->fd) < 0 || rename(w->tmp, w->path) < 0)
		err_errno(err, "%s", w->path);
	else
		rc = fs_sync_dir(w->path, err);
	if (rc == 0) {
		free(w->tmp);
		w->tmp = NULL;
	}
	archive_writer_free(w);
	return rc;
}

void archive_writer_free(struct archive_writer *w)
{
	if (!w)
		return;
	archive_write_free(w->a);
	if (w->fd >= 0)
		close(w->fd);
	if (w->tmp)
		unlink(w->tmp);
	free(w->tmp);
	free(w->path);
	free(w);
}

static int pack_file(struct archive_writer *w, const char *from, const char *name, uint64_t size,
	mode_t mode, struct err *err)
{
	int fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY), rc;
	uint64_t done = 0;

	if (fd < 0)
		return err_errno(err, "%s", from);
	rc = add_header(w, name, S_IFREG | (mode & S_IXUSR ? 0755 : 0644), NULL, size, err);
	while (rc == 0) {
		static char block[BLOCK];
		ssize_t n = read(fd, block, sizeof(block));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = err_errno(err, "%s", from);
		if (n <= 0)
			break;
		done += (uint64_t)n;
		if (done > size)
			break;
		rc = add_bytes(w, name, block, (size_t)n, err);
	}
	/* the size stands in front of the bytes: libarchive would fill what is missing with zeros */
	if (rc == 0 && done != size)
		rc = err_set(err, "%s: changed while it was read", from);
	close(fd);
	return rc;
}

static int pack_any(struct archive_writer *w, const char *from, const char *name, struct err *err);

static int pack_folder(
	struct archive_writer *w, const char *from, const char *name, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	char *slashed = xasprintf("%s/", name);
	int rc = fs_list(from, &names, err);

	if (rc == 0)
		rc = add_header(w, slashed, S_IFDIR | 0755, NULL, 0, err);
	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *file = fs_join(from, names.v[i]), *inside = fs_join(name, names.v[i]);

		rc = pack_any(w, file, inside, err);
		free(file);
		free(inside);
	}
	strlist_release(&names);
	free(slashed);
	return rc;
}

static int pack_link(struct archive_writer *w, const char *from, const char *name, struct err *err)
{
	char target[4096];
	ssize_t n = readlink(from, target, sizeof(target) - 1);

	if (n < 0)
		return err_errno(err, "%s", from);
	target[n] = '\0';
	return add_header(w, name, S_IFLNK | 0777, target, 0, err);
}

static int pack_any(struct archive_writer *w, const char *from, const char *name, struct err *err)
{
	struct stat st;

	if (lstat(from, &st) < 0)
		return err_errno(err, "%s", from);
	if (S_ISDIR(st.st_mode))
		return pack_folder(w, from, name, err);
	if (S_ISLNK(st.st_mode))
		return pack_link(w, from, name, err);
	if (S_ISREG(st.st_mode))
		return pack_file(w, from, name, (uint64_t)st.st_size, st.st_mode, err);
	return err_set(err, "%s: neither a file nor a folder; an archive can't hold it", from);
}

int archive_pack(const char *dir, const char *path, struct err *err)
{
	struct archive_writer *w = archive_writer_open(path, err);

	if (!w)
		return -1;
	if (pack_any(w, dir, fs_basename(dir), err) < 0) {
		archive_writer_free(w);
		return -1;
	}
	return archive_writer_finish(w, err);
}

/* --- reading --- */

struct archive_reader {
	struct archive *a;
	struct archive_limits limits;
	char *path, *name;
	int fd;
	uint64_t entries, bytes;
	bool exe;
	locale_t names, was;
};

/*
 * A name that its archive says is UTF-8 comes in the locale's characters or, where that is "C", as zip has it, not at
 * all. Names are taken as UTF-8 then, whatever the program's own locale.
 */
static void enter_locale(struct archive_reader *r)
{
	if (r->names)
		r->was = uselocale(r->names);
}

static void leave_locale(struct archive_reader *r)
{
	if (r->names)
		uselocale(r->was);
}

/*
 * Of zip the list at its end is what counts, as for everybody else: read from the front, a file that is cut short or
 * has something else in front of each entry would pass.
 */
struct archive_reader *archive_reader_open(
	const char *path, const struct archive_limits *limits, struct err *err)
{
	struct archive_reader *r = xcalloc(1, sizeof(*r));
	struct archive *a = archive_read_new();
	struct stat st;

	r->a = a;
	r->limits = *limits;
	r->path = xstrdup(path);
	r->names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	r->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (r->fd < 0 || fstat(r->fd, &st) < 0) {
		err_errno(err, "%s", path);
	} else if (!S_ISREG(st.st_mode)) {
		err_set(err, "%s: not a regular file", path);
	} else if (!a || archive_read_support_format_tar(a) != ARCHIVE_OK ||
		   archive_read_support_format_zip_seekable(a) != ARCHIVE_OK ||
		   archive_read_support_filter_gzip(a) != ARCHIVE_OK ||
		   archive_read_support_filter_bzip2(a) != ARCHIVE_OK ||
		   archive_read_support_filter_xz(a) != ARCHIVE_OK ||
		   archive_read_support_filter_zstd(a) != ARCHIVE_OK) {
		err_set(err, "%s: this libarchive can't read tar, zip, gzip, bzip2, xz and zstd",
			path);
	} else if (archive_read_open_fd(a, r->fd, BLOCK) != ARCHIVE_OK) {
		err_usage(err, "%s: %s", path, why(a));
	} else if (archive_filter_count(a) > 2) {
		/*
		 * two, the file itself being one: compressed again and again it could unpack for
		 * ever to next to nothing
		 */
		err_usage(err, "%s: compressed more than once", path);
	} else {
		return r;
	}
	archive_reader_close(r);
	return NULL;
}

/* "./a//b/" as "a/b"; NULL when it leads outside, or is none. */
static char *safe_name(const char *name)
{
	struct strv rest = strv_of(name), part;
	struct buf b = BUF_INIT;

	if (!name || name[0] == '/')
		return NULL;
	while (strv_split(&rest, '/', &part)) {
		if (strv_eqs(part, "..")) {
			buf_release(&b);
			return NULL;
		}
		if (!part.len || strv_eqs(part, "."))
			continue;
		if (b.len)
			buf_addch(&b, '/');
		buf_addv(&b, part);
	}
	return buf_detach(&b);
}

/* Is it a file to be read (1), a folder (0), or nothing that is trusted (-1)? Its name is in r->name. */
static int check_entry(struct archive_reader *r, struct archive_entry *e, struct err *err)
{
	const char *raw = archive_entry_pathname(e);
	mode_t type = archive_entry_filetype(e);

	if (++r->entries > r->limits.entries)
		return err_usage(err, "%s: more than %llu entries", r->path,
			(unsigned long long)r->limits.entries);
	free(r->name);
	r->name = safe_name(raw);
	if (!r->name)
		return err_usage(err, "%s: an entry's name leads outside: %s", r->path,
			raw ? raw : "(can't be read)");
	if (archive_entry_hardlink(e) || archive_entry_symlink(e) ||
		(type != AE_IFREG && type != AE_IFDIR))
		return err_usage(err, "%s: %s: neither a file nor a folder", r->path, r->name);
	if (type == AE_IFDIR)
		return 0;
	if (!*r->name)
		return err_usage(err, "%s: a file without a name", r->path);
	r->exe = archive_entry_perm(e) & S_IXUSR;
	return 1;
}

static int read_content(
	struct archive_reader *r, struct archive_entry *e, struct buf *out, struct err *err)
{
	/* what it says of itself is only good for an early no */
	bool huge = archive_entry_size_is_set(e) &&
		    (uint64_t)archive_entry_size(e) > r->limits.file_bytes;

	for (;;) {
		la_ssize_t n;

		if (huge || out->len > r->limits.file_bytes)
			return err_usage(err, "%s: %s: larger than %llu bytes", r->path, r->name,
				(unsigned long long)r->limits.file_bytes);
		if (r->bytes > r->limits.bytes)
			return err_usage(err, "%s: more than %llu bytes in all", r->path,
				(unsigned long long)r->limits.bytes);
		buf_reserve(out, BLOCK + 1);
		n = archive_read_data(r->a, out->s + out->len, BLOCK);
		if (n < 0)
			return err_usage(err, "%s: %s: %s", r->path, r->name, why(r->a));
		if (n == 0)
			break;
		out->len += (size_t)n;
		r->bytes += (uint64_t)n;
	}
	out->s[out->len] = '\0';
	return 0;
}

static int read_next(struct archive_reader *r, struct buf *out, struct err *err)
{
	struct archive_entry *e;
	int rc, found;

	for (;;) {
		rc = archive_read_next_header(r->a, &e);
		if (rc == ARCHIVE_EOF)
			return 0;
		/* warnings are about times, owners and characters, which nobody here asks for */
		if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
			return err_usage(err, "%s: %s", r->path, why(r->a));
		found = check_entry(r, e, err);
		if (found < 0)
			return -1;
		if (found)
			return read_content(r, e, out, err) < 0 ? -1 : 1;
	}
}

int archive_reader_next(
	struct archive_reader *r, const char **name, struct buf *out, struct err *err)
{
	int rc;

	buf_reset(out);
	enter_locale(r);
	rc = read_next(r, out, err);
	leave_locale(r);
	*name = r->name;
	return rc;
}

void archive_reader_close(struct archive_reader *r)
{
	if (!r)
		return;
	archive_read_free(r->a);
	if (r->fd >= 0)
		close(r->fd);
	if (r->names)
		freelocale(r->names);
	free(r->path);
	free(r->name);
	free(r);
}

/* Below a folder that was made for this and holds no links, since none were let in: no path can lead out of it. */
static int put_file(const char *path, const struct buf *content, bool exe, struct err *err)
{
	char *dir = fs_dirname(path);
	int fd = -1, rc = -1;

	if (fs_mkdirs(dir, err) < 0)
		goto out;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, exe ? 0700 : 0600);
	if (fd < 0 || io_write(fd, content->s, content->len) < 0)
		err_errno(err, "%s", path);
	else
		rc = 0;
out:
	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = err_errno(err, "%s", path);
	free(dir);
	return rc;
}

int archive_unpack(
	const char *path, const char *dir, const struct archive_limits *limits, struct err *err)
{
	struct archive_reader *r = archive_reader_open(path, limits, err);
	struct buf content = BUF_INIT;
	const char *name;
	int rc = -1;

	if (!r)
		return -1;
	if (mkdir(dir, 0700) < 0) {
		err_errno(err, "%s", dir);
		goto out;
	}
	while ((rc = archive_reader_next(r, &name, &content, err)) > 0) {
		char *to = fs_join(dir, name);
		int put = put_file(to, &content, r->exe, err);

		free(to);
		if (put < 0) {
			rc = -1;
			break;
		}
	}
	if (rc < 0)
		fs_remove_tree(dir, NULL);
out:
	buf_release(&content);
	archive_reader_close(r);
	return rc;
}
