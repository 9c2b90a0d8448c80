/*
 * A sanitizer's report with names. While a target is served its stacks are printed as module and offset, since a
 * symboliser in the target would be started anew for each crash; here one that stays gives the names.
 */
#include "base/prelude.h"
#include "project/symbolize.h"
#include "base/num.h"

#define FRAMES_MAX 16

struct stack_line {
	uint64_t no, offset;
	struct strv module, build_id;
};

/* "    #1 0x55d0  (/path/exe+0x1f) (BuildId: 0f3a)" */
static bool parse_stack_line(struct strv line, struct stack_line *out)
{
	struct strv v = strv_trim(line), word;
	size_t plus, end;

	*out = (struct stack_line){ .no = 0 };
	if (!strv_skip(&v, "#") || !strv_split(&v, ' ', &word) || num_u64(word, &out->no) < 0)
		return false;
	v = strv_trim(v);
	if (!strv_skip(&v, "0x") || !strv_split(&v, ' ', &word))
		return false;
	v = strv_trim(v);
	if (!strv_skip(&v, "("))
		return false;
	end = strv_chr(v, ')');
	if (end == SIZE_MAX)
		return false;
	word = strv_sub(v, 0, end);
	plus = strv_rchr(word, '+');
	if (plus == SIZE_MAX || num_hex(strv_from(word, plus + 1), &out->offset) < 0)
		return false;
	out->module = strv_sub(word, 0, plus);
	v = strv_trim(strv_from(v, end + 1));
	if (strv_skip(&v, "(BuildId: ") && (end = strv_chr(v, ')')) != SIZE_MAX)
		out->build_id = strv_sub(v, 0, end);
	return true;
}

/* As sanitizers write them, so that a log of it can be read again: inlined frames have numbers of their own, *more by now. */
static void add_frames(struct project *p, const struct stack_line *l, struct strv line,
	uint64_t *more, struct buf *out)
{
	struct crash_frame f[FRAMES_MAX];
	char *module = strv_dup(l->module),
	     *build_id = l->build_id.len ? strv_dup(l->build_id) : NULL;
	size_t n = project_resolve(p, module, build_id, l->offset, l->no > 0, f, FRAMES_MAX);

	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "    #%llu %s", (unsigned long long)l->no + *more + i,
			f[i].function && *f[i].function ? f[i].function : "??");
		if (f[i].file && *f[i].file)
			buf_addf(out, " %s:%u:%u", f[i].file, f[i].line, f[i].column);
		else
			buf_addf(out, " (%s+0x%llx)", module, (unsigned long long)l->offset);
		buf_addch(out, '\n');
	}
	*more += n ? n - 1 : 0;
	if (!n) {
		buf_addv(out, line);
		buf_addch(out, '\n');
	}
	free(module);
	free(build_id);
}

void project_symbolize(struct project *p, struct strv text, struct buf *out)
{
	struct strv line;
	uint64_t more = 0;

	while (strv_line(&text, &line)) {
		struct stack_line l;

		if (parse_stack_line(line, &l)) {
			more = l.no ? more : 0;
			add_frames(p, &l, line, &more, out);
		} else {
			buf_addv(out, line);
			buf_addch(out, '\n');
		}
	}
}
