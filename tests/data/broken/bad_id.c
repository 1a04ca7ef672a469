/* An id outside of the grammar. */
#define EFFECT_ID "Turn_it"
#define IS_EFFECT(id) (strcmp(id, "Turn_it") == 0)
#include "good.c"
