/* Other programs that a capsule takes: git, cp, tar, its own script. */
#include "base/prelude.h"
#include "bundle/internal.h"

#define TOOL_MS 600000
/* of a list of all files of a large tree */
#define OUTPUT_MAX ((size_t)256 << 20)

int bundle_run(const char *const *argv, const char *cwd, const char *const *env,
	struct proc_result *r, struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;

	spec.argv = argv;
	spec.cwd = cwd;
	spec.env = env;
	spec.out = PROC_CAPTURE;
	spec.err = PROC_CAPTURE;
	spec.wall_ms = TOOL_MS;
	spec.capture_max = OUTPUT_MAX;
	return proc_run(&spec, r, err);
}
