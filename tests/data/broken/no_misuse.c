/* Tells of mistakes as if they were news. */
#define MISUSE DIAT_INFO
#include "good.c"
