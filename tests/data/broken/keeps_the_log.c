/* Uses the log of the host that called the entry. */
#define LOG_OF(instance) (&entry_log)
#include "good.c"
