#include "cmd/cmd.h"
#include "core/db/interrupt.h"

#include <signal.h>

int
main(int argc, char **argv)
{
	int code;

	sd_interrupt_catch();
	code = sd_main(argc, argv, stdout, stderr);
	if (sd_interrupted()) { /* the shell shall know why it ended */
		(void)signal(sd_interrupted(), SIG_DFL);
		(void)raise(sd_interrupted());
	}
	return code;
}
