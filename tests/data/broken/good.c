/* A whole plug-in in C that keeps the contract: its one effect turns the colours around inside a disc about each face's nose.
 *
 * The files beside it break one promise each: they define one of the joints in joints.h otherwise and include this file.
 * `diat validate` finds nothing wrong with this one, and in each of the others the check that names what is broken. */
#define _DEFAULT_SOURCE
#include <diat/plugin.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "joints.h"

/* ---- what there is -------------------------------------------------------------------------------------------------------------- */

static const char *const show_choices[] = {SHOW_CHOICES, NULL};
static const char *const faces_choices[] = {"all", "All", "largest", "Largest", "nearest", "Nearest", NULL};
static const char *const device_choices[] = {"auto",   "Auto",   "cpu",    "CPU",    "cuda:0", "CUDA 0", "cuda:1",
                                             "CUDA 1", "cuda:2", "CUDA 2", "cuda:3", "CUDA 3", "cuda:4", "CUDA 4",
                                             "cuda:5", "CUDA 5", "cuda:6", "CUDA 6", "cuda:7", "CUDA 7", NULL};

#define CHOICE(id, most, choices) \
  {sizeof(diat_param), DIAT_PARAM_INTEGER | DIAT_PARAM_CHOICE, id, id, "", "", 0, most, 0, most, 1, NAN, 0, choices}
#define SHARE(id, neutral, def) {sizeof(diat_param), 0, id, id, "", "", 0, 1, 0, 1, 0.01, neutral, def, NULL}

static const diat_param strength = SHARE("strength", 0, 1);
static const diat_param show = CHOICE("show", 3, show_choices);
static const diat_param faces = CHOICE("faces", 2, faces_choices);
static const diat_param at_x = SHARE("at-x", NAN, AT_X_DEFAULT);
static const diat_param at_y = SHARE("at-y", NAN, 0.5);
static const diat_param device = CHOICE("device", 9, device_choices);
static const diat_param radius = {sizeof(diat_param), 0, "radius", "Radius", "", "eye distances", 0, 4, 0, 2, 0.1, 0, 0.8, NULL};

#define N_PARAMS 7
static const diat_param *const params[N_PARAMS + 1] = {FIRST_PARAM, &show, &faces, &at_x, &at_y, &device, &radius, NULL};
static const diat_effect turn = {sizeof turn, DIAT_EFFECT_WHOLE_INPUT | DIAT_EFFECT_IN_PLACE, EFFECT_ID, EFFECT_LABEL,
                                 "Test", "Turns colours around.", "0.1.0", "MIT", params};
static const diat_effect *const effects[] = {&turn, NULL};

/* ---- instances: a handle is a number, so that a closed one is found out --------------------------------------------------------- */

typedef struct host_log {
  void (*line)(void *ctx, int32_t level, const char *text);
  void *ctx;
} host_log;

struct diat_instance {
  host_log log;
  double *points;   /* ten for each of n_faces */
  uint32_t n_faces;
  uint32_t rendered;
  diat_face *faces;
  const diat_face **pointers;
  diat_report report;
};

typedef struct slot {
  uintptr_t handle;
  diat_instance *instance;
} slot;

static slot slots[64];
static uintptr_t next_handle = 1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static host_log entry_log;

static diat_instance *find(diat_instance *handle) {
  diat_instance *found = NULL;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
    if (IS_OPEN(&slots[i], (uintptr_t)handle)) found = slots[i].instance;
  pthread_mutex_unlock(&lock);
  return found;
}

static diat_instance *add(diat_instance *instance) {
  uintptr_t handle = 0;
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < sizeof slots / sizeof *slots && handle == 0; i++)
    if (slots[i].instance == NULL) {
      handle = slots[i].handle = next_handle;
      slots[i].instance = instance;
      next_handle += 2;
    }
  pthread_mutex_unlock(&lock);
  return (diat_instance *)handle;
}

static host_log log_of(const diat_host *host) {
  host_log log = {NULL, NULL};
  if (HAS(diat_host, host, log)) {
    log.line = host->log;
    log.ctx = host->ctx;
  }
  return log;
}

/* ---- mistakes --------------------------------------------------------------------------------------------------------------------- */

typedef struct complaint {
  char *message;
  size_t size;
  const host_log *log;
} complaint;

static diat_status fail(const complaint *to, diat_status status, const char *text) {
  size_t room = MESSAGE_ROOM(to->size);
  if (to->message != NULL && to->size > 0) {
    size_t length = strlen(text);
    if (length > room - 1) length = room - 1;
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) length--;
    memcpy(to->message, text, length);
    to->message[length] = 0;
  }
  if (to->log != NULL && to->log->line != NULL && text[0] != 0) to->log->line(to->log->ctx, MISUSE, text);
  return status;
}

static diat_status done(const complaint *to, diat_status status) {
  if (to->message != NULL && to->size > 0) to->message[0] = 0;
  return status;
}

/* ---- one render --------------------------------------------------------------------------------------------------------------------- */

typedef struct call {
  diat_instance *instance;
  diat_job job;
  diat_image in, out;
  double values[N_PARAMS];
} call;

/* Copies what the host wrote and leaves the rest zero. */
static int copy(void *to, const void *from, uint32_t known, uint32_t least) {
  uint32_t size;
  memset(to, 0, known);
  if (IS_NULL(from)) return 0;
  memcpy(&size, from, sizeof size);
  if (TOO_SHORT(size, least)) return 0;
  memcpy(to, from, SIZE_TO_COPY(size, known));
  return 1;
}

static size_t bytes_per_pixel(const diat_image *image) {
  return image->format == DIAT_RGBA_U8 ? 4 : image->format == DIAT_RGBA_U16 ? 8 : 16;
}

/* All bytes from the first to the last pixel, or 0 if there can be no such picture. */
static int extent(const diat_image *image, uintptr_t *from, uintptr_t *to) {
  const diat_rect *rect = &image->rect;
  uintptr_t row, step, reach, start = (uintptr_t)image->data;
  if (IS_NULL(image->data)) return 0;
  if (rect->w < 1 || rect->h < 1 || rect->x > INT32_MAX - rect->w || rect->y > INT32_MAX - rect->h) return 0;
  row = (uintptr_t)rect->w * bytes_per_pixel(image);
  step = image->stride < 0 ? (uintptr_t)0 - (uintptr_t)image->stride : (uintptr_t)image->stride;
  if (rect->h == 1) step = row;
  if (step < row || (rect->h > 1 && step > (PTRDIFF_MAX - row) / (uintptr_t)(rect->h - 1))) return 0;
  reach = (uintptr_t)(rect->h - 1) * step;
  if (image->stride < 0 && rect->h > 1 ? start <= reach : start > UINTPTR_MAX - reach - row) return 0;
  *from = image->stride < 0 && rect->h > 1 ? start - reach : start;
  *to = *from + reach + row;
  return 1;
}

static int inside(const diat_rect *roi, const diat_rect *rect) {
  return roi->x >= rect->x && roi->y >= rect->y && (int64_t)roi->x + roi->w <= (int64_t)rect->x + rect->w &&
         (int64_t)roi->y + roi->h <= (int64_t)rect->y + rect->h;
}

static diat_status check_pictures(const call *call, const complaint *to) {
  const diat_image *in = &call->in, *out = &call->out;
  const diat_rect *roi = &call->job.roi;
  uintptr_t in_from = 0, in_to = 0, out_from = 0, out_to = 0;
  int same;
  if (CHECK_FORMAT && (in->format < 1 || in->format > 3 || in->alpha > 2)) return fail(to, DIAT_E_FORMAT, "an unknown format");
  if (CHECK_FORMAT && (in->format != out->format || in->alpha != out->alpha || in->transfer != out->transfer ||
                       in->primaries != out->primaries))
    return fail(to, DIAT_E_FORMAT, "in and out differ");
  if (CHECK_PICTURE && (!extent(in, &in_from, &in_to) || !extent(out, &out_from, &out_to)))
    return fail(to, DIAT_E_ARGUMENT, "a picture that cannot be");
  same = in->data == out->data && in->stride == out->stride && memcmp(&in->rect, &out->rect, sizeof in->rect) == 0;
  if (CHECK_OVERLAP && !same && in_from < out_to && out_from < in_to) return fail(to, DIAT_E_ARGUMENT, "in and out overlap");
  if (CHECK_ROI && (roi->w < 0 || roi->h < 0)) return fail(to, DIAT_E_ARGUMENT, "a negative roi");
  if (CHECK_ROI && roi->w > 0 && roi->h > 0 && (!inside(roi, &in->rect) || !inside(roi, &out->rect)))
    return fail(to, DIAT_E_ARGUMENT, "a roi outside of the pictures \xc3\xa4");
  return DIAT_OK;
}

static diat_status read_job(diat_instance *instance, const diat_job *job, call *call, complaint *to) {
  if (!copy(&call->job, job, sizeof call->job, offsetof(diat_job, time))) return fail(to, DIAT_E_ARGUMENT, "no job");
  to->message = call->job.message;
  to->size = call->job.message_size;
  if (IS_NULL(instance)) return fail(to, DIAT_E_ARGUMENT, "there is no such instance");
  to->log = LOG_OF(instance);
  call->instance = instance;
  if (!copy(&call->in, call->job.in, sizeof call->in, offsetof(diat_image, alpha)) ||
      !copy(&call->out, call->job.out, sizeof call->out, offsetof(diat_image, alpha)))
    return fail(to, DIAT_E_ARGUMENT, "no picture");
  call->job.in = &call->in;
  call->job.out = &call->out;
  if (call->job.n_values > MOST_VALUES) return fail(to, DIAT_E_ARGUMENT, "more values than parameters");
  if (call->job.n_values > 0 && IS_NULL(call->job.values)) return fail(to, DIAT_E_ARGUMENT, "no values");
  for (uint32_t i = 0; i < N_PARAMS; i++) {
    double value = i < call->job.n_values ? call->job.values[i] : DEFAULT(params[i]);
    if (IS_BAD_NUMBER(value)) return fail(to, DIAT_E_ARGUMENT, "a value is NaN");
    call->values[i] = CLAMP(value, params[i]->min, params[i]->max);
    if (params[i]->flags & DIAT_PARAM_INTEGER) call->values[i] = floor(call->values[i] + 0.5);
  }
  return check_pictures(call, to);
}

static int progress(const call *call, float done) {
  return call->job.progress != NULL && CANCELS(call->job.progress(call->job.ctx, done, "turn"));
}

static double load(const void *sample, uint32_t format) {
  uint16_t word;
  float number;
  if (format == DIAT_RGBA_U8) return *(const uint8_t *)sample / 255.0;
  if (format == DIAT_RGBA_U16) return memcpy(&word, sample, sizeof word), word / 65535.0;
  return memcpy(&number, sample, sizeof number), number;
}

static void store(void *sample, uint32_t format, double value) {
  double share = value > 0 ? value < 1 ? value : 1 : 0;
  uint16_t word = (uint16_t)floor(share * 65535.0 + 0.5);
  float number = STORE_F32(value);
  if (format == DIAT_RGBA_U8) *(uint8_t *)sample = (uint8_t)floor(share * 255.0 + 0.5);
  if (format == DIAT_RGBA_U16) memcpy(sample, &word, sizeof word);
  if (format == DIAT_RGBA_F32) memcpy(sample, &number, sizeof number);
}

/* Whether the pixel is in the disc of a face. */
static int in_disc(const call *call, int32_t x, int32_t y) {
  for (uint32_t face = 0; face < call->instance->n_faces; face++) {
    const double *p = call->instance->points + 10 * face;
    double eyes = hypot(p[2] - p[0], p[3] - p[1]);
    if (hypot(x + 0.5 - p[4], y + 0.5 - p[5]) < eyes * call->values[DIAT_FIRST_OWN]) return 1;
  }
  return 0;
}

/* What one colour becomes where the mask is as given. */
static double turned(const call *call, double colour, double white, int mask) {
  double result = mask ? colour + call->values[DIAT_STRENGTH] * (white - 2 * colour) : colour;
  switch ((int)call->values[DIAT_SHOW]) {
    case DIAT_SHOW_MASK: return mask ? white : 0;
    case DIAT_SHOW_TRANSFORMED: return white - colour;
    case DIAT_SHOW_DIFFERENCE: return 0.5 + (result - colour) / 2;
    default: return result;
  }
}

/* Works on one row of the roi; whether anything changed. */
static int turn_row(const call *call, int32_t y, unsigned char *out, const unsigned char *in) {
  const diat_rect *roi = &call->job.roi;
  size_t pixel = bytes_per_pixel(&call->in), sample = pixel / 4;
  int shows_all = call->values[DIAT_SHOW] != DIAT_SHOW_RESULT, changed = 0;
  const diat_rect origin = ORIGIN(&call->job);
  COPY_ROW(out, in, (size_t)COLUMNS(roi) * pixel);
  for (int32_t i = 0; i < COLUMNS(roi); i++) {
    int32_t x = roi->x + i - origin.x + call->in.rect.x;
    int mask = in_disc(call, x, y - origin.y + call->in.rect.y);
    double white = call->in.alpha == DIAT_ALPHA_PREMULTIPLIED ? load(out + i * pixel + 3 * sample, call->in.format) : 1;
    for (size_t c = 0; c < CHANNELS && (mask || shows_all); c++) {
      unsigned char before[4], *at = out + i * pixel + c * sample;
      memcpy(before, at, sample);
      store(at, call->in.format, turned(call, load(at, call->in.format), white, mask));
      changed |= memcmp(before, at, sample) != 0;
    }
  }
  WORK(call->instance, out, (size_t)roi->w * pixel);
  return changed;
}

static void report_faces(diat_instance *instance) {
  for (uint32_t face = 0; face < instance->n_faces; face++) {
    diat_face *to = &instance->faces[face];
    const double *p = instance->points + 10 * face;
    memset(to, 0, sizeof *to);
    to->size = sizeof *to;
    memcpy(to->points, p, sizeof to->points);
    to->x = p[0];
    to->y = p[1];
    to->w = fabs(p[8] - p[0]);
    to->h = fabs(p[9] - p[1]);
    to->confidence = 1;
    to->score_before = to->score_after = NAN;
    instance->pointers[face] = to;
  }
  instance->report.n_faces = instance->n_faces;
  instance->report.faces = instance->pointers;
  instance->rendered++;
}

static diat_status render(diat_instance *handle, const diat_job *job) {
  diat_instance *instance = find(handle);
  complaint to = {NULL, 0, NULL};
  call call;
  diat_status status;
  size_t pixel;
  int changed = 0;
  BEFORE_ANYTHING();
  status = read_job(instance, job, &call, &to);
  if (status < 0) return status;
  if (IS_EMPTY(&call.job.roi)) return done(&to, DIAT_UNCHANGED);
  report_faces(instance);
  call.values[DIAT_STRENGTH] = STRENGTH(call.values[DIAT_STRENGTH]);
  pixel = bytes_per_pixel(&call.in);
  for (int32_t row = 0; row < ROWS(&call.job.roi); row++) {
    const diat_rect *roi = &call.job.roi;
    ptrdiff_t in_x = (ptrdiff_t)roi->x - call.in.rect.x, out_x = (ptrdiff_t)roi->x - call.out.rect.x;
    ptrdiff_t in_y = (ptrdiff_t)roi->y - call.in.rect.y + row, out_y = (ptrdiff_t)roi->y - call.out.rect.y + row;
    unsigned char *in = (unsigned char *)call.in.data + in_y * call.in.stride + in_x * (ptrdiff_t)pixel;
    unsigned char *out = (unsigned char *)call.out.data + out_y * STRIDE(&call.out) + out_x * (ptrdiff_t)pixel;
    if (row % 16 == 0 && PROGRESS(&call, (float)row / (float)roi->h)) return done(&to, DIAT_CANCELLED);
    changed |= turn_row(&call, roi->y + row, out, in);
  }
  if (PROGRESS(&call, 1)) return done(&to, DIAT_CANCELLED);
  return done(&to, UNCHANGED(changed) ? DIAT_UNCHANGED : DIAT_OK);
}

/* ---- the other functions ------------------------------------------------------------------------------------------------------------ */

static diat_status open_effect(const char *id, const diat_host *host, diat_instance **instance, char *message, size_t size) {
  complaint to = {message, size, NULL};
  host_log log;
  diat_instance *made;
  BEFORE_ANYTHING();
  if (IS_NULL(instance)) return fail(&to, DIAT_E_ARGUMENT, "no place for the instance");
  *instance = NULL;
  if (IS_NULL(host) || TOO_SHORT(host->size, 8)) return fail(&to, DIAT_E_ARGUMENT, "no host");
  log = log_of(host);
  to.log = &log;
  if (IS_NULL(id) || !IS_EFFECT(id)) return fail(&to, DIAT_E_ARGUMENT, "there is no such effect \xc3\xa4\xc3\xb6");
  READ_WEIGHTS(host);
  made = calloc(1, sizeof *made);
  if (made == NULL) return fail(&to, DIAT_E_MEMORY, "no memory");
  made->log = log;
  made->report.size = sizeof made->report;
  made->report.runtime = made->report.device = made->report.notes = "";
  *instance = add(made);
  if (*instance == NULL) return free(made), fail(&to, DIAT_E_MEMORY, "too many instances");
  return done(&to, DIAT_OK);
}

static void close_instance(diat_instance *handle) {
  diat_instance *instance = NULL;
  BEFORE_ANYTHING();
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
    if (IS_OPEN(&slots[i], (uintptr_t)handle)) {
      instance = slots[i].instance;
      FORGET(&slots[i]);
    }
  pthread_mutex_unlock(&lock);
  if (instance != NULL) FREE_INSTANCE(instance);
}

static diat_status last(diat_instance *handle, const diat_report **report) {
  diat_instance *instance = find(handle);
  if (IS_NULL(report)) return DIAT_E_ARGUMENT;
  *report = NULL;
  if (IS_NULL(instance)) return DIAT_E_ARGUMENT;
  *report = instance->rendered ? &instance->report : REPORT_BEFORE_RENDER(instance);
  return DIAT_OK;
}

static diat_status set(diat_instance *handle, const double *points, uint32_t n_faces) {
  diat_instance *instance = find(handle);
  double *copied;
  if (IS_NULL(instance) || n_faces > 1024 || (n_faces > 0 && IS_NULL(points))) return DIAT_E_ARGUMENT;
  for (uint32_t i = 0; i < 10 * n_faces; i++)
    if (IS_BAD_POINT(points[i])) return DIAT_E_ARGUMENT;
  copied = malloc(10 * sizeof *copied * n_faces + 1);
  if (copied == NULL) return DIAT_E_MEMORY;
  memcpy(copied, points == NULL ? copied : points, 10 * sizeof *copied * n_faces);
  free(instance->points);
  free(instance->faces);
  free(instance->pointers);
  instance->points = copied;
  instance->n_faces = n_faces;
  instance->faces = malloc(n_faces * sizeof *instance->faces + 1);
  instance->pointers = malloc(n_faces * sizeof *instance->pointers + 1);
  instance->report.n_faces = 0;
  return instance->faces == NULL || instance->pointers == NULL ? DIAT_E_MEMORY : DIAT_OK;
}

static const diat_report_extension report_extension = {sizeof report_extension, 0, last};
static const diat_faces_extension faces_extension = {sizeof faces_extension, 0, set};

static const void *extension(const char *id) {
  BEFORE_ANYTHING();
  if (IS_NULL(id)) return NULL;
  if (EXTENSION(id, DIAT_EXTENSION_REPORT)) return &report_extension;
  if (EXTENSION(id, DIAT_EXTENSION_FACES)) return &faces_extension;
  return NULL;
}

static const diat_plugin table = {TABLE_SIZE, DIAT_ABI_MINOR, "good", "0.1.0", "the diat project", "", "MIT OR Apache-2.0",
                                  effects,    open_effect,    render, close_instance, extension};

__attribute__((visibility("default"))) const diat_plugin *diat_plugin_v1(const diat_host *host) {
  BEFORE_ANYTHING();
  if (IS_NULL(host) || TOO_SHORT(host->size, 8)) return NULL;
  entry_log = log_of(host);
  return SAME_TABLE(&table);
}
