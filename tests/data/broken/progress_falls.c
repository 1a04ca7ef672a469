/* Counts down. */
#define PROGRESS(call, done) progress(call, 1 - (done))
#include "good.c"
