/* Never comes back. */
#define _DEFAULT_SOURCE
#include <unistd.h>
#define STRENGTH(value) (pause(), (value))
#include "good.c"
