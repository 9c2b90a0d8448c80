/* Samples of what is too much to look at as a whole. */
#ifndef CASES_SPREAD_H
#define CASES_SPREAD_H

/* i of n points spread evenly over [0, len), both ends among them. */
size_t cases_spread(size_t i, size_t n, size_t len);

#endif
