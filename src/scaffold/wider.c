/* One step out at a time: a header of headers is the first that is asked for most often. */
#include "base/prelude.h"
#include "scaffold/wider.h"
#include "base/fs.h"
#include "scaffold/order.h"

#define HEADER_MAX ((uint64_t)2 << 20)
#define WIDER_MAX 3

const struct api_header *wider_header(const struct api *api, const struct api_header *h, size_t n)
{
	for (size_t i = 0; i < api->n_headers && n < WIDER_MAX; i++) {
		const struct api_header *o = &api->headers[i];
		struct buf text = BUF_INIT;
		bool includes = o != h && fs_read(o->path, HEADER_MAX, &text, NULL) == 0 &&
				order_includes(strv_n(buf_str(&text), text.len), h->rel);

		buf_release(&text);
		if (includes && n-- == 0)
			return o;
	}
	return NULL;
}

bool wider_mends(const struct buf *why)
{
	static const char *const words[] = { "incomplete", "undeclared", "unknown type name",
		"no type named", "no member named", "no template named", "undefined template",
		"include", "directly", "unknown class name" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_contains(strv_n(buf_str(why), why->len), words[i]))
			return true;
	return false;
}
