/* All instances work in one row. */
#define _DEFAULT_SOURCE
#include <string.h>
#include <unistd.h>
static unsigned char scratch[1 << 16];
#define WORK(instance, row, bytes) (memcpy(scratch, row, bytes), usleep(20), (void)memcpy(row, scratch, bytes))
#include "good.c"
