/* Wants pixels at multiples of 4. */
#define COPY_ROW(out, in, bytes) memmove((void *)((uintptr_t)(out) & ~(uintptr_t)3), in, bytes)
#include "good.c"
