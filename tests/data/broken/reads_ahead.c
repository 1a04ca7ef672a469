/* Takes every host to be as new as itself. */
#define HAS(type, p, f) 1
#include "good.c"
