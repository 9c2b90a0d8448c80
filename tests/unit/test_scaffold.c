/* Words in functions' names, and how a library's objects are made and ended. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "prototypes.h"
#include "scaffold/afl_program.h"
#include "scaffold/calls.h"
#include "scaffold/calls_text.h"
#include "scaffold/declaration.h"
#include "scaffold/handle.h"
#include "scaffold/harness_text.h"
#include "scaffold/macro.h"
#include "scaffold/order.h"
#include "scaffold/owned.h"
#include "scaffold/propose.h"
#include "scaffold/rank.h"
#include "scaffold/readers.h"
#include "scaffold/roles.h"
#include "scaffold/startup.h"
#include "scaffold/testdata.h"
#include "scaffold/words.h"
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

static void test_words(void **state)
{
	static const struct {
		const char *name, *word;
		bool begins, has;
	} rows[] = { { "csv_free", "free", true, true }, { "freexl_open", "free", true, false },
		{ "EOTfreeBuffer", "free", true, true },
		{ "GifFreeExtensions", "free", true, true },
		{ "XMLParseFile", "parse", true, true }, { "xml_parser", "pars", true, false },
		{ "payload", "load", false, false }, { "cfgLoadFile", "load", true, true },
		{ "load", "load", true, true }, { "", "load", false, false } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (words_begin(rows[i].name, rows[i].word) != rows[i].begins ||
			words_have(rows[i].name, rows[i].word) != rows[i].has)
			fail_msg("%s in %s", rows[i].word, rows[i].name);
}

/* Of the types that are called so, this one alone isn't hidden. */
static const char types[] = "struct p { int x; };\n";

/* make: how the first parameter is made; end: of it, or of the result. NULL: not at all. */
static void test_handles(void **state)
{
	static const struct {
		const char *api[8];
		const char *make, *make_args, *end, *end_args, *ret_end;
	} rows[] = {
		/* of another's size nothing is known, so that it can't be made in memory of ours */
		{ { "int q_feed(struct q *x, const char *s, size_t n)", "int q_init(struct q *x)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "int p_feed(struct p *x, const char *s, size_t n)", "struct p *p_new(void)",
			  "struct p *p_copy_new(struct p *x)", "void p_free(struct p *x)",
			  "void p_free_items(struct p *x)" },
			"p_new", "", "p_free", "@", NULL },
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "int p_create(struct p **x, int flags)", "void p_destroy(struct p **x)" },
			"p_create", "&@, 0", "p_destroy", "&@", NULL },
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "int p_init(struct p *x, size_t size)", "void q_free(struct q *x)" },
			"p_init", "@, 4096", NULL, NULL, NULL },
		/* an enumeration that has no name but its typedef's */
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "struct p *p_new(p_options options)" },
			"p_new", "(p_options){ 0 }", NULL, NULL, NULL },
		/* it gives back what the object was made with */
		{ { "int p_feed(struct p *x, const char *s, size_t n)", "struct p *p_ctx_new(void)",
			  "struct a *p_ctx_free(struct p *x)",
			  "void p_hd_release(struct p *x, struct q *y)" },
			"p_ctx_new", "", "p_ctx_free", "@", NULL },
		/* of two ends the opposite of the maker; and none of what is no part of it by its name */
		{ { "int p_feed(struct p *x, const char *s, size_t n)", "struct p *p_create(void)",
			  "void p_close(struct p *x)", "void p_destroy(struct p *x)" },
			"p_create", "", "p_destroy", "@", NULL },
		{ { "int x_feed(struct ctx *x, const char *s, size_t n)",
			  "struct ctx *x_create_ctx(void)", "void x_end_mix(struct ctx *x)",
			  "void x_release_ctx(struct ctx *x)" },
			"x_create_ctx", "", "x_release_ctx", "@", NULL },
		/* what opens a file is no maker */
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "struct p *p_open(const char *path)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "struct d *d_parse(const char *s, size_t n)", "void d_free_nodes(struct d *d)",
			  "void d_free(struct d *d)", "void e_free(struct e *e)" },
			NULL, NULL, NULL, NULL, "d_free" },
		/* made from an object, which it isn't the maker of */
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "struct q *p_create_parts(struct p *x)", "int p_make_part(struct p *x)",
			  "int p_create_part(struct p *x)", "void p_free(struct p *x)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "int p_create_part(struct p *x)", "int pCreate(struct p *x)" },
			"pCreate", "@", NULL, NULL, NULL },
		/* a noun isn't what is done with it */
		{ { "struct p_term *p_parse(const char *s)",
			  "void p_print_term(struct p_term *x)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "struct d *d_parse(const char *s)", "void d_p_put(struct d *d)",
			  "void d_long_free(struct d *d)" },
			NULL, NULL, NULL, NULL, "d_long_free" },
		/* what its name has of the function's own is no reason to end a part of it */
		{ { "struct d *d_object_from_fd(int fd, const char *s)",
			  "void d_object_free_userdata(struct d *d, void *more)",
			  "int d_object_put(struct d *d)" },
			NULL, NULL, NULL, NULL, "d_object_put" },
		/* what opens is undone by what closes, also where that gives back nothing of its kind, and not by what frees a part */
		{ { "struct d *d_open(const char *path)", "void d_free_map(struct d *d)",
			  "struct d *d_close_everything(struct d *d)" },
			NULL, NULL, NULL, NULL, "d_close_everything" },
		{ { "struct d *d_parse_doc(const char *s)", "void d_free_map(struct d *d)",
			  "struct d *d_free_doc(struct d *d)" },
			NULL, NULL, NULL, NULL, "d_free_doc" },
		/* by its name of that type, though it takes what that begins with, or anything */
		{ { "d_rec_t *d_parse(const char *s)", "void d_rec_destroy(struct base *b)" }, NULL,
			NULL, NULL, NULL, "d_rec_destroy" },
		{ { "struct d_rec *d_parse(const char *s)", "void d_rec_free(void *x)" }, NULL,
			NULL, NULL, NULL, "d_rec_free" },
		{ { "struct d_rec *d_parse(const char *s)", "void d_record_free(void *x)",
			  "void d_rec_free_all(void *x)", "void d_free(struct base *x)" },
			NULL, NULL, NULL, NULL, NULL },
		/* but behind all that takes that type; and no text, number, or array is one */
		{ { "struct d *d_parse(const char *s)", "void d_free(void *x)",
			  "void d_Delete(struct d *d)" },
			NULL, NULL, NULL, NULL, "d_Delete" },
		{ { "d_t *d_parse(const char *s)", "void d_free(void *x)",
			  "void d_document_destroy(d_t *d)" },
			NULL, NULL, NULL, NULL, "d_document_destroy" },
		{ { "struct d_rec *d_parse(const char *s)", "void d_rec_delete(char *name)",
			  "void d_rec_close(int *fd)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "struct d_rec **d_parse(const char *s)", "void d_rec_free(void *x)" }, NULL,
			NULL, NULL, NULL, NULL },
		/* what empties a part of it; all of it */
		{ { "struct d *d_parse(const char *s)", "void d_clear_pending_keys(struct d *d)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "struct d *d_parse(const char *s)", "void d_clear(struct d *d)" }, NULL, NULL,
			NULL, NULL, "d_clear" },
		/* numbers that are a part of something else */
		{ { "unsigned *d_parse(const char *s, size_t n)",
			  "int d_table_delete(unsigned *handle, struct d *table)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "unsigned *d_parse(const char *s, size_t n)", "void d_free(unsigned *x)" },
			NULL, NULL, NULL, NULL, "d_free" },
		/* an object is no number, whatever its end wants to know beside it */
		{ { "struct d *d_parse(const char *s, size_t n)",
			  "void d_free(struct d *d, int deep)" },
			NULL, NULL, NULL, NULL, "d_free" },
		/* still the object's */
		{ { "struct d *p_dotget_d(struct p *x, const char *s)",
			  "void d_free(struct d *d)" },
			NULL, NULL, NULL, NULL, NULL },
		/* not the caller's */
		{ { "const struct d *d_parse(const char *s, size_t n)",
			  "void d_free(struct d *d)" },
			NULL, NULL, NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct proto p;
		struct api api;
		const struct proto_handle *h;

		first_of(&a, &api, types, rows[i].api, &p);
		h = p.params[0].role == ROLE_HANDLE ? p.params[0].handle : NULL;
		if (!h != !rows[i].make || !p.ret_handle != !rows[i].ret_end ||
			(h && !h->end != !rows[i].end))
			fail_msg("row %zu", i);
		if (h) {
			assert_string_equal(h->make, rows[i].make);
			assert_string_equal(h->make_args, rows[i].make_args);
		}
		if (h && h->end) {
			assert_string_equal(h->end, rows[i].end);
			assert_string_equal(h->end_args, rows[i].end_args);
		}
		if (p.ret_handle)
			assert_string_equal(p.ret_handle->end, rows[i].ret_end);
		api_release(&api);
		arena_release(&a);
	}
}

/* What an argument is filled with is ended by what ends its type, not by what takes one in passing. */
static void test_filled(void **state)
{
	static const struct {
		const char *api[8];
		const char *end, *args;
	} rows[] = {
		{ { "int x_file_open(const char *path, x_error_t **error)",
			  "void x_file_free(x_file_t **file, x_error_t **error)",
			  "void x_error_free(x_error_t **error)" },
			"x_error_free", "&@" },
		{ { "int x_stream_set(const char *path, x_error_t **error)",
			  "int x_stream_close(x_error_t **error)",
			  "void x_error_free(x_error_t **error)" },
			"x_error_free", "&@" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct proto p;
		struct api api;

		first_of(&a, &api, types, rows[i].api, &p);
		assert_non_null(p.params[1].handle);
		assert_string_equal(p.params[1].handle->end, rows[i].end);
		assert_string_equal(p.params[1].handle->end_args, rows[i].args);
		api_release(&api);
		arena_release(&a);
	}
}

/* What is passed for an array and its count, or for a length by pointer, among the harness's lines; "": none of it. */
static void test_counted(void **state)
{
	static const struct {
		const char *proto, *line;
	} rows[] = {
		{ "int f(const char *s, size_t n, struct p *tokens, unsigned num_tokens)",
			"calloc(num_tokens, sizeof(*tokens))" },
		{ "int f(const char *s, size_t n, struct p *tokens, unsigned num_tokens)",
			"f((const char *)data, size, tokens, num_tokens)" },
		{ "int f(const char *s, size_t n, struct p *headers, size_t *num_headers)",
			"size, headers, &num_headers)" },
		{ "int f(const char *s, size_t n, struct p *headers, size_t *num_headers)",
			"size_t num_headers = 64;" },
		{ "int f(const char *s, size_t n, struct p *tok, int max_tok)",
			"calloc(max_tok, sizeof(*tok))" },
		{ "int f(const char *s, size_t n, int nvals, double *vals)",
			"calloc(nvals, sizeof(*vals))" },
		{ "int f(const char *s, size_t n, struct p *items, int count)",
			"calloc(count, sizeof(*items))" },
		/* one count for both */
		{ "int f(const char *s, size_t len, double *lats, double *lons, int n)",
			"calloc(n, sizeof(*lats))" },
		{ "int f(const char *s, size_t len, double *lats, double *lons, int n)",
			"calloc(n, sizeof(*lons))" },
		/* of something else; of an object; what the call reads; of a type that is hidden */
		{ "int f(const char *s, size_t n, struct p *it, int num_lines)", "" },
		{ "int f(const char *s, size_t n, struct p *it, int count)", "" },
		{ "int f(const char *s, size_t n, const struct p *items, int num_items)", "" },
		{ "int f(const char *s, size_t n, struct q *items, int num_items)", "" },
		{ "int f(const char *s, size_t n, int *line, int depth)", "" },
		{ "int f(char *buf, size_t *bufsz)", "\tbufsz = size;\n" },
		{ "int f(char *buf, size_t *bufsz)", "f(buf, &bufsz)" },
		{ "int f(const char *buf, int *len)", "if (size > (size_t)INT_MAX)" },
		{ "int f(const char *buf, int *line)", "" },
		/* of a text, or of what is to come of it */
		{ "int f(size_t size, const char *base64)", "f(size, base64)" },
		{ "int f(size_t size, const char *base64)", "base64[size] = 0;" },
		{ "int f(size_t size, const unsigned char *bytes)",
			"f(size, (const unsigned char *)data)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		static const char *const signs[] = { "= 64;", "calloc(num",
			"\tlen = ", "sz = size" };
		const char *const one[] = { rows[i].proto, NULL };
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct api api;
		struct proto p;

		first_of(&a, &api, types, one, &p);
		proto_harness(&text, &p, &h, &a);
		if (!strstr(buf_str(&text), rows[i].line))
			fail_msg("%s: no %s in\n%s", rows[i].proto, rows[i].line, text.s);
		for (size_t k = 0; !*rows[i].line && k < ARRAY_LEN(signs); k++)
			if (strstr(buf_str(&text), signs[k]))
				fail_msg("%s: %s in\n%s", rows[i].proto, signs[k], text.s);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* What reads what the first one made, and a part of the harness's text; "": nothing does. */
static void test_readers(void **state)
{
	static const struct {
		const char *api[10], *readers, *text;
	} rows[] = {
		{ { "struct p *p_parse(const char *s, size_t n)", "void p_free(struct p *x)",
			  "char *p_print(const struct p *x)", "int p_validate(struct p *x)" },
			"p_print p_validate",
			"\tif (result) "
			"{\n\t\tfree(p_print(result));\n\t\t(void)p_validate(result);\n"
			"\t\tp_free(result);\n\t}\n" },
		{ { "int p_load(const char *s, size_t n, struct p **out)",
			  "void p_free(struct p *x)",
			  "const char *p_to_string(struct p *x, int flags, size_t *len)",
			  "int p_to_fd(struct p *x, int fd)" },
			"p_to_string",
			"\tif (out_3)\n\t\t(void)p_to_string(out_3, 0, &(size_t){ 0 });\n\tif" },
		/* the best of many; what wants fewer arguments first */
		{ { "struct p *p_parse(const char *s, size_t n)", "void p_free(struct p *x)",
			  "unsigned p_hash(struct p *x)",
			  "char *p_to_json_text(struct p *x, int flags)",
			  "char *p_print(struct p *x)", "bool p_is_valid(struct p *x)",
			  "char *p_encode(struct p *x, int flags, int more)",
			  "char *p_print_ext(struct p *x, int flags)" },
			"p_print p_to_json_text p_encode", "p_print(result)" },
		/* one that asks for its kind; of another; that ends it; that gives an object, or prints */
		{ { "struct p *p_parse(const char *s, size_t n)", "void p_free(struct p *x)",
			  "const char *p_get_string(struct p *x)", "int q_check(struct q *x)",
			  "int p_check_and_free(struct p *x)", "struct p *p_validate(struct p *x)",
			  "void p_print(struct p *x)",
			  "int p_write(struct p *x, const char *path)" },
			"", "\tif (result)\n\t\tp_free(result);\n" },
		/* nobody knows how it ends */
		{ { "struct p *p_parse(const char *s, size_t n)", "int p_check(struct p *x)" }, "",
			"p_parse" },
		/* what was opened is read, as long as that goes on; into memory where it wants some */
		{ { "int p_open(struct p **out, const char *path)", "void p_close(struct p *x)",
			  "int p_read(struct p *x)", "int p_write(struct p *x)" },
			"p_read",
			"n = 0, got = (int)p_read(out_1); n < 64 && got >= 0; n++)\n"
			"\t\t\tif ((int)p_read(out_1) != got)\n\t\t\t\tbreak;\n" },
		{ { "struct p *p_open(const char *path)", "void p_close(struct p *x)",
			  "long p_read_block(struct p *x, void *to, size_t n)" },
			"p_read_block", "p_read_block(result, (unsigned char[4096]){ 0 }, 4096)" },
		{ { "struct p *p_open(const char *path)", "void p_close(struct p *x)",
			  "void p_decode(struct p *x, float *pcm)" },
			"p_decode", "\t\t(void)p_decode(result, (float[4096]){ 0 });\n" },
		/* as many of each channel, maybe; bytes that nothing bounds may be any */
		{ { "struct p *p_open(const char *path)", "void p_close(struct p *x)",
			  "int p_decode(struct p *x, unsigned char *pixels)",
			  "long p_read_frames(struct p *x, float *pcm, size_t n)" },
			"p_read_frames", "p_read_frames(result, (float[16384]){ 0 }, 16)" },
		{ { "struct p *p_open(const char *path)", "struct p *p_close(struct p *x)",
			  "unsigned p_unpack_samples(struct p *x, int *to, unsigned n)" },
			"p_unpack_samples",
			"got = (int)p_unpack_samples(result, (int[16384]){ 0 }, 16)" },
		/* none of several objects */
		{ { "int p_open(const char *path, struct p *out[4])", "void p_close(struct p *x)",
			  "int p_read(struct p *x)" },
			"", "calloc(4, sizeof(*out_2))" },
		/* what is fed is read; of what nobody knows how to end nothing is */
		{ { "int p_feed(struct p *x, const char *s, size_t n)", "struct p *p_new(void)",
			  "void p_free(struct p *x)", "int p_get_next(struct p *x, int *kind)",
			  "int p_read(struct p *x, char *out, size_t room, size_t *done)" },
			"p_get_next p_read",
			"got = (int)p_read(x, (char[4096]){ 0 }, 4096, (size_t[4096]){ 0 });" },
		{ { "int p_feed(struct p *x, const char *s, size_t n)", "struct p *p_new(void)",
			  "int p_next(struct p *x)" },
			"", "p_feed(x" },
		/* asks, sets or begins anew; gives what may be the caller's; wants another object */
		{ { "struct p *p_open(const char *path)", "void p_close(struct p *x)",
			  "int p_can_read(struct p *x)", "int p_get_read(struct p *x)",
			  "int p_set_next(struct p *x, int n)", "int p_read_init(struct p *x)",
			  "struct p *p_next(struct p *x)", "char *p_read_line(struct p *x)",
			  "int p_read_to(struct p *x, struct q *y)" },
			"", "\tif (result)\n\t\tp_close(result);\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT, got = BUF_INIT;
		struct api api;
		struct proto p;

		first_of(&a, &api, types, rows[i].api, &p);
		readers_find(&a, &api, &p);
		for (size_t k = 0; k < p.n_readers; k++)
			buf_addf(&got, "%s%s", k ? " " : "", p.readers[k].name);
		proto_harness(&text, &p, &h, &a);
		if (strcmp(buf_str(&got), rows[i].readers) != 0 ||
			!strstr(buf_str(&text), rows[i].text))
			fail_msg("row %zu: %s\n%s", i, buf_str(&got), text.s);
		buf_release(&got);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* What is called behind a function that only keeps its text; "": nothing. */
static void test_then(void **state)
{
	static const struct {
		const char *api[8], *then;
	} rows[] = { { { "int p_set(struct p *x, const char *s)", "double p_eval(struct p *x)",
			       "int p_eval_all(struct p *x)", "int p_is(struct p *x)",
			       "struct p *p_new(void)" },
			     "p_eval" },
		/* what makes something, takes more, is of another object, ends it */
		{ { "int p_set(struct p *x, const char *s)", "char *p_eval(struct p *x)",
			  "int p_run(struct p *x, int n)", "int q_run(struct q *x)",
			  "int p_run_free(struct p *x)", "struct p *p_new(void)" },
			"" },
		/* it does more than keep it; nobody makes the object */
		{ { "int p_parse(struct p *x, const char *s)", "int p_eval(struct p *x)",
			  "struct p *p_new(void)" },
			"" },
		{ { "int p_set(struct p *x, const char *s)", "int p_eval(struct p *x)" }, "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct api api;
		struct proto p;

		first_of(&a, &api, types, rows[i].api, &p);
		if (strcmp(p.then ? p.then : "", rows[i].then) != 0)
			fail_msg("row %zu: %s", i, p.then ? p.then : "nothing");
		proto_harness(&text, &p, &h, &a);
		assert_int_equal(!!strstr(buf_str(&text), "(void)p_eval(x);"), !!p.then);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* What opens an object for what is fed to it; "": nothing. */
static void test_first(void **state)
{
	static const struct {
		const char *api[8], *first;
	} rows[] = { { { "int p_feed(struct p *x, const char *s, size_t n)",
			       "int p_open_feed(struct p *x)", "int p_start(struct p *x)",
			       "struct p *p_new(void)" },
			     "p_open_feed" },
		{ { "int p_decode(struct p *x, const char *s, size_t n)",
			  "int p_start(struct p *x)", "struct p *p_new(void)" },
			"p_start" },
		/* which of them nobody says; what takes more, ends it, is of another object, or opens itself */
		{ { "int p_decode(struct p *x, const char *s, size_t n)",
			  "int p_start(struct p *x)", "int p_open(struct p *x)",
			  "struct p *p_new(void)" },
			"" },
		{ { "int p_decode(struct p *x, const char *s, size_t n)",
			  "int p_open(struct p *x, int n)", "int p_start_end(struct p *x)",
			  "int q_open(struct q *x)", "struct p *p_new(void)" },
			"" },
		{ { "int p_open_bytes(struct p *x, const char *s, size_t n)",
			  "int p_start(struct p *x)", "struct p *p_new(void)" },
			"" },
		/* it opens something in it */
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "int p_begin_comment(struct p *x)", "struct p *p_new(void)" },
			"" },
		{ { "int p_decode(struct p *x, const char *s, size_t n)",
			  "int pOpenDecode(struct p *x)", "struct p *p_new(void)" },
			"pOpenDecode" },
		{ { "int p_refeed(struct p *x, const char *s, size_t n)",
			  "int p_open_feed(struct p *x)", "struct p *p_new(void)" },
			"" },
		/* nobody makes the object */
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "int p_start(struct p *x)" },
			"" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_harness h = { .include = "\"x.h\"" };
		struct arena a = ARENA_INIT;
		struct buf text = BUF_INIT;
		struct api api;
		struct proto p;
		char *call = xasprintf("(void)%s(x);\n\t(void)p_", rows[i].first);

		first_of(&a, &api, types, rows[i].api, &p);
		if (strcmp(p.first ? p.first : "", rows[i].first) != 0)
			fail_msg("row %zu: %s", i, p.first ? p.first : "nothing");
		proto_harness(&text, &p, &h, &a);
		assert_int_equal(!!strstr(buf_str(&text), call), !!p.first);
		free(call);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* What is called once in front of x_parse(); NULL: nothing. */
static void test_startup(void **state)
{
	static const struct {
		const char *api[6];
		const char *call;
		const char *function;
	} rows[] = { { { "int x_init(void)" }, "x_init()", "x_parse" },
		{ { "int x_init_library(int flags, bool (*ask)(int))",
			  "int x_init_all_tables(void)" },
			"x_init_library(0, NULL)", "x_parse" },
		{ { "void x_global_init(unsigned long flags)", "void x_init(void)" }, "x_init()",
			"x_parse" },
		/* of an object, of a part, of another library, of a file */
		{ { "int x_init(struct x *it)", "int x_init_tables(void)", "int y_init(void)" },
			NULL, "x_parse" },
		{ { "struct x *x_init(int n)", "int x_startup(const char *path)",
			  "int x_all(void)" },
			NULL, "x_parse" },
		/* a prefix of two words, which all have; and one that is a part's */
		{ { "void x_y_init(void)", "int x_y_parse(int n)", "int x_y_more(int n)" },
			"x_y_init()", "x_y_parse" },
		{ { "void x_y_init(void)", "int x_y_parse(int n)", "int x_a(int n)",
			  "int x_b(int n)" },
			NULL, "x_y_parse" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct startup s;
		struct api api;
		bool found;

		api_of(&a, &api, types, rows[i].api);
		found = startup_find(&a, &api, rows[i].function, &s);
		if (found != !!rows[i].call || (found && strcmp(s.call, rows[i].call) != 0))
			fail_msg("row %zu: %s", i, found ? s.call : "nothing");
		api_release(&api);
		arena_release(&a);
	}
}

/* Is an object passed that nobody made? from: what could have. */
static void test_unmade(void **state)
{
	static const struct {
		const char *api[4];
		const char *unmade, *from;
	} rows[] = { { { "int p_feed(struct p *x, const char *s)" }, NULL, NULL },
		{ { "int p_feed(struct p *x, const char *s)",
			  "struct p *p_open(const char *path)" },
			"struct p", "p_open" },
		{ { "int p_feed(struct p *x, const char *s)", "int p_load(struct p **x, FILE *f)" },
			"struct p", "p_load" },
		/* one of its kind */
		{ { "int p_feed(struct p *x, const char *s)", "struct p *p_next(struct p *x)" },
			NULL, NULL },
		{ { "int q_feed(struct q *x, const char *s)" }, "struct q", NULL },
		{ { "int p_feed(struct p *x, const char *s)", "struct p *p_new(void)",
			  "struct p *p_open(const char *path)" },
			NULL, NULL } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct proto p;
		struct api api;
		const char *unmade, *from;

		first_of(&a, &api, types, rows[i].api, &p);
		unmade = handle_unmade(&p);
		from = p.params[0].made_by;
		if (!unmade != !rows[i].unmade || !from != !rows[i].from ||
			(from && strcmp(from, rows[i].from) != 0))
			fail_msg("row %zu: %s, %s", i, unmade ? unmade : "-", from ? from : "-");
		api_release(&api);
		arena_release(&a);
	}
}

/* What is done with a type's objects; what isn't, for the reason; and a line of the harness. NULL: it can't be made. */
static void test_calls(void **state)
{
	static const struct {
		const char *api[10], *type;
		/* the makers, then the others */
		const char *calls, *left, *line;
	} rows[] = {
		{ { "struct p *p_new(void)", "int p_feed(struct p *x, const char *s, size_t n)",
			  "void p_free(struct p *x)" },
			"p", "p_new p_feed", NULL, "(void)p_feed(a1, a2, (size_t)n2);" },
		{ { "int p_open(struct p **x, int flags)",
			  "int p_get(struct p *x, const char *key)", "void p_close(struct p **x)" },
			"struct p", "p_open p_get", NULL, "p_close(&x);" },
		{ { "struct p *p_parse(const void *s, size_t n)", "int p_count(const struct p *x)",
			  "struct p *p_child(struct p *x, int i)",
			  "struct p *p_dup(const struct p *x)", "void p_free(struct p *x)" },
			"p *", "p_parse p_dup p_count p_child", NULL, "put(p_dup(a1));" },
		/* which owns which; what gives memory; paths; any number of arguments; other ends */
		{ { "struct p *p_new(void)", "int p_add(struct p *x, struct p *item)",
			  "char *p_print(struct p *x)", "int p_load(struct p *x, const char *path)",
			  "int p_set(struct p *x, ...)", "void p_release_all(struct p *x)",
			  "int p_fill(struct p *x, char *out)", "int p_get(struct p *x, int *out)",
			  "void p_free(struct p *x)" },
			"p", "p_new p_get", "p_add p_print p_load p_set p_release_all p_fill",
			"(void)p_get(a1, &a2);" },
		{ { "struct p *p_open(const char *path)", "int p_get(struct p *x, int i)" }, "p",
			NULL, NULL, "nothing makes one" },
		{ { "struct p *p_new(void)", "void p_free(struct p *x)" }, "p", NULL, NULL,
			"nothing can be done" },
		{ { "struct pars *p_new(void)", "void p_free(struct pars *x)" }, "par", NULL, NULL,
			"did you mean" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct buf names = BUF_INIT, left = BUF_INIT, text = BUF_INIT;
		struct err err = ERR_INIT;
		struct calls c;
		struct api api;

		api_of(&a, &api, types, rows[i].api);
		if (calls_find(&a, &api, rows[i].type, &c, &err) < 0) {
			if (rows[i].calls || !strstr(err.msg, rows[i].line))
				fail_msg("row %zu: %s", i, err.msg);
		} else {
			for (size_t k = 0; k < c.n; k++)
				buf_adds2(&names, k ? " " : "", c.calls[k].proto->name);
			for (size_t k = 0; k < c.left.n; k++)
				buf_addf(&left, "%s%.*s", k ? " " : "",
					(int)strcspn(c.left.v[k], ":"), c.left.v[k]);
			assert_string_equal(buf_str(&names), rows[i].calls);
			assert_string_equal(buf_str(&left), rows[i].left ? rows[i].left : "");
			assert_int_equal(calls_text(&text, &c), 0);
			assert_non_null(strstr(rows[i].type, calls_best_type(&a, &api) + 7));
			if (!strstr(buf_str(&text), rows[i].line))
				fail_msg("row %zu: no %s in %s", i, rows[i].line, buf_str(&text));
		}
		calls_release(&c);
		buf_release(&names);
		buf_release(&left);
		buf_release(&text);
		api_release(&api);
		arena_release(&a);
	}
}

/* r: what it returns is freed, and the number of each parameter that is. */
static void test_owned(void **state)
{
	static const struct {
		const char *text, *owned;
	} rows[] = { { "char *f(const char *s)", "r" }, { "const char *f(const char *s)", "" },
		{ "void *f(const char *s, size_t n)", "r" }, { "int f(const char *s)", "" },
		{ "uint32_t *f(const char *s, size_t n)", "r" },
		{ "FILE *f(const char *s, size_t n)", "" },
		{ "int f(unsigned char **out, size_t *n, const char *s)", "0" },
		{ "char *f(const char *s, char **error)", "r1" },
		{ "int f(const char *s, char **endptr)", "" },
		{ "int f(const char *s, const char **error)", "" },
		{ "int f(const char *s, int *argc, const char ***argv)", "2" },
		/* a part of the object, which ends it */
		{ "char *f(struct it *it, const char *s)", "" },
		{ "char *ns::f(const char *s)", "" }, { "struct it *f(const char *s)", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct buf got = BUF_INIT;
		struct proto p;

		assert_int_equal(proto_parse(&a, strv_of(rows[i].text), &p, NULL), 0);
		assert_int_equal(proto_roles(&p, NULL), 0);
		assert_int_equal(proto_owned(&p), *rows[i].owned != 0);
		buf_adds(&got, p.ret_owned ? "r" : "");
		for (size_t k = 0; k < p.n_params; k++)
			if (p.params[k].owned)
				buf_addf(&got, "%zu", k);
		if (strcmp(buf_str(&got), rows[i].owned) != 0)
			fail_msg("%s: %s", rows[i].text, buf_str(&got));
		buf_release(&got);
		arena_release(&a);
	}
}

/* Is a type known in full? A callback's has no name, and is no type of the header. */
static void test_complete(void **state)
{
	static const struct {
		const char *base, *canon;
		bool complete;
	} rows[] = { { "struct a", "struct a", true }, { "b_t", "struct b", true },
		{ "struct c", "struct c", false }, { "", "", false },
		/* a name that stands in the word in front of it */
		{ "struct st", "struct st", true }, { "st_t", "st_t", true } };
	struct api api = { .text = BUF_INIT };

	(void)state;
	buf_adds(&api.text, "struct a {\n int x;\n};\ntypedef struct b { int x; } b_t;\nstruct c;\n"
			    "struct st { int x; };\ntypedef struct { int x; } st_t;\n");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct proto_param q = { .base = rows[i].base, .canon = rows[i].canon };

		if (api_is_complete(&api, NULL, &q) != rows[i].complete)
			fail_msg("%s", rows[i].base);
	}
	buf_release(&api.text);
}

static void test_rank(void **state)
{
	static const char *const prototypes[] = { "void x_free(struct x *it)",
		"int xFclose(FILE *file)", "long x_read(void *buffer, size_t n)",
		"int x_set_name(struct x *it, const char *name)",
		"struct x *x_load_file(const char *path)", "int x_print(const char *text)",
		"struct x *x_parse(const char *s, size_t n)", "int x_count(int n)",
		"struct x *x_parse_args(const char *fmt, ...)",
		"struct x *x_vparse(const char *fmt, va_list args)",
		"int _x_parse(const char *s, size_t n)", "int x_create_file(const char *path)",
		/* what says what lies elsewhere, and a picture that is drawn, are no inputs */
		"void x_to_native(void *data, char *format)",
		"int x_put_as(void *data, const char *fmt)",
		"int x_render(struct x *it, unsigned long rowsize, char *imagebuffer)",
		/* nor is what is read to */
		"long x_read_bytes(struct x *it, void *data, size_t n)",
		/* but what a reader is given is, and what is read to something else */
		"int x_reader_feed(struct x *it, void *data, size_t n)",
		"int x_read_head(struct x *out, void *data, size_t n)", NULL };
	static const char *const order[] = { "x_parse", "x_load_file", "_x_parse" };
	struct arena a = ARENA_INIT;
	struct ranking r;
	struct api api;

	(void)state;
	api_of(&a, &api, types, prototypes);
	rank_make(&a, &api, NULL, &r);
	/* what ends, and what takes nothing, isn't there */
	assert_int_equal(r.n, 8);
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		assert_string_equal(r.v[i].proto.name, order[i]);
	rank_release(&r);
	api_release(&api);
	arena_release(&a);
}

/* Structures that hold nothing but numbers, by their definitions. */
static void test_plain(void **state)
{
	static const struct {
		const char *head, *base, *canon;
		bool plain;
	} rows[] = {
		{ "struct x { int a, b[4]; const_t c; };", "struct x", "struct x", false },
		{ "struct x *f(void); struct x { int a, b[4]; double c; };", "struct x", "struct x",
			true },
		{ "typedef struct { int64_t a; size_t n; } x_t;", "x_t", "x_t", true },
		{ "typedef struct tag { int a; } x_t;", "x_t", "struct tag", true },
		{ "struct x { char *s; };", "struct x", "struct x", false },
		{ "struct x { struct y y; };", "struct x", "struct x", false },
		{ "struct x { int a; handle h; };", "struct x", "struct x", false },
		{ "struct x { struct { int a; } y; int b; };", "struct x", "struct x", false },
		{ "typedef struct { struct { int a; } y; char b; } x_t;", "x_t", "x_t", false },
		{ "struct x { int (*f)(void); };", "struct x", "struct x", false },
		/* what isn't there, or has nothing in it */
		{ "struct x;", "struct x", "struct x", false },
		{ "struct x {", "struct x", "struct x", false },
		{ "struct x {};", "struct x", "struct x", false },
		{ "} x_t;", "x_t", "x_t", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct proto_param q = { .base = rows[i].base, .canon = rows[i].canon };
		struct api api = { 0 };

		buf_adds(&api.text, rows[i].head);
		if (api_is_plain(&api, &q) != rows[i].plain)
			fail_msg("%s", rows[i].head);
		api_release(&api);
	}
}

/* What users get comes first, where there is enough of it. */
static void test_installed(void **state)
{
	static const struct {
		const char *installed, *order;
		size_t first;
	} rows[] = { { "bdc", "bcdae", 3 }, { "bc", "bcade", 5 }, { "", "abcde", 5 },
		{ "abcde", "abcde", 5 } };
	static const struct api_header ours = { .rel = "in.h" },
				       theirs = { .rel = "x.h", .installed = true };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ranking r = { xcalloc(5, sizeof(*r.v)), 5 };
		char got[6] = "";

		for (size_t k = 0; k < 5; k++) {
			static const char *const names[] = { "a", "b", "c", "d", "e" };

			r.v[k].proto.name = names[k];
			r.v[k].header = strstr(rows[i].installed, names[k]) ? &theirs : &ours;
		}
		assert_int_equal(rank_installed_first(&r), rows[i].first);
		for (size_t k = 0; k < 5; k++)
			got[k] = r.v[k].proto.name[0];
		assert_string_equal(got, rows[i].order);
		rank_release(&r);
	}
}

/* Which of a project's files are first inputs: of these folders, by their ends. */
static void test_data(void **state)
{
	static const struct {
		const char *files[4];
		/* the first of those that are taken, or NULL */
		const char *taken;
	} rows[] = { { { "test/a.abc", "test/b.abc", "test/c.md" }, "test/a.abc" },
		/* a workbench's */
		{ { "prj/api_tests/a.bmarks", "prj/api_tests/b.bmarks", "prj/api_tests/a.cbp" },
			NULL },
		/* the project's own language, though its name has it */
		{ { "examples/a.cpp", "examples/b.cpp" }, NULL },
		/* of another language, or what code is generated from */
		{ { "examples/a.proto", "tests/b.proto" }, NULL },
		/* a transport stream has the end that a language has, too */
		{ { "samples/a.ts", "samples/b.ts" }, "samples/a.ts" },
		{ { "examples/a.cs", "tests/b.cs", "tests/c.xyz" }, NULL },
		{ { "src/a.abc", "src/b.abc" }, NULL } };
	char *dir = fs_tmpdir("test-data", NULL);

	(void)state;
	assert_non_null(dir);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct strlist files = STRLIST_INIT, names = STRLIST_INIT;
		struct testdata t;

		for (size_t k = 0; k < 4 && rows[i].files[k]; k++) {
			char *path = fs_join(dir, rows[i].files[k]), *parent = fs_dirname(path);

			assert_int_equal(fs_mkdirs(parent, NULL), 0);
			assert_int_equal(fs_write(path, "x", 1, 0600, NULL), 0);
			strlist_add(&files, rows[i].files[k]);
			free(parent);
			free(path);
		}
		strlist_add(&names, "cppthing");
		testdata_find(dir, &files, &names, "raw", &t);
		if (!t.files.n != !rows[i].taken ||
			(t.files.n && strcmp(t.files.v[0], rows[i].taken) != 0))
			fail_msg("row %zu: %s", i, t.files.n ? t.files.v[0] : "none");
		testdata_release(&t);
		strlist_release(&files);
		strlist_release(&names);
	}
	assert_int_equal(fs_remove_tree(dir, NULL), 0);
	free(dir);
}

/* What a source includes in front of src/in/x.h. */
static void test_order(void **state)
{
	static const struct {
		const char *text, *before;
	} rows[] = {
		{ "#include <stdio.h>\n#  include \"a.h\"\n#include \"in/x.h\"\n#include <z.h>\n",
			"<stdio.h>\n#include \"a.h\"" },
		{ "#ifdef A\n#if B\n#endif\n #include \"config.h\"\n#endif\n #include <a.h> /* why "
		  "*/\n"
		  "#ifdef C\n#include <x.h>\n#endif\n",
			"<a.h>" },
		{ "#include \"x.h\"\n#include <a.h>\n", NULL },
		{ "#include <a.h>\n#include \"other/x.h\"\n#include \"max.h\"\n", NULL },
		{ "#include <a.h>\n#include\n#include \"\n#include MACRO\n# x\n#", NULL },
		{ "", NULL }
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *got = order_in(strv_of(rows[i].text), "src/in/x.h");

		if (got ? !rows[i].before || strcmp(got, rows[i].before) != 0 : !!rows[i].before)
			fail_msg("row %zu: %s", i, got ? got : "nothing");
		free(got);
	}
}

/* What a macro of the header passes to a function, by its parameters. */
static void test_given(void **state)
{
	static const struct {
		const char *header, *given;
	} rows[] = { { "#define p_new(x) p_new_imp((x), NULL, P_VERSION)\n", "|NULL|P_VERSION|" },
		{ "# define p_new( a, b ) \\\n\t(p_new_imp(a, b, \\\n (int)sizeof(struct p)))\nint "
		  "x;\n",
			"||(int)sizeof(struct p)|" },
		{ "#define p_more(x) (p_new_imp(x, 1, 2) + 1)\n#define p_new() p_new_imp(0, f(1, "
		  "2), \"a\")\n",
			"0|f(1, 2)|\"a\"|" },
		{ "#define p_new(x) p_new_imp(x, 1)\n", "|||" },
		{ "#define p_new(x) p_new_imp_2(x, 1, 2)\n#define P_NEW p_new_imp\n", "|||" },
		{ "#define p_new(x, ...) p_new_imp(x, __VA_ARGS__, 2)\n", "||2|" },
		{ "#define p_new(x) p_new_imp(x, (1, 2\n", "|||" }, { "define p_new_imp", "|||" },
		{ "", "|||" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct buf got = BUF_INIT;
		struct proto p;

		assert_int_equal(
			proto_parse(&a, strv_of("struct p *p_new_imp(void *x, void *y, int z)"), &p,
				NULL),
			0);
		macro_fill(&a, strv_of(rows[i].header), &p);
		for (size_t k = 0; k < p.n_params; k++)
			buf_adds2(&got, p.params[k].given ? p.params[k].given : "", "|");
		assert_string_equal(buf_str(&got), rows[i].given);
		buf_release(&got);
		arena_release(&a);
	}
}

/* A stranger's text that has the same word again and again takes no more than a look at each byte. */
static void test_time(void **state)
{
	static const char *const rows[] = { "define ", "#define ", "#define(", "f(", "int main(",
		"(f(;", "main " };
	struct arena a = ARENA_INIT;
	struct proto p;

	(void)state;
	assert_int_equal(proto_parse(&a, strv_of("int f(int x)"), &p, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT, out = BUF_INIT;
		clock_t begin = clock();
		struct strv text, got;

		while (b.len < 1 << 19)
			buf_adds(&b, rows[i]);
		buf_adds(&b, "__AFL_LOOP");
		for (size_t n = b.len; n; n--)
			buf_addch(&b, ' ');
		text = strv_n(buf_str(&b), b.len);
		macro_fill(&a, text, &p);
		declaration_in(text, "f", &got);
		assert_false(afl_program_text(&out, "a.c", text, false));
		if ((double)(clock() - begin) / CLOCKS_PER_SEC > 2)
			fail_msg("%s: too slow", rows[i]);
		buf_release(&out);
		buf_release(&b);
	}
	arena_release(&a);
}

/* Why functions were left out; of those with the same reason the first is named. */
static void test_left(void **state)
{
	static const char *const left[] = { "a: x.h:1: error", "b: takes no input",
		"c: x.h:1: error", "d: x.h:1: error", "no reason", "e: takes no input", "f: g: h" };
	static const char *const want[] = { "a and 2 others: x.h:1: error",
		"b and 1 other: takes no input", "no reason", "f: g: h" };
	struct strlist in = STRLIST_INIT, out = STRLIST_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		strlist_add(&in, left[i]);
	proposals_group_left(&in, &out);
	assert_int_equal(out.n, ARRAY_LEN(want));
	for (size_t i = 0; i < out.n; i++)
		assert_string_equal(out.v[i], want[i]);
	strlist_release(&in);
	strlist_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_handles),
		cmocka_unit_test(test_filled),
		cmocka_unit_test(test_startup),
		cmocka_unit_test(test_unmade),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_owned),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_then),
		cmocka_unit_test(test_first),
		cmocka_unit_test(test_counted),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_installed),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
