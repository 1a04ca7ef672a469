/* Takes only one of the numbers for a wish to stop. */
#define CANCELS(answer) ((answer) == 1)
#include "good.c"
