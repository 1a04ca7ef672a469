/* Keeps instances that were closed. */
#define FREE_INSTANCE(instance) (void)(instance)
#include "good.c"
