/* Counts pixels from the corner of the roi. */
#define ORIGIN(job) ((job)->roi)
#include "good.c"
