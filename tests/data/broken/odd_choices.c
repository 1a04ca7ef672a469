/* The last choice has no label. */
#define SHOW_CHOICES "result", "Result", "mask", "Mask", "transformed", "Transformed", "difference"
#include "good.c"
