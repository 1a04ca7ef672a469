/* Adds the corner of the picture twice. */
#define ORIGIN(job) ((void)(job), (diat_rect){0, 0, 0, 0})
#include "good.c"
