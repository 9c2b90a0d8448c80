/* The canonical order of bytes. */
#ifndef MINIMIZE_ORDER_H
#define MINIMIZE_ORDER_H

/* Order of bytes: '0' is the most canonical, then 'a', blank, newline, digits, letters, punctuation, control, the rest. */
unsigned reduce_rank(unsigned char c);
extern const unsigned char reduce_order[256];
#define REDUCE_CANONICAL 4  /* the first so many of reduce_order are the canonical alphabet */
#define REDUCE_PRINTABLE 96 /* the first so many can be typed */
/* Inputs up to this size are normalised over all 256 ranks, longer ones over the canonical alphabet. */
#define REDUCE_FULL_ORDER 48

#endif
