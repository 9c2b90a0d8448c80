/* Failing inputs that nobody has acknowledged: where an engine's slice keeps them for the next one. */
#ifndef ENGINE_UNSTORED_H
#define ENGINE_UNSTORED_H

#include <stddef.h>

#define ENGINE_UNSTORED_DIR "unstored" /* below the work directory: files named KIND-SHA1 */
#define ENGINE_REPORT_EXT ".report"    /* beside such a file: what was printed of it */

/* How many there are in a work directory, also those that a killed slice left in the engine's own folders. */
size_t engine_unstored(const char *work_dir);

#endif
