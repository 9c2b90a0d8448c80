/*
 * A reproducer that needs a fault, a failing allocation or a short read, says so in its first line, so that it stays
 * one file wherever inputs go: stored, triaged, minimised, replayed. The line is taken off before the target sees the
 * bytes.
 */
#include "base/prelude.h"
#include "target/fault.h"
#include "base/num.h"
#include "runtime/thresh_rt_protocol.h"

#define LINE_MAX ((size_t)48) /* of a name, a number, "+" and a line feed */

static const struct strv mark = { THRESH_RT_FAULT_MARK, sizeof(THRESH_RT_FAULT_MARK) - 1 };
static const char *const names[] = { THRESH_RT_FAULT_NAMES };

_Static_assert(ARRAY_LEN(names) == (size_t)TARGET_FAULTS, "a name for each");
_Static_assert((int)TARGET_FAULTS == (int)THRESH_RT_FAULTS, "the protocol's, in its order");
_Static_assert((int)TARGET_FAULT_WRITE_ENOSPC == (int)THRESH_RT_FAULT_WRITE_ENOSPC, "the same");

const char *target_fault_name(enum target_fault_kind k)
{
	return names[k];
}

void target_fault_wrap(struct buf *out, const struct target_input *in)
{
	const struct target_fault *f = &in->fault;

	buf_addv(out, mark);
	if (f->kind != TARGET_FAULT_ALLOC)
		buf_addf(out, "%s ", names[f->kind]);
	buf_addf(out, "%llu%s\n", (unsigned long long)f->at, f->after ? "+" : "");
	buf_add(out, in->data, in->len);
}

static enum target_fault_kind take_name(struct strv *words)
{
	for (size_t k = 0; k < ARRAY_LEN(names); k++) {
		struct strv rest = *words;

		if (!strv_skip(&rest, names[k]) || !strv_skip(&rest, " "))
			continue;
		*words = rest;
		return (enum target_fault_kind)k;
	}
	return TARGET_FAULT_ALLOC;
}

size_t target_fault_line(const void *data, size_t len, struct target_fault *f)
{
	struct strv v = strv_n(data, MIN(len, mark.len + LINE_MAX)), words;
	size_t end;

	if (v.len < mark.len || memcmp(v.s, mark.s, mark.len) != 0)
		return 0;
	end = strv_chr(v, '\n');
	if (end == SIZE_MAX)
		return 0;
	words = strv_sub(v, mark.len, end - mark.len);
	f->kind = take_name(&words);
	f->after = words.len && words.s[words.len - 1] == '+';
	words.len -= f->after;
	if (num_u64(words, &f->at) < 0 || !f->at) {
		*f = (struct target_fault){ .at = 0 };
		return 0;
	}
	return end + 1;
}
