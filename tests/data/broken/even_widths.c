/* Cannot do with odd widths. */
#include <stdlib.h>
#define COLUMNS(roi) ((roi)->w % 2 ? (abort(), 0) : (roi)->w)
#include "good.c"
