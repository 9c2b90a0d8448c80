/* Bytes that most logs have none of, and that call for work on the lines that hold them. */
#ifndef CRASH_RARE_H
#define CRASH_RARE_H

#include "base/strv.h"

enum rare_bytes {
	RARE_CONTROL = 1, /* ESC, backspace and their like */
	RARE_RETURN = 2,  /* \r */
	RARE_NUL = 4,
	RARE_BACKSLASH = 8,
	RARE_HIGH = 16,
	RARE_ENTITY = 32, /* & */
	RARE_CARET = 64,  /* as in cat -v's ^[ */
};

/* Which of them there may be in these bytes, quickly. */
unsigned rare_of(const char *s, size_t n);
/* Which of `rare` there are in one line. */
unsigned rare_in(struct strv s, unsigned rare);

#endif
