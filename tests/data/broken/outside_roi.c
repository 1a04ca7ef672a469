/* Writes a pixel more than each row of the roi has. */
#define WORK(instance, row, bytes) (void)memset((row) + (bytes), 7, 4)
#include "good.c"
