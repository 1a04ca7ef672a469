/* Counts its calls in a label. */
static char label[] = "Turn 0";
#define EFFECT_LABEL label
#define BEFORE_ANYTHING() (void)label[5]++
#include "good.c"
