/* Takes NaN for a number. */
#define IS_BAD_NUMBER(value) 0
#include "good.c"
