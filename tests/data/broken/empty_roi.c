/* Writes at least one column. */
#define IS_EMPTY(roi) ((roi)->w == 0 && (roi)->h == 0)
#define COLUMNS(roi) ((roi)->w < 1 ? 1 : (roi)->w)
#include "good.c"
