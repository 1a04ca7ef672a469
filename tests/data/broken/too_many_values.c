/* Reads as many values as it is told. */
#define MOST_VALUES UINT32_MAX
#include "good.c"
