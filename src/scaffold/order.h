/* In which order a project's own sources include a header: many need others in front of them. */
#ifndef SCAFFOLD_ORDER_H
#define SCAFFOLD_ORDER_H

#include "base/strlist.h"
#include "base/strv.h"

/*
 * What stands in front of a header in a source that includes it, as lines behind a first "#include ": "<a.h>\n#include
 * \"b.h\"". header: its path, whose last parts the source names. The caller frees; NULL: it isn't included there, or it is
 * the first. Pure.
 */
char *order_in(struct strv text, const char *header);
/* Does the text include this header, named by its last parts? Pure. */
bool order_includes(struct strv text, const char *header);

#endif
