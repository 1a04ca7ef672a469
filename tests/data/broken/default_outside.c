/* A default outside of its range. */
#define AT_X_DEFAULT 1.5
#include "good.c"
