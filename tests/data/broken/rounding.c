/* Rounds upwards from now on. */
#include <fenv.h>
#define BEFORE_ANYTHING() (void)fesetround(FE_UPWARD)
#include "good.c"
