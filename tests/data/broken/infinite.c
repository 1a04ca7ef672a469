/* Divides by nothing. */
#define STORE_F32(value) (float)(1.0 / ((value) - (value)))
#include "good.c"
