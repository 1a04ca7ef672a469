/* Takes values as they come. */
#define CLAMP(value, least, most) (value)
#include "good.c"
