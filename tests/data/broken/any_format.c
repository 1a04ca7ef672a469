/* Does not check formats. */
#define CHECK_FORMAT 0
#include "good.c"
