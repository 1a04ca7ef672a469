/* Ends the program where something is not to its liking. */
#define STRENGTH(value) (exit(0), (value))
#include "good.c"
