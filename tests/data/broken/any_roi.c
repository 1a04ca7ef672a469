/* Does not check the roi. */
#define CHECK_ROI 0
#include "good.c"
