/* Takes any numbers for points. */
#define IS_BAD_POINT(value) 0
#include "good.c"
