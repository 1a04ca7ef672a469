/* Compiles only where plugin.h has the frozen layouts: cc -std=c11 -Iinclude -c layout/check.c */
#include "diat/plugin.h"

#define SIZE(type, bytes) _Static_assert(sizeof(type) >= (bytes), #type " became smaller");
#define FROZEN(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " is frozen");
#define FIELD(type, field, offset, bytes)                                            \
  _Static_assert(offsetof(type, field) == (offset), #type "." #field " moved");      \
  _Static_assert(sizeof(((type *)0)->field) == (bytes), #type "." #field " changed its size");
#define VALUE(name, number) _Static_assert((name) == (number), #name " changed its number");

#if UINTPTR_MAX == UINT64_MAX
#include "v1.0/layout.inc"
#endif
