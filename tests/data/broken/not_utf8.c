/* A label in Latin-1. */
#define EFFECT_LABEL "T\xfcrn"
#include "good.c"
