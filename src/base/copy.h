/* Trees of files, copied: what `cp -a` does, less owners, extended attributes and hard links. */
#ifndef BASE_COPY_H
#define BASE_COPY_H

#include "base/err.h"

/*
 * Copy a file, a symbolic link (as the link that it is) or a folder with all in it to the name `to`, which must not be
 * there yet; the folder that holds it must be. Modes and times are kept, since make(1) goes by them. Pipes, sockets and
 * devices are passed over. Not atomic, not synced: on failure what was copied so far is left for the caller to remove.
 */
int copy_tree(const char *from, const char *to, struct err *err);

#endif
