/* Frames that are numbered in any spelling but a sanitizer's; what follows the number is frame_body.c's business. */
#include "base/prelude.h"
#include "crash/internal.h"

/* "#12", "# 1", "12:", "12#", "12.", "[12]", "[bt] (12)", "(12)", "frame #12:", "12  "; what follows it. */
static bool cut_index(struct strv *s, long *index)
{
	struct strv in = *s;
	unsigned digits;
	char open = 0;

	strv_skip(&in, "=>");
	strv_skip(&in, "* ");
	if (strv_skip(&in, "frame "))
		in = skip_blank(in);
	if (strv_skip(&in, "[bt]") || strv_skip(&in, "bt "))
		in = skip_blank(in);
	if (in.len && (*in.s == '[' || *in.s == '(')) {
		open = *in.s;
		in = skip_blank(strv_from(in, 1));
	}
	if (strv_skip(&in, "#"))
		in = skip_blank(in);
	*index = (long)scan_dec_max(&in, &digits, 1 << 20);
	if (!digits || digits > 4 || !in.len)
		return false;
	if (open) {
		if (*in.s != (open == '[' ? ']' : ')'))
			return false;
		in = strv_from(in, 1);
	} else if (strchr("#:.)", *in.s)) {
		in = strv_from(in, 1);
	}
	if (!in.len || (*in.s != ' ' && *in.s != '\t'))
		return false;
	*s = strv_trim(in);
	return s->len > 0;
}

/* The line without white space around it. */
int frame_parse_listed(struct strv s, struct frame_text *f)
{
	struct strv in = s;
	int sure;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	if (!cut_index(&in, &f->index))
		return 0;
	sure = frame_parse_body(in, f);
	if (sure && f->module.len == 0)
		f->has_offset = false;
	return sure;
}
