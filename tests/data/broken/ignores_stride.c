/* Takes rows to be packed. */
#define STRIDE(image) ((ptrdiff_t)((size_t)(image)->rect.w * bytes_per_pixel(image)))
#include "good.c"
