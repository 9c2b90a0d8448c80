/* Changes of an input's records, as a layout has them, with the lengths around them mended: for records.c. */
#ifndef THRESH_RT_EDITS_H
#define THRESH_RT_EDITS_H

#include "thresh_rt_layout.h"

/* An input under way. */
struct thresh_rt_work {
	const struct thresh_rt_layout *l;
	const struct thresh_rt_lexicon *words; /* NULL: none */
	uint8_t *s;
	uint32_t n, max;
	uint64_t rng;
	struct thresh_rt_records r;
};

/* One change, with parts of another input that has this layout and a record at least, or NULL. w->r is what there is then. */
void thresh_rt_edit(struct thresh_rt_work *w, const struct thresh_rt_work *other);

#endif
