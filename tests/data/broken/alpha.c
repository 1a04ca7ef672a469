/* Takes alpha for a colour. */
#define CHANNELS 4
#include "good.c"
