/* Writes more than the buffer has room for. */
#define MESSAGE_ROOM(size) ((size) + 8)
#include "good.c"
