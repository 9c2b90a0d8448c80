/* What thresh init has done with objects that a function gives by value, and with those that need another to be read. */
#include "base/prelude.h"
#include "prototypes.h"
#include "scaffold/consumer.h"
#include "scaffold/harness_text.h"
#include "scaffold/members.h"
#include "scaffold/readers.h"
#include "scaffold/values.h"

/* A part of the harness's text, and one that isn't there; "": none. */
static void test_values(void **state)
{
	static const struct {
		const char *types, *api[12], *text, *not ;
	} rows[] = {
		/* its address is taken: it moves on, and is asked where it is */
		{ "typedef struct { const char *at, *end; } rd;",
			{ "rd rd_of(const char *s, size_t n)", "tok rd_read(rd *r)",
				"void rd_where(const rd *r, int *line, int *col)",
				"void rd_set(rd *r, int *a)" },
			"\tresult = rd_of((const char *)data, size);\n"
			"\tfor (int n = 0; n < 256; n++)\n\t\t(void)rd_read(&result);\n"
			"\t(void)rd_where(&result, &(int){ 0 }, &(int){ 0 });\n",
			"rd_set" },
		/* as long as it gives the same, which says that there is more; and its end */
		{ "struct rd { int n; };",
			{ "struct rd rd_of(const char *s, size_t n)",
				"int rd_next(struct rd *r, int *kind)",
				"void rd_free(struct rd *r)" },
			"got = (int)rd_next(&result, (int[16]){ 0 }), more = got > 0; n < 256 && "
			"got >= 0 && (got > 0) == more; n++)\n"
			"\t\tgot = (int)rd_next(&result, (int[16]){ 0 });\n"
			"\t(void)rd_free(&result);\n",
			"visit" },
		/* of several the input says which; one that ends a part isn't its end */
		{ "typedef struct { int n; } rd;",
			{ "rd rd_of(const char *s, size_t n)", "bool rd_read_int(rd *r, int *to)",
				"bool rd_read_long(rd *r, long *to)",
				"void rd_close_part(rd *r, rd *part)" },
			"\t\tswitch (data[n] % 2) {\n\t\tcase 0:\n"
			"\t\t\t(void)rd_read_int(&result, (int[16]){ 0 });\n\t\t\tbreak;\n"
			"\t\tcase 1:\n\t\t\t(void)rd_read_long(&result, (long[16]){ 0 });\n",
			"rd_close_part" },
		/* begun in memory, where it says so */
		{ "typedef struct { int n; } rd;",
			{ "int rd_init(rd *r, const char *s, size_t n)", "int rd_next(rd *r)",
				"void rd_close(rd *r)" },
			"\tif (rd_init(r, (const char *)data, size) < 0)\n\t\tgoto out;\n"
			"\tfor (int n = 0, got = (int)rd_next(r), more = got > 0; n < 256 && got "
			">= "
			"0 && (got > 0) == more; n++)\n"
			"\t\tgot = (int)rd_next(r);\n"
			"\t(void)rd_close(r);\nout:\n",
			"result = " },
		{ "typedef struct { int n; } rd;",
			{ "void rd_open_buffer(rd *r, const char *s, size_t n)",
				"enum kind rd_read(rd *r)", "bool rd_open(rd *r, rd *other)" },
			"\trd_open_buffer(r, (const char *)data, size);\n"
			"\tfor (int n = 0; n < 256; n++)\n\t\t(void)rd_read(r);\n",
			"rd_open(" },
		/* which numbers say so goes by what the type is called */
		{ "typedef struct { int n; } rd; typedef unsigned int rd_bool32;",
			{ "rd_bool32 rd_init_memory(rd *r, const void *s, size_t n)",
				"size_t rd_read(rd *r, short *to, size_t n)" },
			"\tif (!rd_init_memory(r, data, size))\n\t\tgoto out;\n", "< 0" },
		{ "typedef struct { int n; } rd; typedef int rd_status;",
			{ "rd_status rd_init(rd *r, const void *s, size_t n)",
				"rd_status rd_next(rd *r)" },
			"\tif (rd_init(r, data, size) != 0)\n\t\tgoto out;\n", "< 0" },
		/* it isn't begun; there are two; only what ends it is known */
		{ "typedef struct { int n; } rd;",
			{ "int rd_scan(rd *r, const char *s, size_t n)", "int rd_next(rd *r)" },
			"(void)rd_scan(r, (const char *)data, size);", "rd_next" },
		{ "typedef struct { int n; } rd;",
			{ "int rd_init(rd *r, rd *q, const char *s, size_t n)",
				"int rd_next(rd *r)" },
			"(void)rd_init(r, q, (const char *)data, size);", "rd_next" },
		{ "typedef struct { int n; } rd;",
			{ "int rd_init(rd *r, const char *s, size_t n)", "void rd_close(rd *r)" },
			"(void)rd_init(r, (const char *)data, size);", "rd_close" },
		/* taken as it is, with its parts */
		{ "struct v { void *p[4]; };",
			{ "struct v v_parse(const char *s)", "struct v v_first(struct v v)",
				"struct v v_next(struct v v)", "bool v_exists(struct v v)",
				"double v_number(struct v v)",
				"size_t v_copy(struct v v, char *s, size_t n)",
				"struct v v_get(struct v v, const char *key)",
				"char *v_string(struct v v)", "void v_print(struct v v)" },
			"\tif (--*left < 0 || !v_exists(it))\n\t\treturn;\n"
			"\t(void)v_number(it);\n"
			"\t(void)v_copy(it, (char[256]){ 0 }, 256);\n"
			"\tvisit(v_get(it, \"a\"), left);\n"
			"\tfor (part = v_first(it); *left > 0 && v_exists(part); part = "
			"v_next(part))\n"
			"\t\tvisit(part, left);\n}\n",
			"v_string" },
		/* several numbers may be written where one is meant, and what has a number behind it is told how many */
		{ "typedef struct { const char *at, *end; } rd;",
			{ "rd rd_of(const char *s, size_t n)",
				"bool rd_read_point(rd *r, float *xyz)",
				"bool rd_read_ints(rd *r, int *to, size_t n)",
				"bool rd_read_row(rd *r, char *row, int y)" },
			"\t\t\t(void)rd_read_point(&result, (float[16]){ 0 });\n\t\t\tbreak;\n"
			"\t\tcase 1:\n"
			"\t\t\t(void)rd_read_ints(&result, (int[16]){ 0 }, 16);\n",
			"rd_read_row" },
		/* what leaves it somewhere, or doesn't come back */
		{ "struct v { int n; };",
			{ "struct v v_parse(const char *s)", "int v_number(struct v v)",
				"int v_save(struct v v, const char *path)",
				"int v_to(struct v v, const char *filename)",
				"bool v_abort(struct v v)", "int v_system(struct v v)" },
			"\tresult = v_parse(s);\n\t(void)v_number(result);\nout:", "\"a\"" },
		/* what has an end is made anew by what isn't called as its parts are */
		{ "struct v { char *s; };",
			{ "struct v v_parse(const char *s)", "struct v v_trim(struct v v)",
				"struct v v_replace(struct v v, const char *with)",
				"struct v v_get(struct v v, const char *key)",
				"size_t v_width(struct v v)", "void v_free(struct v *v)" },
			"\t(void)v_width(it);\n\tvisit(v_get(it, \"a\"), left);\n}\n", "v_trim" },
		{ "struct v { char *s; };",
			{ "struct v v_parse(const char *s)",
				"struct v v_replace(struct v v, const char *with)",
				"size_t v_width(struct v v)", "void v_free(struct v *v)" },
			"\t(void)v_width(result);\n\t(void)v_free(&result);\n", "v_replace" },
		/* nobody tells what it holds; a number; nothing reads it */
		{ "", { "struct v v_parse(const char *s)", "int v_read(struct v *v)" },
			"(void)v_parse(s);", "v_read" },
		{ "enum v { V_NONE, V_ONE };",
			{ "enum v v_parse(const char *s)", "int v_number(enum v v)" },
			"(void)v_parse(s);", "v_number" },
		{ "struct v { int a; };",
			{ "struct v v_parse(const char *s)", "int w_read(struct w *w)" },
			"(void)v_parse(s);", "w_read" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct api api;
		struct proto p;

		first_of(&a, &api, rows[i].types, rows[i].api, &p);
		values_find(&a, &api, &p);
		proto_harness(&text, &p, &h, &a);
		if (!strstr(buf_str(&text), rows[i].text) || strstr(buf_str(&text), rows[i].not ))
			fail_msg("row %zu:\n%s", i, text.s);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* What the compiler names isn't called; without a name nothing is. */
static void test_drop(void **state)
{
	static const char *const prototypes[] = { "struct v v_parse(const char *s)",
		"double v_number(struct v v)", "int v_kind(struct v v)", NULL };
	struct arena a = ARENA_INIT;
	struct buf why = BUF_INIT;
	struct api api;
	struct proto p;

	(void)state;
	api_of(&a, &api, "struct v { int n; };", prototypes);
	p = api.v[0].proto;
	values_find(&a, &api, &p);
	assert_non_null(p.values);
	assert_int_equal(p.values->n_asking, 2);
	buf_adds(&why, "call to undeclared function 'v_kind'");
	assert_true(values_drop(&a, &p, &why));
	assert_int_equal(p.values->n_asking, 1);
	assert_string_equal(p.values->asking[0].name, "v_number");
	assert_true(values_drop(&a, &p, &why));
	assert_null(p.values);
	assert_false(values_drop(&a, &p, &why));
	buf_release(&why);
	api_release(&api);
	arena_release(&a);
}

/* What reads what was handed over, with another object; "": nothing does. */
static void test_consumer(void **state)
{
	static const struct {
		const char *api[10], *consumer, *text;
	} rows[] = {
		/* the other is made in memory, by the result, or is a pointer to anything */
		{ { "void ms_buffer(struct ms *x, const unsigned char *s, size_t n)",
			  "void ms_init(struct ms *x)", "void ms_finish(struct ms *x)",
			  "void fr_init(struct fr *x)", "void fr_finish(struct fr *x)",
			  "int fr_decode(struct fr *f, struct ms *x)" },
			"fr_decode",
			"\tfor (int n = 0, got = (int)fr_decode(f, x); n < 64 && got >= 0; n++)\n"
			"\t\tif ((int)fr_decode(f, x) != got)\n\t\t\tbreak;\n" },
		{ { "void b_read_from(struct bits *x, const char *s, int len)",
			  "void b_init(struct bits *x)", "void b_destroy(struct bits *x)",
			  "void *b_decoder_init(int mode)", "void b_decoder_destroy(void *state)",
			  "void *b_encoder_init(int mode)", "void b_encoder_destroy(void *state)",
			  "int b_decode(void *state, struct bits *x, float *out)" },
			"b_decode",
			"state = b_decoder_init(0);\n\tif (!state)\n\t\tgoto out;\n"
			"\t(void)b_read_from(x, (const char *)data, (int)size);\n"
			"\tfor (int n = 0, got = (int)b_decode(state, x, (float[4096]){ 0 });" },
		/* nobody makes the other, or ends it; what is called as the library alone makes anything */
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)", "int b_parse(struct b *x, struct d *d)" },
			"", "b_feed(x" },
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)", "int b_parse(struct b *x, struct d *d)",
			  "struct d *d_new(void)" },
			"", "b_feed(x" },
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)", "int b_parse(struct b *x, void *state)",
			  "void *b_table_new(void)", "void b_table_free(void *x)" },
			"", "b_feed(x" },
		/* it reads by itself; it writes; it wants more; three objects */
		{ { "void b_parse(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)", "int b_parse_to(struct b *x, struct d *d)",
			  "struct d *d_new(void)", "void d_free(struct d *d)" },
			"", "b_parse(x" },
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)", "int b_encode(struct b *x, struct d *d)",
			  "int b_decode(struct b *x, struct d *d, const char *how)",
			  "int b_read(struct b *x, struct d *d, struct d *e)",
			  "struct d *d_new(void)", "void d_free(struct d *d)" },
			"", "b_feed(x" },
		/* nobody says how much it writes: of a row there is the number; and where somebody does */
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)",
			  "int b_decode(struct b *x, struct d *d, uint8_t *pixels)",
			  "int b_decode_row(struct b *x, struct d *d, uint8_t *row, int y)",
			  "struct d *d_new(void)", "void d_free(struct d *d)" },
			"", "b_feed(x" },
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)",
			  "int b_decode(struct b *x, struct d *d, uint8_t *to, int max)",
			  "struct d *d_new(void)", "void d_free(struct d *d)" },
			"b_decode", "b_decode(x, d, (uint8_t[4096]){ 0 }, 4096)" },
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)",
			  "int b_decode(struct b *x, struct d *d, uint8_t *to, size_t amt)",
			  "struct d *d_new(void)", "void d_free(struct d *d)" },
			"b_decode", "b_decode(x, d, (uint8_t[4096]){ 0 }, 4096)" },
		/* what was made last ends first */
		{ { "void b_feed(struct b *x, const char *s, size_t n)", "struct b *b_new(void)",
			  "void b_free(struct b *x)", "int b_decode(struct b *x, struct d *d)",
			  "struct d *d_new(void)", "void d_free(struct d *d)" },
			"b_decode", "out:\n\tif (d)\n\t\td_free(d);\n\tif (x)\n\t\tb_free(x);\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct api api;
		struct proto p;

		first_of(&a, &api,
			"struct ms { int n; }; struct fr { int n; }; struct bits { int n; };",
			rows[i].api, &p);
		consumer_find(&a, &api, &p);
		proto_harness(&text, &p, &h, &a);
		if (strcmp(p.consumer ? p.consumer->name : "", rows[i].consumer) != 0 ||
			!strstr(buf_str(&text), rows[i].text))
			fail_msg("row %zu:\n%s", i, text.s);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* The members of what was opened are read by their numbers; "": they aren't, and this is what stands there. */
static void test_members(void **state)
{
	static const struct {
		const char *api[10], *open, *text;
	} rows[] = {
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_get_num_files(struct z *z)",
			  "long z_get_num_entries(struct z *z, int flags)",
			  "struct zf *z_fopen_index(struct z *z, unsigned long index, int flags)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "int z_fclose(struct zf *f)", "void zf_error_clear(struct zf *f)" },
			"z_fopen_index",
			"\tif (result) {\n"
			"\t\tfor (int i = 0; i < 64 && i < (int)z_get_num_files(result); i++) {\n"
			"\t\t\tstruct zf *member = z_fopen_index(result, i, 0);\n\n"
			"\t\t\tif (!member)\n\t\t\t\tcontinue;\n"
			"\t\t\tfor (int n = 0, got = (int)z_fread(member, (unsigned char[4096]){ 0 "
			"}, 4096);"
			" n < 64 && got >= 0; n++)\n"
			"\t\t\t\tif ((int)z_fread(member, (unsigned char[4096]){ 0 }, 4096) != "
			"got)\n"
			"\t\t\t\t\tbreak;\n\t\t\tz_fclose(member);\n\t\t}\n\t\tz_close(result);"
			"\n" },
		{ { "int b_open(const char *path, struct b **out)", "void b_free(struct b *b)",
			  "size_t b_count(const struct b *b)",
			  "struct e *b_get_entry(struct b *b, int i)",
			  "int e_read(struct e *e, char *to, int n)", "void e_free(struct e *e)" },
			"b_get_entry", "\tif (out_2) {\n\t\tfor (int i = 0;" },
		/* nobody says how many; the member is the container's; nothing reads it; its name is wanted */
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "struct zf *z_fopen_index(struct z *z, unsigned long index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "int z_fclose(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_count(struct z *z)",
			  "struct zf *z_get_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_count(struct z *z)",
			  "struct zf *z_get_entry(struct z *z, int index)",
			  "int z_fclose(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_count(struct z *z)",
			  "struct zf *z_fopen(struct z *z, const char *name)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "int z_fclose(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		/* what is counted are no members */
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_error_count(struct z *z)",
			  "struct zf *z_open_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "void zf_free(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "long z_total_size(struct z *z)",
			  "struct zf *z_open_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "void zf_free(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_page_hit_count(struct z *z)",
			  "struct zf *z_open_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "void zf_free(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_get_entry_count(struct z *z)",
			  "struct zf *z_open_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "void zf_free(struct zf *f)" },
			"z_open_entry", "i < (int)z_get_entry_count(result)" },
		/* what it ends may be what others make; that doesn't hold of what is opened, nor of what is behind another */
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_count(struct z *z)",
			  "struct zf *z_get_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "struct zf *zf_new(const char *name)", "void zf_free(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_count(struct z *z)",
			  "struct zf *z_get_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "int zf_new(struct zf **out)", "void zf_free(struct zf *f)" },
			"", "\tif (result)\n\t\tz_close(result);\n" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_count(struct z *z)",
			  "struct zf *z_open_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "struct zf *zf_new(const char *name)", "void zf_free(struct zf *f)" },
			"z_open_entry", "zf_free(member);" },
		{ { "struct z *z_open(const char *path)", "void z_close(struct z *z)",
			  "int z_count(struct z *z)",
			  "struct zf *z_get_entry(struct z *z, int index)",
			  "long z_fread(struct zf *f, void *to, size_t n)",
			  "struct zf *zf_next(struct zf *f)", "void zf_free(struct zf *f)" },
			"z_get_entry", "zf_free(member);" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct api api;
		struct proto p;

		first_of(&a, &api, "", rows[i].api, &p);
		readers_find(&a, &api, &p);
		proto_harness(&text, &p, &h, &a);
		if (strcmp(p.members ? p.members->open : "", rows[i].open) != 0 ||
			!strstr(buf_str(&text), rows[i].text))
			fail_msg("row %zu:\n%s", i, text.s);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_consumer),
		cmocka_unit_test(test_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
