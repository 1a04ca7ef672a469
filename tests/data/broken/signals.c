/* Wants no interruption. */
#define _DEFAULT_SOURCE
#include <signal.h>
#define BEFORE_ANYTHING() (void)signal(SIGINT, SIG_IGN)
#include "good.c"
