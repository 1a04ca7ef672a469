/* Compares as much of the extension as it knows. */
#define EXTENSION(id, name) (strncmp(id, name, strlen(name)) == 0)
#include "good.c"
