/* What sources say of functions beside their prototypes. */
#include "base/prelude.h"
#include "base/mem.h"
#include "prototypes.h"
#include "scaffold/callers.h"
#include "scaffold/handle.h"
#include "scaffold/harness_text.h"
#include "scaffold/roles.h"
#include "scaffold/usual_room.h"
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

static void read_api(struct arena *a, struct api *api, const char *const *prototypes,
	const char *head, const char *source)
{
	struct callers *c;

	api_of(a, api, head, prototypes);
	c = callers_new(a, api);
	callers_add(c, strv_of(source), 1);
	callers_settle_free(c);
}

/* Of the one function what is passed at its second place; "": nothing is known. */
static void test_usual(void **state)
{
	static const char int_f[] = "int f(const char *s, int n)",
			  ptr_f[] = "int f(const char *s, struct t *n)",
			  str_f[] = "int f(const char *s, const char *how)",
			  head[] = "#define MODE_A 1\n#define MODE_B 2\n#define MODE_WRITE "
				   "4\nextern const struct t "
				   "t_plain;\nint f(const char *s, int length, int count);\n";
	static const struct {
		const char *proto, *source, *want;
	} rows[] = {
		{ int_f, "x = f(in, 8000); f(in, 48000); if (f(in, 48000)) y();", "48000" },
		{ int_f, "f(in, rate);", "" },
		{ int_f, "#define RATE (44100)\nf(in, RATE);", "44100" },
		{ int_f, "f(g(1, 2), -3);", "-3" },
		{ int_f, "f(in, -1); f(in, 2);", "-1" },
		{ int_f, "f(in, -1); f(in, 2); f(in, n);", "2" },
		{ int_f, "f(\"(,\", MODE_A | MODE_B);", "MODE_A | MODE_B" },
		/* what no header has; what is called as a parameter in one */
		{ int_f, "f(in, MODE_C);", "" },
		{ int_f, "f(in, length);", "" },
		{ int_f, "f(in, twice ? 2 : 1); f(in, 1);", "1" },
		{ int_f, "f(in, true);", "1" },
		{ "int f(const char *s, bool n)", "f(in, true);", "true" },
		/* a dot is a file's name's, but where it is what is asked for */
		{ str_f, "f(in, \"a.b\");", "" },
		{ "int get(const char *s, const char *path)", "get(in, \"a.b\");", "\"a.b\"" },
		{ int_f, "f(in,\n#ifdef A\n3\n#else\n4\n#endif\n);", "3" },
		/* another function, another number of arguments, a definition, and what is no code */
		{ int_f,
			"xf(in, 7); f(7); f(in, 7, 7); char *s = \"f(in, 7)\"; int f(const char "
			"*s, int n) {}",
			"" },
		{ int_f, "f(in, 7", "" },
		{ int_f, "f(in, ')", "" },
		{ ptr_f, "f(in, NULL);", "NULL" },
		/* a test of what is refused: it has no input, either */
		{ ptr_f, "f(NULL, NULL);", "" },
		{ ptr_f, "f(in, 0); f(0, &o);", "NULL" },
		{ str_f, "f(NULL, \"rb\"); f(in, \"r\");", "\"r\"" },
		{ int_f, "f(NULL, 0); f((char *)0, 0); f(in, 3);", "3" },
		{ ptr_f, "f(in, zip ? &own : NULL);", "NULL" },
		{ ptr_f, "f(in, (struct t *)0);", "NULL" },
		/* a test of what is refused, among calls that pass one */
		{ ptr_f, "f(in, NULL); f(in, &o); f(in, &p);", "" },
		{ ptr_f, "f(in, &t_plain);", "&t_plain" },
		{ ptr_f, "f(in, &local);", "" },
		{ ptr_f, "f(in, 4);", "" },
		{ str_f,
			"f(in, \"rb\"); f(out, \"wb\"); f(out, \"ab\"); f(out, \"r+\"); f(out, "
			"\"wb\");",
			"\"rb\"" },
		{ int_f, "f(in, MODE_WRITE); f(in, MODE_A);", "MODE_A" },
		{ str_f, "f(in, \"/etc/passwd\"); f(in, \"a.txt\"); f(in, \"%s\");", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *const one[] = { rows[i].proto, NULL };
		struct arena a = ARENA_INIT;
		struct api api;
		const char *got;

		read_api(&a, &api, one, head, rows[i].source);
		got = api.v[0].proto.params[1].usual;
		if (strcmp(got ? got : "", rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].source, got ? got : "nothing");
		api_release(&api);
		arena_release(&a);
	}
}

/* A constant that the function's own header doesn't bring is none for a harness, which includes that alone. */
static void test_header(void **state)
{
	static const char own[] = "#define OWN 1\n", other[] = "#define OTHER 2\n";
	struct api_header headers[] = { { .rel = "x.h", .text_len = sizeof(own) - 1 },
		{ .rel = "y.h", .text_at = sizeof(own) - 1, .text_len = sizeof(other) - 1 } };
	static const struct {
		const char *included, *want;
	} rows[] = { { "/z.h", "OWN" }, { "/in/y.h", "OTHER" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		static const char *const one[] = { "int f(const char *s, int n)", NULL };
		struct arena a = ARENA_INIT;
		struct api api;
		struct callers *c;

		read_api(&a, &api, one, own, "");
		buf_adds(&api.text, other);
		api.headers = headers;
		api.n_headers = ARRAY_LEN(headers);
		strlist_add(&headers[0].included, rows[i].included);
		api.v[0].header = &headers[0];
		c = callers_new(&a, &api);
		callers_add(c, strv_of("f(in, OTHER); f(in, OTHER); f(in, OWN);"), 1);
		callers_settle_free(c);
		assert_string_equal(api.v[0].proto.params[1].usual, rows[i].want);
		strlist_release(&headers[0].included);
		api.headers = NULL;
		api.n_headers = 0;
		api_release(&api);
		arena_release(&a);
	}
}

/* What the harness for the first function passes. */
static void test_passed(void **state)
{
	static const struct {
		const char *api[4], *source, *want;
	} rows[] = {
		{ { "int d_decode(struct d *d, const unsigned char *data, size_t len, short *pcm, "
		    "int frames)",
			  "struct d *d_create(int rate, int channels)",
			  "void d_free(struct d *d)" },
			"d = d_create(48000, 2); d_decode(d, p, n, out, 960);",
			"d = d_create(48000, 2);" },
		/* as many as it may then write */
		{ { "int d_decode(const unsigned char *data, size_t len, short *pcm, int frames)" },
			"d_decode(p, n, out, 960);", "pcm = calloc(7680, sizeof(*pcm));" },
		{ { "int d_decode(const unsigned char *data, size_t len, char *out, int w, int "
		    "h)" },
			"d_decode(p, n, out, 64, 48);", "calloc(1, size + ROOM + 24576)" },
		/* but what is called a room is one */
		{ { "int d_decode(const unsigned char *data, size_t len, char *out, size_t cap, "
		    "int level)" },
			"d_decode(p, n, out, 4096, 9);", "size, out_3, ROOM, level)" },
		{ { "int d_decode(const unsigned char *data, size_t len, char *out, int outlen, "
		    "int level)" },
			"d_decode(p, n, out, 65536, 9);", "level = 9;" },
		/* as many of each channel, maybe; of objects as many as the count says */
		{ { "int d_decode(struct d *d, const unsigned char *data, size_t len, short "
		    "*samples, "
		    "int n_samples)",
			  "struct d *d_new(void)" },
			"", "calloc(n_samples * 8, sizeof(*samples))" },
		{ { "int d_decode(const unsigned char *data, size_t len, short *samples, int "
		    "n_samples)" },
			"", "calloc(n_samples, sizeof(*samples))" },
		{ { "int d_decode(const unsigned char *data, size_t len, short *pcm, int frames, "
		    "bool fec)" },
			"d_decode(p, n, out, 960, true);", "pcm = calloc(7680, sizeof(*pcm));" },
		/* too many, or nobody knows how many */
		{ { "int d_decode(const unsigned char *data, size_t len, short *pcm, int frames)" },
			"d_decode(p, n, out, 9999999);", "frames = { 0 };" },
		{ { "int d_decode(const unsigned char *data, size_t len, short *pcm, double ms)" },
			"d_decode(p, n, out, 1e9);", "ms = { 0 };" },
		{ { "int d_decode(const unsigned char *data, size_t len, short *pcm, int frames)" },
			"d_decode(p, n, out, MOST);", "frames = { 0 };" },
		{ { "int d_load(const char *s, size_t n, struct opts *o)" }, "d_load(s, n, NULL);",
			"size, NULL)" },
		{ { "int d_load(const char *s, size_t n, struct opts *o)" }, "d_load(s, n, &o);",
			"calloc(1, ROOM)" },
		/* as many as the prototype says, whatever else is known */
		{ { "int d_parse(const unsigned char *data, size_t len, short sizes[48])" }, "",
			"sizes = calloc(48, sizeof(*sizes));" },
		{ { "int d_parse(const unsigned char *data, size_t len, const unsigned char "
		    "*parts[MOST])" },
			"", "parts = calloc(MOST, sizeof(*parts));" },
		{ { "int d_parse(const unsigned char *data, size_t len, short sizes[48]) "
		    "D_NONNULL(1) D_PURE" },
			"", "sizes = calloc(48, sizeof(*sizes));" },
		{ { "D_API(int) d_parse(const unsigned char *data, size_t len, short sizes[48])" },
			"", "sizes = calloc(48, sizeof(*sizes));" },
		{ { "D_API(int) D_PARSE(const unsigned char *data, size_t len, short sizes[48])" },
			"", "sizes = calloc(48, sizeof(*sizes));" },
		{ { "int d_digest(const unsigned char *data, size_t len, unsigned char out[20])" },
			"", "calloc(20, sizeof(*out_3))" },
		{ { "int d_parse(const unsigned char *data, size_t len, int m[4][4])" }, "",
			"m = NULL;" },
		{ { "int d_parse(const unsigned char *data, size_t len, int m[4][4][4])" }, "",
			"&m);" },
		/* a parameter's number isn't known to who calls */
		{ { "int d_parse(const unsigned char *data, size_t len, size_t most, short "
		    "sizes[most])" },
			"", "short sizes = 0;" },
		{ { "int d_block(const unsigned char block[16])" }, "",
			"memcpy(block, data, size < 16 ? size : 16);" },
		{ { "int d_name(const char name[16])" }, "",
			"memcpy(name, data, size < 16 - 1 ? size : 16 - 1);" },
		{ { "int d_load(const char *s, size_t n, struct opts o[4])" }, "",
			"calloc(1, ROOM)" },
		{ { "int d_block(const unsigned char block[16], size_t n)" }, "",
			"d_block((const unsigned char *)data, size);" },
		/* the input is no constant, whatever tests pass */
		{ { "int d_load(const char *s, size_t n)" }, "d_load(\"text\", 4);",
			"(void)d_load((const char *)data, size);" },
		/* the definition's names, where the header has none: a path has no length */
		{ { "int d_open(const char *, int, int *)" },
			"int\nd_open(const char *fn, int flags, int *error)\n{ return 0; }",
			"(void)d_open(memory_path, flags, &error);" },
		{ { "int d_open(const char *, int, int *)" }, "d_open(fn, flags, error) { }",
			"(const char *)data" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct err err = ERR_INIT;
		struct api api;
		struct proto p;

		read_api(&a, &api, rows[i].api, "#define MOST 960\n", rows[i].source);
		p = api.v[0].proto;
		if (proto_roles(&p, &err) < 0)
			fail_msg("%s", err.msg);
		handle_fill(&a, &api, &p);
		usual_room(&a, &p);
		proto_harness(&text, &p, &h, &a);
		if (!strstr(buf_str(&text), rows[i].want))
			fail_msg("%s: no %s in\n%s", rows[i].source, rows[i].want, text.s);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* Sources are anybody's: what repeats one thing takes no time that grows with its square. */
static void test_time(void **state)
{
	static const char *const rows[] = { "f(", "f(A,", "f(s, ANY);", "f(s, &any);",
		"f(s, (x) ? ", "f(\n#if\n", "\"f(", "f(s, (((" };
	static const char *const one[] = { "int f(const char *s, int n)", NULL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT, head = BUF_INIT;
		struct arena a = ARENA_INIT;
		clock_t begin = clock();
		struct api api;

		while (b.len < 1 << 19)
			buf_adds(&b, rows[i]);
		while (head.len < 1 << 19)
			buf_adds(&head, "extern int a, AN Y;\n");
		read_api(&a, &api, one, buf_str(&head), buf_str(&b));
		if ((double)(clock() - begin) / CLOCKS_PER_SEC > 3)
			fail_msg("%s: too slow", rows[i]);
		api_release(&api);
		arena_release(&a);
		buf_release(&head);
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usual),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_passed),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
