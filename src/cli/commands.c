/* The commands, in the order in which help shows them: the order in which a newcomer meets them. */
#include "base/prelude.h"
#include "cli/commands.h"

const struct cmd *const commands[] = {
	&cmd_init,
	&cmd_doctor,
	&cmd_build,
	&cmd_check,
	&cmd_run,
	&cmd_edge,
	&cmd_replay,
	&cmd_triage,
	&cmd_minimize,
	&cmd_distill,
	&cmd_cover,
	&cmd_import,
	&cmd_corpus,
	&cmd_dict,
	&cmd_bugs,
	&cmd_show,
	&cmd_regress,
	&cmd_verify,
	&cmd_debug,
	&cmd_bisect,
	&cmd_export,
	&cmd_merge,
	&cmd_split,
	&cmd_ignore,
	&cmd_status,
	&cmd_worker,
	&cmd_help,
	NULL,
};
