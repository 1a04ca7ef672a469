/* Does not check whether the pictures overlap. */
#define CHECK_OVERLAP 0
#include "good.c"
