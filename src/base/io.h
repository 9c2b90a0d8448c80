/* Bytes into descriptors. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/prelude.h"

/* All of it, in as many writes as it takes. -1: errno says why. */
int io_write(int fd, const void *p, size_t n);

#endif
