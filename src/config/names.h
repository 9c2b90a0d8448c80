/* Names that are fit for files, and the nearest known word to a mistyped one. */
#ifndef CONFIG_NAMES_H
#define CONFIG_NAMES_H

#include "base/strv.h"

/* Letters, digits, "_", "." and "-", not starting with "." or "-", at most CONFIG_NAME_MAX: fit for a file name. */
#define CONFIG_NAME_MAX 100
bool config_name_ok(struct strv name);
/* The most similar of n words, for "did you mean"; NULL when none is near enough. */
const char *config_nearest(struct strv word, const char *const *words, size_t n);

#endif
