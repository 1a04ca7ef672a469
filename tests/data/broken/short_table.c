/* A table without its last field. */
#include <diat/plugin.h>
#define TABLE_SIZE offsetof(diat_plugin, extension)
#include "good.c"
