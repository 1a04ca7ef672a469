/* Takes its time to list. */
#define _DEFAULT_SOURCE
#include <unistd.h>
#define SAME_TABLE(table) (usleep(150000), (table))
#include "good.c"
