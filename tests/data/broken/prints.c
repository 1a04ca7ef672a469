/* Greets on every call. */
#include <stdio.h>
#define BEFORE_ANYTHING() (void)puts("hello")
#include "good.c"
