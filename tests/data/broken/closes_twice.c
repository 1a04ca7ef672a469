/* Frees an instance as often as it is closed. */
#define FORGET(slot) (void)0
#include "good.c"
