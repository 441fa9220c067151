#include "cmd/cmd.h"
#include "core/db/interrupt.h"

int
main(int argc, char **argv)
{
	sd_interrupt_catch();
	return sd_main(argc, argv, stdout, stderr);
}
