/* Takes over the locale of the user. */
#include <locale.h>
#define BEFORE_ANYTHING() (void)setlocale(LC_ALL, "")
#include "good.c"
