/*
 * Helpers of the libyaml harnesses: what the parser says of its input, and a growing output buffer for
 * the emitter.
 */
#ifndef THRESH_HARNESSES_YAML_COMMON_H
#define THRESH_HARNESSES_YAML_COMMON_H

#include "common.h"
#include <yaml.h>

/* ok: it came to the stream's end. Lines and columns count from 1 for people. */
static HARNESS_UNUSED void yaml_verdict(const yaml_parser_t *p, int ok)
{
	char why[200];

	if (ok) {
		thresh_accept();
		return;
	}
	if (p->error == YAML_READER_ERROR)
		snprintf(why, sizeof(why), "%s at byte %lu", p->problem ? p->problem : "?",
			(unsigned long)p->problem_offset);
	else
		snprintf(why, sizeof(why), "%s at %lu:%lu",
			p->problem                      ? p->problem
			: p->error == YAML_MEMORY_ERROR ? "no memory"
							: "?",
			(unsigned long)p->problem_mark.line + 1,
			(unsigned long)p->problem_mark.column + 1);
	thresh_reject(why);
}

#define YAML_OUTPUT_MAX ((size_t)4 << 20)

struct yaml_output {
	unsigned char *bytes;
	size_t size, room;
};

/* The emitter's write handler: 1 on success. Output beyond the limit is an error, not a finding. */
static HARNESS_UNUSED int yaml_output_write(void *data, unsigned char *bytes, size_t size)
{
	struct yaml_output *out = data;

	if (size > YAML_OUTPUT_MAX - out->size)
		return 0;
	if (out->size + size > out->room) {
		size_t room = (out->size + size) * 2;
		unsigned char *more = realloc(out->bytes, room);

		if (!more)
			return 0;
		out->bytes = more;
		out->room = room;
	}
	if (size)
		memcpy(out->bytes + out->size, bytes, size);
	out->size += size;
	return 1;
}

#endif
