/* Words by which a sanitizer says that the machine refused it something: nothing that its program did. */
#ifndef BASE_REFUSAL_H
#define BASE_REFUSAL_H

#include "base/strv.h"

/*
 * What ended a process that printed this was such a refusal. A target may have printed it: a report of anything else after
 * those words decides, and who asks looks at how the process ended, too.
 */
bool refusal_of_sanitizer(struct strv text);

#endif
