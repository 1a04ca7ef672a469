/* Does more than all. */
#define PROGRESS(call, done) progress(call, 2 * (done))
#include "good.c"
