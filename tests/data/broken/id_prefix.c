/* Compares as much of the id as it knows. */
#define IS_EFFECT(id) (strncmp(id, "turn", 4) == 0)
#include "good.c"
