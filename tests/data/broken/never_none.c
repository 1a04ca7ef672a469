/* Does a little even at strength 0. */
#define STRENGTH(value) (0.25 + 0.75 * (value))
#include "good.c"
