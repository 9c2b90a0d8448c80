/* The program's start; all else is in the library, so that the tests can link it. */
#include "base/prelude.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "survey/record.h"

int main(int argc, char **argv)
{
	/* in a build that thresh init has a look at, it stands in for the compilers */
	if (record_asked(argv[0]))
		return record_main(argc, argv);
	return cli_main(argc, argv, commands);
}
