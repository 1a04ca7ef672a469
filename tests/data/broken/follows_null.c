/* Believes every pointer. */
#define IS_NULL(p) 0
#include "good.c"
