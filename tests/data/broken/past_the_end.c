/* Touches the pixel behind each row. */
#define WORK(instance, row, bytes) (*(volatile unsigned char *)((row) + (bytes)) |= 0)
#include "good.c"
