/* Words in functions' names, and how a library's objects are made and ended. */
#include "base/prelude.h"
#include "base/mem.h"
#include "scaffold/handle.h"
#include "scaffold/rank.h"
#include "scaffold/roles.h"
#include "scaffold/words.h"
#include <setjmp.h>
#include <stdarg.h>
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

/* Of a header's text; the first is the one that is asked about. */
static void read_api(struct arena *a, struct api *api, const char *const *prototypes)
{
	static const struct api_header header = { .rank = 0, .rel = "x.h" };

	*api = (struct api){ 0 };
	for (; *prototypes; prototypes++) {
		struct err err = ERR_INIT;

		GROW(api->v, api->n, api->cap);
		api->v[api->n].header = &header;
		if (proto_parse(a, strv_of(*prototypes), &api->v[api->n++].proto, &err) < 0)
			fail_msg("%s: %s", *prototypes, err.msg);
	}
}

/* make: how the first parameter is made; end: of it, or of the result. NULL: not at all. */
static void test_handles(void **state)
{
	static const struct {
		const char *api[8];
		const char *make, *make_args, *end, *end_args, *ret_end;
	} rows[] = {
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
		/* what opens a file is no maker */
		{ { "int p_feed(struct p *x, const char *s, size_t n)",
			  "struct p *p_open(const char *path)" },
			NULL, NULL, NULL, NULL, NULL },
		{ { "struct d *d_parse(const char *s, size_t n)", "void d_free_nodes(struct d *d)",
			  "void d_free(struct d *d)", "void e_free(struct e *e)" },
			NULL, NULL, NULL, NULL, "d_free" },
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

		read_api(&a, &api, rows[i].api);
		p = api.v[0].proto;
		assert_int_equal(proto_roles(&p, NULL), 0);
		handle_fill(&a, &api, &p);
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

/* What the input goes to is told by the words, and in doubt by the function's own. */
static void test_paths(void **state)
{
	static const struct {
		const char *text;
		enum proto_role role;
	} rows[] = { { "int f(const char *ininame)", ROLE_PATH },
		{ "int load(const char *filename)", ROLE_PATH },
		{ "int f_open(const char *name)", ROLE_PATH },
		{ "int f_open(const char *json)", ROLE_TEXT },
		{ "int parse_file(const char *what)", ROLE_PATH },
		{ "int f(const char *text)", ROLE_TEXT },
		{ "int parse(const char *url)", ROLE_TEXT },
		{ "int parse(const char *profile)", ROLE_TEXT },
		{ "int x_parse(void *x, const char *s)", ROLE_NULL },
		{ "int ini_has(const char *section, const char *filename)", ROLE_NAME },
		{ "int ini_get(const char *key, int defvalue, const char *filename)", ROLE_NAME },
		{ "int edit(char *buf, size_t n)", ROLE_DATA_COPY },
		{ "int read_file(const char *data, size_t n)", ROLE_DATA } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena a = ARENA_INIT;
		struct proto p;

		assert_int_equal(proto_parse(&a, strv_of(rows[i].text), &p, NULL), 0);
		assert_int_equal(proto_roles(&p, NULL), 0);
		if (p.params[0].role != rows[i].role)
			fail_msg("%s", rows[i].text);
		arena_release(&a);
	}
}

static void test_rank(void **state)
{
	static const char *const prototypes[] = { "void x_free(struct x *it)",
		"long x_read(void *buffer, size_t n)",
		"int x_set_name(struct x *it, const char *name)",
		"struct x *x_load_file(const char *path)", "int x_print(const char *text)",
		"struct x *x_parse(const char *s, size_t n)", "int x_count(int n)", NULL };
	static const char *const order[] = { "x_parse", "x_load_file" };
	struct arena a = ARENA_INIT;
	struct ranking r;
	struct api api;

	(void)state;
	read_api(&a, &api, prototypes);
	rank_make(&a, &api, &r);
	/* what ends, and what takes nothing, isn't there */
	assert_int_equal(r.n, 4);
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		assert_string_equal(r.v[i].proto.name, order[i]);
	rank_release(&r);
	api_release(&api);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_handles),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_rank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
