/* What two builds reach, held against each other. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "guard/reach.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* "function file line witness": a blank witness is none. Files are "FILE=HASH". */
static void fill(struct reach *r, const char *text)
{
	struct strv rest = strv_of(text), one, part[4];

	*r = (struct reach){ .build = xstrdup("b"), .corpus = xstrdup("c"), .rev = xstrdup("") };
	while (strv_split(&rest, ';', &one)) {
		size_t equals = strv_chr(one, '=');
		char *fn, *file, *witness;
		size_t n = 0;

		if (equals != SIZE_MAX) {
			GROW(r->files, r->n_files, r->cap_files);
			r->files[r->n_files] =
				(struct reach_file){ .path = strv_dup(strv_sub(one, 0, equals)) };
			r->files[r->n_files++].hash[0] = one.s[equals + 1];
			continue;
		}
		while (n < 4 && strv_split(&one, ' ', &part[n]))
			n++;
		fn = strv_dup(part[0]);
		file = strv_dup(part[1]);
		witness = n == 4 ? strv_dup(part[3]) : NULL;
		reach_add(r, fn, file, (unsigned)(part[2].s[0] - '0'), witness);
		free(fn);
		free(file);
		free(witness);
	}
	reach_settle(r);
}

static bool there(void *arg, const char *function, const char *file)
{
	(void)arg;
	(void)file;
	return strcmp(function, "removed") != 0;
}

static const struct {
	const char *what, *before, *now, *lost;
} rows[] = {
	{ "the same", "f a 1 " A ";a=1", "f a 1 " A ";a=1", "" },
	{ "a function", "f a 1 " A ";g a 5 " A ";a=1", "f a 1 " A ";a=2", "g@5" },
	{ "all of them", "f a 1 " A ";g a 5 " A, "", "f@1 g@5" },
	{ "reached once again is enough", "g a 5 " A, "g a 6", "" },
	{ "what came and went", "g a 5", "", "" },
	{ "by inputs that are gone", "g a 5 " B, "", "" },
	{ "by one that is gone and one that isn't", "g a 5 " B ";g a 6 " A, "", "g@5" },
	{ "taken out of the source", "removed a 5 " A, "", "" },
	{ "moved to another file", "g a 5 " A, "g b 5 " A, "" },
	{ "another of that name", "g a 5 " A ";g b 5 " A, "g b 5 " A, "g@5" },
	{ "a line, the file as it was", "f a 1 " A ";f a 2 " A ";a=1", "f a 1 " A ";a=1", "f@2:2" },
	{ "two lines", "f a 1 " A ";f a 2 " A ";f a 3 " A ";a=1", "f a 1 " A ";a=1", "f@2:2:3" },
	{ "a line that came and went", "f a 1 " A ";f a 2;a=1", "f a 1 " A ";a=1", "" },
	{ "a line of an edited file", "f a 1 " A ";f a 2 " A ";a=1", "f a 1 " A ";a=2", "" },
	{ "a line of a file nobody can read", "f a 1 " A ";f a 2 " A, "f a 1 " A, "" },
	{ "other blocks of the same lines", "f a 1 " A ";f a 2 " A ";a=1", "f a 1 " A ";f a 3;a=1",
		"" },
};

static void losses(void **state)
{
	struct strlist names = STRLIST_INIT;

	(void)state;
	strlist_add(&names, A);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reach before, now;
		struct reach_losses lost = { NULL };
		struct buf b = BUF_INIT;

		fill(&before, rows[i].before);
		fill(&now, rows[i].now);
		reach_compare(&before, &now, &names, there, NULL, &lost);
		for (size_t k = 0; k < lost.n; k++) {
			buf_addf(&b, "%s%s@%u", k ? " " : "", lost.v[k].function, lost.v[k].line);
			for (size_t n = 0; n < lost.v[k].n_lines; n++)
				buf_addf(&b, ":%u", lost.v[k].lines[n]);
			assert_int_equal(lost.v[k].witnesses.n, 1);
		}
		if (strcmp(buf_str(&b), rows[i].lost) != 0)
			print_error("%s:\n", rows[i].what);
		assert_string_equal(buf_str(&b), rows[i].lost);
		buf_release(&b);
		reach_losses_release(&lost);
		reach_release(&before);
		reach_release(&now);
	}
	strlist_release(&names);
}

/* What was saved comes back; what is damaged is as if it had never been, or lacks its bad lines. */
static void put(const char *path, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(fs_write(path, text, strlen(text), 0600, &err), 0);
}

static void memory(void **state)
{
	struct err err = ERR_INIT;
	char *dir = fs_tmpdir("thresh-reach", &err), *path = fs_join(dir, "m");
	struct reach r, back;

	(void)state;
	fill(&r, "f a 1 " A ";f a 1 " B ";g a 5;a=1");
	assert_int_equal(reach_save(path, &r, &err), 0);
	assert_true(reach_load(path, &back));
	assert_int_equal(back.n, 2);
	assert_int_equal(back.v[0].n_witnesses, 2);
	assert_int_equal(back.v[1].n_witnesses, 0);
	assert_string_equal(back.files[0].hash, "1");
	assert_int_equal(reach_functions(&back), 2);
	reach_release(&back);
	reach_release(&r);
	put(path, "thresh reach 2\nbuild\tb\n");
	assert_false(reach_load(path, &back));
	put(path, "thresh reach "
		  "1\nbuild\tb\ncorpus\tc\nrev\t\nat\tf\ta\tx\nat\tf\nat\tf\ta\t3\tshort");
	assert_true(reach_load(path, &back));
	assert_int_equal(back.n, 1);
	assert_int_equal(back.v[0].n_witnesses, 0);
	reach_release(&back);
	fs_remove_tree(dir, NULL);
	free(path);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(losses),
		cmocka_unit_test(memory),
	};

	return cmocka_run_group_tests_name("reach", tests, NULL, NULL);
}
