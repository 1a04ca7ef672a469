/* Uses the input as scratch. */
#define COPY_ROW(out, in, bytes) (memmove(out, in, bytes), *(volatile unsigned char *)(in) |= 0)
#include "good.c"
