/* Other programs that a capsule takes: git, cp, tar, its own script. */
#include "base/prelude.h"
#include "bundle/internal.h"

#define TOOL_MS 600000
/* of a list of all files of a large tree */
#define OUTPUT_MAX ((size_t)256 << 20)

static struct proc_spec describe(const char *const *argv, const char *cwd, const char *const *env)
{
	struct proc_spec spec = PROC_SPEC_INIT;

	spec.argv = argv;
	spec.cwd = cwd;
	spec.env = env;
	spec.out = PROC_CAPTURE;
	spec.err = PROC_CAPTURE;
	spec.wall_ms = TOOL_MS;
	return spec;
}

int bundle_run(const char *const *argv, const char *cwd, const char *const *env,
	struct proc_result *r, struct err *err)
{
	struct proc_spec spec = describe(argv, cwd, env);

	spec.capture_max = OUTPUT_MAX;
	return proc_run(&spec, r, err);
}

int bundle_run_confined(const char *const *argv, const char *dir, const char *const *env,
	enum sandbox_policy policy, struct proc_result *r, struct err *err)
{
	struct proc_spec spec = describe(argv, dir, env);
	const char *writable[] = { dir, NULL };

	spec.writable = writable;
	spec.confine = policy == SANDBOX_OFF ? PROC_FREE : PROC_CONFINED;
	spec.confine_wholly = policy == SANDBOX_REQUIRED;
	return proc_run(&spec, r, err);
}
