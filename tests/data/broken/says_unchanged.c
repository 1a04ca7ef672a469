/* Says that nothing changed, whatever it did. */
#define UNCHANGED(changed) ((void)(changed), 1)
#include "good.c"
