/* What the figures mean: news, what got worse, what to do next. Pure. */
#ifndef REPORT_JUDGE_H
#define REPORT_JUDGE_H

#include "report/model.h"

/* Into m->news, states, worse, todo, and more lines of m->alive. */
void model_judge(struct model *m);

#endif
