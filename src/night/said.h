/* What the commands that a night runs said in JSON, to a line for people and to what somebody has to know of. Pure. */
#ifndef NIGHT_SAID_H
#define NIGHT_SAID_H

#include "night/record.h"

/* The step's part gets words, notes and findings; the fuzz step's runs are added to r->execs. Only of steps that print JSON. */
void night_said(struct night_record *r, enum night_step s, const cJSON *j);

#endif
