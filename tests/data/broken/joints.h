/* The joints of good.c: each is right here, and wrong in the file that defines it before including good.c. */
#ifndef JOINTS_H
#define JOINTS_H

#ifndef BEFORE_ANYTHING   /* runs first in every call */
#  define BEFORE_ANYTHING() (void)0
#endif
#ifndef SAME_TABLE
#  define SAME_TABLE(table) (table)
#endif
#ifndef IS_EFFECT
#  define IS_EFFECT(id) (strcmp(id, "turn") == 0)
#endif
#ifndef EFFECT_ID
#  define EFFECT_ID "turn"
#endif
#ifndef EFFECT_LABEL
#  define EFFECT_LABEL "Turn"
#endif
#ifndef FIRST_PARAM
#  define FIRST_PARAM &strength
#endif
#ifndef SHOW_CHOICES
#  define SHOW_CHOICES "result", "Result", "mask", "Mask", "transformed", "Transformed", "difference", "Difference"
#endif
#ifndef AT_X_DEFAULT
#  define AT_X_DEFAULT 0.5
#endif
#ifndef TABLE_SIZE
#  define TABLE_SIZE sizeof(diat_plugin)
#endif
#ifndef HAS   /* whether the host wrote a field */
#  define HAS(type, p, f) DIAT_HAS(type, p, f)
#endif
#ifndef SIZE_TO_COPY
#  define SIZE_TO_COPY(size, known) ((size) < (known) ? (size) : (known))
#endif
#ifndef TOO_SHORT
#  define TOO_SHORT(size, least) ((size) < (least))
#endif
#ifndef IS_NULL
#  define IS_NULL(p) ((p) == NULL)
#endif
#ifndef MESSAGE_ROOM
#  define MESSAGE_ROOM(size) (size)
#endif
#ifndef MISUSE
#  define MISUSE DIAT_HOST_MISUSE
#endif
#ifndef LOG_OF   /* of the instance's own host */
#  define LOG_OF(instance) (&(instance)->log)
#endif
#ifndef FREE_INSTANCE
#  define FREE_INSTANCE(instance) (free((instance)->points), free((instance)->faces), free((instance)->pointers), free(instance))
#endif
#ifndef FORGET
#  define FORGET(slot) ((slot)->instance = NULL)
#endif
#ifndef IS_OPEN
#  define IS_OPEN(slot, number) ((slot)->instance != NULL && (slot)->handle == (number))
#endif
#ifndef STRIDE
#  define STRIDE(image) ((image)->stride)
#endif
#ifndef IS_EMPTY
#  define IS_EMPTY(roi) ((roi)->w == 0 || (roi)->h == 0)
#endif
#ifndef ROWS
#  define ROWS(roi) ((roi)->h)
#endif
#ifndef COLUMNS
#  define COLUMNS(roi) ((roi)->w)
#endif
#ifndef COPY_ROW
#  define COPY_ROW(out, in, bytes) memmove(out, in, bytes)
#endif
#ifndef CHANNELS
#  define CHANNELS 3
#endif
#ifndef ORIGIN   /* what pixels are counted from */
#  define ORIGIN(job) ((job)->in->rect)
#endif
#ifndef WORK   /* on one row of the result */
#  define WORK(instance, row, bytes) (void)0
#endif
#ifndef STRENGTH
#  define STRENGTH(value) (value)
#endif
#ifndef CLAMP
#  define CLAMP(value, least, most) ((value) < (least) ? (least) : (value) > (most) ? (most) : (value))
#endif
#ifndef DEFAULT
#  define DEFAULT(param) ((param)->def)
#endif
#ifndef MOST_VALUES
#  define MOST_VALUES N_PARAMS
#endif
#ifndef IS_BAD_NUMBER
#  define IS_BAD_NUMBER(value) ((value) != (value))
#endif
#ifndef IS_BAD_POINT
#  define IS_BAD_POINT(value) (!isfinite(value))
#endif
#ifndef PROGRESS
#  define PROGRESS(call, done) progress(call, done)
#endif
#ifndef CANCELS
#  define CANCELS(answer) ((answer) != 0)
#endif
#ifndef CHECK_PICTURE   /* sizes and addresses */
#  define CHECK_PICTURE 1
#endif
#ifndef CHECK_ROI
#  define CHECK_ROI 1
#endif
#ifndef CHECK_OVERLAP
#  define CHECK_OVERLAP 1
#endif
#ifndef CHECK_FORMAT
#  define CHECK_FORMAT 1
#endif
#ifndef UNCHANGED
#  define UNCHANGED(changed) (!(changed))
#endif
#ifndef STORE_F32
#  define STORE_F32(value) (float)(value)
#endif
#ifndef REPORT_BEFORE_RENDER
#  define REPORT_BEFORE_RENDER(instance) (&(instance)->report)
#endif
#ifndef EXTENSION
#  define EXTENSION(id, name) (strcmp(id, name) == 0)
#endif
#ifndef READ_WEIGHTS
#  define READ_WEIGHTS(host) (void)0
#endif

#endif
