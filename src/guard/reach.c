/* Both sides sorted by function, file and line, and walked by groups of one function in one file. */
#include "base/prelude.h"
#include "guard/reach.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"

#define MEMORY_MAX ((uint64_t)1 << 30)
#define HEAD "thresh reach 1"

void reach_release(struct reach *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].function);
		free(r->v[i].file);
	}
	for (size_t i = 0; i < r->n_files; i++)
		free(r->files[i].path);
	free(r->v);
	free(r->files);
	free(r->build);
	free(r->corpus);
	free(r->rev);
	*r = (struct reach){ NULL };
}

static void add_witness(struct reach_place *p, const char *witness)
{
	for (unsigned i = 0; i < p->n_witnesses; i++)
		if (!strcmp(p->witness[i], witness))
			return;
	if (p->n_witnesses < REACH_WITNESSES && strlen(witness) < SHA1_HEX)
		memcpy(p->witness[p->n_witnesses++], witness, strlen(witness) + 1);
}

void reach_add(
	struct reach *r, const char *function, const char *file, unsigned line, const char *witness)
{
	if (!*function || !*file || strpbrk(function, "\t\n") || strpbrk(file, "\t\n"))
		return;
	GROW(r->v, r->n, r->cap);
	r->v[r->n] = (struct reach_place){
		.function = xstrdup(function), .file = xstrdup(file), .line = line
	};
	if (witness)
		add_witness(&r->v[r->n], witness);
	r->n++;
}

static int by_group(const struct reach_place *x, const struct reach_place *y)
{
	int c = strcmp(x->function, y->function);

	return c ? c : strcmp(x->file, y->file);
}

static int by_place(const void *a, const void *b)
{
	const struct reach_place *x = a, *y = b;
	int c = by_group(x, y);

	return c ? c : (x->line > y->line) - (x->line < y->line);
}

void reach_settle(struct reach *r)
{
	size_t n = 0;

	if (r->n)
		qsort(r->v, r->n, sizeof(*r->v), by_place);
	for (size_t i = 0; i < r->n; i++) {
		if (n && by_place(&r->v[n - 1], &r->v[i]) == 0) {
			for (unsigned k = 0; k < r->v[i].n_witnesses; k++)
				add_witness(&r->v[n - 1], r->v[i].witness[k]);
			free(r->v[i].function);
			free(r->v[i].file);
		} else {
			r->v[n++] = r->v[i];
		}
	}
	r->n = n;
}

/* The first place that isn't before this one. */
static size_t find(const struct reach *r, const struct reach_place *p)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_place(&r->v[mid], p) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct reach_place key_of(const char *function, const char *file, unsigned line)
{
	return (struct reach_place){ .function = (char *)(uintptr_t)function,
		.file = (char *)(uintptr_t)file,
		.line = line };
}

bool reach_has(const struct reach *r, const char *function, const char *file)
{
	struct reach_place p = key_of(function, file, 0);
	size_t i = find(r, &p);

	return i < r->n && by_group(&r->v[i], &p) == 0;
}

bool reach_has_line(const struct reach *r, const char *function, const char *file, unsigned line)
{
	struct reach_place p = key_of(function, file, line);
	size_t i = find(r, &p);

	return i < r->n && by_place(&r->v[i], &p) == 0;
}

static size_t group_end(const struct reach *r, size_t i)
{
	size_t k = i;

	while (k < r->n && by_group(&r->v[i], &r->v[k]) == 0)
		k++;
	return k;
}

size_t reach_functions(const struct reach *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i = group_end(r, i))
		n++;
	return n;
}

/* --- on disk --- */

int reach_save(const char *path, const struct reach *r, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_addf(&b, "%s\nbuild\t%s\ncorpus\t%s\nrev\t%s\n", HEAD, r->build, r->corpus, r->rev);
	for (size_t i = 0; i < r->n_files; i++)
		buf_addf(&b, "file\t%s\t%s\n", r->files[i].path, r->files[i].hash);
	for (size_t i = 0; i < r->n; i++) {
		const struct reach_place *p = &r->v[i];

		buf_addf(&b, "at\t%s\t%s\t%u", p->function, p->file, p->line);
		for (unsigned k = 0; k < p->n_witnesses; k++)
			buf_addf(&b, "\t%s", p->witness[k]);
		buf_addch(&b, '\n');
	}
	rc = fs_write(path, buf_str(&b), b.len, 0600, err);
	buf_release(&b);
	return rc;
}

static void read_file(struct reach *r, struct strv rest)
{
	struct reach_file *f;
	struct strv path;

	if (!strv_split(&rest, '\t', &path) || rest.len >= SHA1_HEX)
		return;
	GROW(r->files, r->n_files, r->cap_files);
	f = &r->files[r->n_files++];
	*f = (struct reach_file){ .path = strv_dup(path) };
	memcpy(f->hash, rest.s, rest.len);
}

static void read_place(struct reach *r, struct strv rest)
{
	struct strv function, file, line, witness;
	char name[SHA1_HEX], *fn, *path;
	uint64_t number;
	size_t before = r->n;

	if (!strv_split(&rest, '\t', &function) || !strv_split(&rest, '\t', &file))
		return;
	if (!strv_split(&rest, '\t', &line))
		return;
	if (num_u64(line, &number) < 0 || number > UINT32_MAX)
		return;
	fn = strv_dup(function);
	path = strv_dup(file);
	reach_add(r, fn, path, (unsigned)number, NULL);
	while (r->n > before && strv_split(&rest, '\t', &witness)) {
		if (witness.len != SHA1_HEX - 1)
			continue;
		memcpy(name, witness.s, witness.len);
		name[witness.len] = '\0';
		add_witness(&r->v[before], name);
	}
	free(fn);
	free(path);
}

bool reach_load(const char *path, struct reach *r)
{
	struct buf b = BUF_INIT;
	struct strv text, line;
	bool ok = false;

	*r = (struct reach){ NULL };
	if (fs_read(path, MEMORY_MAX, &b, NULL) == 0) {
		text = strv_n(buf_str(&b), b.len);
		ok = strv_line(&text, &line) && strv_eqs(line, HEAD);
		while (ok && strv_line(&text, &line)) {
			if (strv_skip(&line, "at\t"))
				read_place(r, line);
			else if (strv_skip(&line, "file\t"))
				read_file(r, line);
			else if (!r->build && strv_skip(&line, "build\t"))
				r->build = strv_dup(line);
			else if (!r->corpus && strv_skip(&line, "corpus\t"))
				r->corpus = strv_dup(line);
			else if (!r->rev && strv_skip(&line, "rev\t"))
				r->rev = strv_dup(line);
		}
	}
	buf_release(&b);
	if (ok && r->build && r->corpus && r->rev) {
		reach_settle(r);
		return true;
	}
	reach_release(r);
	return false;
}

/* --- comparing --- */

static const char *hash_of(const struct reach *r, const char *path)
{
	for (size_t i = 0; i < r->n_files; i++)
		if (!strcmp(r->files[i].path, path))
			return r->files[i].hash;
	return "";
}

/* Reached in another file, where it wasn't before: it moved. */
static bool moved(const struct reach *before, const struct reach *now, const char *function)
{
	struct reach_place p = key_of(function, "", 0);

	for (size_t i = find(now, &p); i < now->n && !strcmp(now->v[i].function, function);
		i = group_end(now, i))
		if (!reach_has(before, function, now->v[i].file))
			return true;
	return false;
}

static struct reach_loss *add_loss(struct reach_losses *out, const struct reach_place *p)
{
	GROW(out->v, out->n, out->cap);
	out->v[out->n] =
		(struct reach_loss){ .function = p->function, .file = p->file, .line = p->line };
	return &out->v[out->n++];
}

static void keep_witnesses(
	struct reach_loss *l, const struct reach_place *p, const struct strlist *names)
{
	for (unsigned k = 0; k < p->n_witnesses; k++)
		if (strlist_has_sorted(names, p->witness[k]) &&
			!strlist_has(&l->witnesses, p->witness[k]))
			strlist_add(&l->witnesses, p->witness[k]);
}

static bool witnessed(const struct reach_place *p, const struct strlist *names)
{
	for (unsigned k = 0; k < p->n_witnesses; k++)
		if (strlist_has_sorted(names, p->witness[k]))
			return true;
	return false;
}

static bool gained_lines(
	const struct reach *before, const struct reach *now, const struct reach_place *group)
{
	struct reach_place p = key_of(group->function, group->file, 0);
	size_t i = find(now, &p), end = i < now->n ? group_end(now, i) : i;

	for (; i < end; i++)
		if (!reach_has_line(before, group->function, group->file, now->v[i].line))
			return true;
	return false;
}

static void compare_lines(const struct reach *before, size_t i, size_t end, const struct reach *now,
	const struct strlist *names, struct reach_losses *out)
{
	const char *file = before->v[i].file, *hash = hash_of(before, file);
	struct reach_loss *l = NULL;

	if (!*hash || strcmp(hash, hash_of(now, file)) != 0 ||
		gained_lines(before, now, &before->v[i]))
		return;
	for (; i < end; i++) {
		const struct reach_place *p = &before->v[i];

		if (!witnessed(p, names) || reach_has_line(now, p->function, file, p->line))
			continue;
		if (!l)
			l = add_loss(out, p);
		l->lines = xrealloc(l->lines, (l->n_lines + 1) * sizeof(*l->lines));
		l->lines[l->n_lines++] = p->line;
		keep_witnesses(l, p, names);
	}
}

void reach_compare(const struct reach *before, const struct reach *now, const struct strlist *names,
	reach_there_fn there, void *arg, struct reach_losses *out)
{
	for (size_t i = 0, end; i < before->n; i = end) {
		const struct reach_place *p = &before->v[i];
		bool seen = false;

		end = group_end(before, i);
		if (reach_has(now, p->function, p->file)) {
			compare_lines(before, i, end, now, names, out);
			continue;
		}
		for (size_t k = i; k < end && !seen; k++)
			seen = witnessed(&before->v[k], names);
		if (!seen || moved(before, now, p->function) || !there(arg, p->function, p->file))
			continue;
		add_loss(out, p);
		for (size_t k = i; k < end; k++)
			keep_witnesses(&out->v[out->n - 1], &before->v[k], names);
	}
}

void reach_losses_release(struct reach_losses *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].lines);
		strlist_release(&l->v[i].witnesses);
	}
	free(l->v);
	*l = (struct reach_losses){ NULL };
}
