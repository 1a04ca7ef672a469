/* Another parameter stands where strength should. */
#define FIRST_PARAM &radius
#include "good.c"
