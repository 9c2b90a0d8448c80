/* The tokens that libFuzzer found to be of use, which it prints at its end: kept from one slice to the next. */
#ifndef ENGINE_RECOMMENDED_H
#define ENGINE_RECOMMENDED_H

#include "base/strlist.h"
#include "base/strv.h"

/* In the engine's work directory: a dictionary, the newest tokens first. */
#define RECOMMENDED_FILE "recommended.dict"

struct recommended {
	/* as it prints them, with their quotes */
	struct strlist tokens;
	bool inside;
};

/* A line that it printed. */
void recommended_line(struct recommended *r, struct strv line);
/* Into the file, in front of what is there, as far as there is room. A hint: what fails is left. */
void recommended_save(const struct recommended *r, int work_dir);
void recommended_release(struct recommended *r);

#endif
