/* Likes no host. */
#define SAME_TABLE(table) ((void)(table), NULL)
#include "good.c"
