/* Works where it likes. */
#define _DEFAULT_SOURCE
#include <unistd.h>
#define BEFORE_ANYTHING() (void)!chdir("/")
#include "good.c"
