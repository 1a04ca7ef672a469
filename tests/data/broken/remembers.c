/* Does less every other time. */
static unsigned renders;
#define STRENGTH(value) ((value) * (renders++ % 2 ? 0.5 : 1.0))
#include "good.c"
