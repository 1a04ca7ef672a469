/* Exports a helper beside its entry. */
__attribute__((visibility("default"))) int turn_helper(void);
int turn_helper(void) { return 7; }
#include "good.c"
