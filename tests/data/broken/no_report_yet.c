/* Has no report before the first render. */
#define REPORT_BEFORE_RENDER(instance) NULL
#include "good.c"
