/* Of several units that define the same, the first is chosen: which is the first. */
#ifndef SURVEY_ORDER_H
#define SURVEY_ORDER_H

#include "survey/internal.h"

/*
 * n numbers of units: first what a unit of the same archive wants, as a library's own sources come before another's that stand in
 * for them; then those of folders with many of these units, as what plugins define each for itself gives way to the library.
 */
void order_units(const struct compiled *us, size_t *numbers, size_t n);

#endif
