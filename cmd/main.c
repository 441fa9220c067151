#include "cmd/cmd.h"

int
main(int argc, char **argv)
{
	return sd_main(argc, argv, stdout, stderr);
}
