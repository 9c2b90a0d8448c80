/* Strict numbers: the whole slice must be the number, or it is refused. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/prelude.h"
#include "base/buf.h"
#include "base/strv.h"

/* Decimal digits only. */
int num_u64(struct strv v, uint64_t *out);
/* With or without 0x. */
int num_hex(struct strv v, uint64_t *out);
int num_i64(struct strv v, int64_t *out);
/* 512, 64k, 2M, 1G, 2GiB: powers of 1024. */
int num_size(struct strv v, uint64_t *bytes);
/* 250ms, 5s, 10m, 8h, 2d; a bare number is seconds. */
int num_duration(struct strv v, uint64_t *ms);

/* For people: "1.5 GiB", "2m 5s", "1,234,567". Appended to b. */
void num_add_size(struct buf *b, uint64_t bytes);
void num_add_duration(struct buf *b, uint64_t ms);
void num_add_count(struct buf *b, uint64_t n);
/* "1 bug", "1,234 bugs". */
void num_add_counted(struct buf *b, uint64_t n, const char *what);

#endif
