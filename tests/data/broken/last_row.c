/* Forgets the last row. */
#define ROWS(roi) ((roi)->h > 8 ? (roi)->h - 1 : (roi)->h)
#include "good.c"
