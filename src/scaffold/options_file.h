/* NAME.options of libFuzzer and ClusterFuzz, beside a fuzz target: what of it thresh.yaml says, and what it doesn't. Pure. */
#ifndef SCAFFOLD_OPTIONS_FILE_H
#define SCAFFOLD_OPTIONS_FILE_H

#include "base/strlist.h"
#include "base/strv.h"

struct options_file {
	/* 0: not said */
	uint64_t max_len, timeout_s, memory_mb;
	/* a file beside it; NULL: none */
	char *dictionary;
	/* detect_leaks=0 */
	bool no_leaks;
	/* "3: close_fd_mask: why it isn't taken over", by lines */
	struct strlist left;
};

void options_file_read(struct strv text, struct options_file *out);
void options_file_release(struct options_file *o);

#endif
