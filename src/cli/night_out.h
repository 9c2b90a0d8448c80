/* A night as a person reads it in ten seconds, and as JSON. */
#ifndef CLI_NIGHT_OUT_H
#define CLI_NIGHT_OUT_H

#include "night/record.h"
#include "report/term.h"

void night_out_text(const struct night_record *r, const struct term *term, struct buf *out);
/* The caller deletes it. */
cJSON *night_out_json(const struct night_record *r);
/* Red is 3 where nothing can be trusted, else 1 with findings, 3 where less was done than asked, 0. */
int night_out_status(const struct night_record *r);

#endif
