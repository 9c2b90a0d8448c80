/* The commands, in the order in which help shows them: the order in which a newcomer meets them. */
#include "base/prelude.h"
#include "cli/commands.h"

const struct cmd *const commands[] = {
	&cmd_init,
	&cmd_doctor,
	&cmd_help,
	NULL,
};
