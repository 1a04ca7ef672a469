/* Takes missing values for 0. */
#define DEFAULT(param) 0.0
#include "good.c"
