/* The program's start; all else is in the library, so that the tests can link it. */
#include "base/prelude.h"
#include "cli/cli.h"
#include "cli/commands.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv, commands);
}
