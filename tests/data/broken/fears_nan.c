/* Ends at the first NaN. */
#define STORE_F32(value) ((value) != (value) ? (abort(), 0.0f) : (float)(value))
#include "good.c"
