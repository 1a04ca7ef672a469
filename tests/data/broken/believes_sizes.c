/* Takes a struct of any size. */
#define TOO_SHORT(size, least) 0
#include "good.c"
