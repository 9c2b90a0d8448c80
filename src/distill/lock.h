/* One distillation of a folder at a time. */
#ifndef DISTILL_LOCK_H
#define DISTILL_LOCK_H

#include "base/err.h"

/* Held until *fd is closed; who has to wait is told for whom. The lock lies beside the folder. */
int distill_lock(const char *dir, int *fd, struct err *err);

#endif
