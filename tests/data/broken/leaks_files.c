/* Leaves a file open for every instance. */
#define _DEFAULT_SOURCE
#include <unistd.h>
#define IS_EFFECT(id) (strcmp(id, "turn") == 0 && dup(0) != 0)
#include "good.c"
