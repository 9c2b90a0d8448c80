/* A library of a few prototypes, as if they all stood in one header; for tests of what is found in them. */
#ifndef UNIT_PROTOTYPES_H
#define UNIT_PROTOTYPES_H

#include "base/mem.h"
#include "scaffold/api.h"
#include "scaffold/handle.h"
#include "scaffold/roles.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct api_header one_header = { .rel = "x.h", .dir = ".", .include = "\"x.h\"" };

/* text: what else the header says */
static inline void api_of(
	struct arena *a, struct api *api, const char *text, const char *const *prototypes)
{
	*api = (struct api){ 0 };
	buf_adds(&api->text, text);
	for (; *prototypes; prototypes++) {
		struct err err = ERR_INIT;

		GROW(api->v, api->n, api->cap);
		api->v[api->n].header = &one_header;
		if (proto_parse(a, strv_of(*prototypes), &api->v[api->n++].proto, &err) < 0)
			fail_msg("%s: %s", *prototypes, err.msg);
	}
}

/* And the first of them, with what its arguments are and what makes and ends them. */
static inline void first_of(struct arena *a, struct api *api, const char *text,
	const char *const *prototypes, struct proto *p)
{
	api_of(a, api, text, prototypes);
	*p = api->v[0].proto;
	assert_int_equal(proto_roles(p, NULL), 0);
	handle_fill(a, api, p);
}

#endif
