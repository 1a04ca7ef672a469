/* Does not check rects and strides. */
#define CHECK_PICTURE 0
#include "good.c"
