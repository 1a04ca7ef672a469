/* Every mistake of a host's that can be seen gets its status, a message and a line in the log, and the process lives on. */
#include "host.h"
#include <pthread.h>

static diat_instance *instance;
static unsigned char in_pixels[2 * BYTES], out_pixels[BYTES];
static diat_image in, out;
static diat_job job;
static double values[6];
static char message[256];

static void reset(void) {
  static const double defaults[6] = {1, DIAT_SHOW_RESULT, DIAT_FACES_ALL, 0.5, 0.5, DIAT_DEVICE_CPU};
  memcpy(values, defaults, sizeof values);
  in = image(in_pixels);
  out = image(out_pixels);
  job = render_job(&in, &out);
  job.n_values = 6;
  job.values = values;
  job.message = message;
  job.message_size = sizeof message;
  memset(message, '#', sizeof message);
  misuse_lines = 0;
}

static void expect(const char *name, diat_status wanted, diat_status got) {
  int mistake = wanted == DIAT_E_ARGUMENT || wanted == DIAT_E_FORMAT;
  checks++;
  if (got != wanted || (mistake && misuse_lines == 0)) {
    failures++;
    printf("misuse.c: %s: status %d instead of %d, %d lines in the log\n", name, (int)got, (int)wanted, misuse_lines);
  }
}

/* One render with one thing changed. */
#define RENDER(name, wanted, change)                                                                       \
  do {                                                                                                     \
    reset();                                                                                               \
    change;                                                                                                \
    expect(name, wanted, plugin->render(instance, &job));                                                  \
    CHECK(memchr(message, 0, sizeof message) != NULL, name);                                               \
    CHECK((message[0] != 0) == (wanted < 0), name);                                                        \
  } while (0)

static void bad_jobs(void) {
  const double inf = HUGE_VAL;
  RENDER("nothing wrong", DIAT_OK, (void)0);
  RENDER("in place", DIAT_OK, in = out);
  RENDER("no values", DIAT_OK, (job.n_values = 0, job.values = NULL));
  RENDER("two values", DIAT_OK, job.n_values = 2);
  RENDER("values far outside", DIAT_OK, (values[0] = 1e300, values[2] = -inf, values[3] = inf, values[5] = 1));
  RENDER("no roi", DIAT_UNCHANGED, job.roi.w = 0);
  RENDER("strength 0", DIAT_UNCHANGED, values[0] = 0);

  RENDER("values are null", DIAT_E_ARGUMENT, job.values = NULL);
  RENDER("too many values", DIAT_E_ARGUMENT, job.n_values = 7);
  RENDER("far too many values", DIAT_E_ARGUMENT, job.n_values = UINT32_MAX);
  RENDER("first value is NaN", DIAT_E_ARGUMENT, values[0] = NAN);
  RENDER("last value is NaN", DIAT_E_ARGUMENT, values[5] = NAN);

  RENDER("in is null", DIAT_E_ARGUMENT, job.in = NULL);
  RENDER("out is null", DIAT_E_ARGUMENT, job.out = NULL);
  RENDER("in's size is 0", DIAT_E_ARGUMENT, in.size = 0);
  RENDER("out's size ends before the stride", DIAT_E_ARGUMENT, out.size = 39);
  RENDER("in's data are null", DIAT_E_ARGUMENT, in.data = NULL);
  RENDER("out's data are null", DIAT_E_ARGUMENT, out.data = NULL);

  RENDER("format 0", DIAT_E_FORMAT, in.format = out.format = 0);
  RENDER("format 4", DIAT_E_FORMAT, in.format = out.format = 4);
  RENDER("alpha 3", DIAT_E_FORMAT, in.alpha = out.alpha = 3);
  RENDER("HLG", DIAT_E_UNSUPPORTED, in.transfer = out.transfer = 18);
  RENDER("formats differ", DIAT_E_FORMAT, (in.format = DIAT_RGBA_U16, in.rect.w = out.rect.w = job.roi.w = WIDTH / 2));
  RENDER("alphas differ", DIAT_E_FORMAT, in.alpha = DIAT_ALPHA_OPAQUE);
  RENDER("transfers differ", DIAT_E_FORMAT, in.transfer = 8);
  RENDER("primaries differ", DIAT_E_FORMAT, in.primaries = 9);

  RENDER("empty rect", DIAT_E_ARGUMENT, in.rect.w = 0);
  RENDER("negative rect", DIAT_E_ARGUMENT, out.rect.h = -5);
  RENDER("rect leaves 32 bits", DIAT_E_ARGUMENT, in.rect.x = out.rect.x = INT32_MAX - 3);
  RENDER("rows overlap", DIAT_E_ARGUMENT, in.stride = WIDTH * 4 - 1);
  RENDER("rows overlap upwards", DIAT_E_ARGUMENT, in.stride = -(WIDTH * 4 - 1));
  RENDER("stride 0", DIAT_E_ARGUMENT, out.stride = 0);
  RENDER("stride leaves memory", DIAT_E_ARGUMENT, in.stride = PTRDIFF_MAX);
  RENDER("stride leaves memory upwards", DIAT_E_ARGUMENT, out.stride = PTRDIFF_MIN);
  RENDER("picture larger than memory", DIAT_E_ARGUMENT,
         (in.rect.w = in.rect.h = INT32_MAX, in.stride = (ptrdiff_t)INT32_MAX * 8));

  RENDER("roi left of both", DIAT_E_ARGUMENT, job.roi.x = -1);
  RENDER("roi too low", DIAT_E_ARGUMENT, job.roi.y = 1);
  RENDER("roi negative", DIAT_E_ARGUMENT, job.roi.w = -1);
  RENDER("roi at the end of 32 bits", DIAT_E_ARGUMENT, (job.roi.x = INT32_MAX, job.roi.w = INT32_MAX));
  RENDER("roi outside of out", DIAT_E_ARGUMENT, out.rect.h = HEIGHT - 1);
  RENDER("roi outside of in", DIAT_E_ARGUMENT, in.rect.h = HEIGHT - 1);

  RENDER("shifted by a pixel", DIAT_E_ARGUMENT, out.data = in_pixels + 4);
  RENDER("shifted by a row", DIAT_E_ARGUMENT, out.data = in_pixels + WIDTH * 4);
  RENDER("last byte shared", DIAT_E_ARGUMENT, out.data = in_pixels + BYTES - 1);
  RENDER("side by side", DIAT_OK, out.data = in_pixels + BYTES);
  RENDER("same data, other stride", DIAT_E_ARGUMENT, (out.data = in_pixels, out.stride = WIDTH * 8));
  RENDER("same data, other rect", DIAT_E_ARGUMENT, (out.data = in_pixels, out.rect.h -= 1, job.roi.h -= 1));
  RENDER("same rows, upside down", DIAT_E_ARGUMENT, (out.data = in_pixels + BYTES - WIDTH * 4, out.stride = -WIDTH * 4));

  RENDER("job's size is 0", DIAT_E_ARGUMENT, (job.size = 0, message[0] = 'x', message[9] = 0));
  reset();
  expect("job is null", DIAT_E_ARGUMENT, plugin->render(instance, NULL));
}

static void bad_opens(void) {
  static const char *const ids[] = {"", "painte", "painterx", "painter ", "painter\n", "PAINTER", "no-such-effect", "\xff\xfe", "../painter"};
  diat_instance *opened;
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    reset();
    opened = (diat_instance *)message;
    expect(ids[i], DIAT_E_ARGUMENT, plugin->open(ids[i], &host, &opened, message, sizeof message));
    CHECK(opened == NULL, ids[i]);
    CHECK(message[0] != 0 && memchr(message, 0, sizeof message) != NULL, ids[i]);
  }
  reset();
  expect("id is null", DIAT_E_ARGUMENT, plugin->open(NULL, &host, &opened, message, sizeof message));
  CHECK(plugin->open("painter", NULL, &opened, message, sizeof message) == DIAT_E_ARGUMENT, "host is null");
  CHECK(plugin->open("painter", &host, NULL, message, sizeof message) == DIAT_E_ARGUMENT, "no place for the instance");
  CHECK(plugin->open(NULL, NULL, NULL, NULL, 99) == DIAT_E_ARGUMENT, "everything is null");
  CHECK(plugin->open("no-such-effect", &host, &opened, NULL, 99) == DIAT_E_ARGUMENT, "message is null");
}

static void short_messages(void) {
  diat_instance *opened;
  char whole[256];
  plugin->open("no-such-effect-\xc3\xbc-\xc3\xbc-\xc3\xbc", &host, &opened, whole, sizeof whole);
  for (size_t size = 0; size < sizeof whole; size++) {
    memset(message, '#', sizeof message);
    plugin->open("no-such-effect-\xc3\xbc-\xc3\xbc-\xc3\xbc", &host, &opened, message, size);
    CHECK(message[size] == '#', "a byte behind the buffer");
    if (size == 0) continue;
    CHECK(memchr(message, 0, size) != NULL, "a message that does not end");
    CHECK(strncmp(message, whole, strlen(message)) == 0, "a message that is no beginning");
    CHECK(strlen(message) + 2 >= size || strcmp(message, whole) == 0, "a message that is shorter than it must be");
    CHECK((whole[strlen(message)] & 0xc0) != 0x80, "a message cut inside a character");
  }
}

static void bad_entries(diat_plugin_v1_fn entry) {
  static const char *const not_utf8[] = {"/tmp/\xff", NULL};
  diat_host other = host;
  CHECK(entry(NULL) == NULL, "the entry's host is null");
  other.size = 0;
  CHECK(entry(&other) == NULL, "the entry's host is empty");
  other.size = 7;
  CHECK(entry(&other) == NULL, "the entry's host is too short");
  other = host;
  other.resource_dirs = not_utf8;
  misuse_lines = 0;
  CHECK(entry(&other) == NULL && misuse_lines == 1, "a folder that is not UTF-8");
  CHECK(plugin->extension(NULL) == NULL, "the extension's id is null");
  CHECK(plugin->extension("") == NULL, "the extension's id is empty");
  CHECK(plugin->extension("diat.report/2") == NULL, "a later extension");
  CHECK(plugin->extension("diat.report/1 ") == NULL, "an extension's id with a tail");
}

static void equal_calls(diat_plugin_v1_fn entry) {
  static const char *const none[] = {NULL};
  const char *const copy[] = {folders[0], NULL};
  diat_host other = host;
  CHECK(entry(&host) == plugin, "the same host");
  other.name = "another";
  other.max_threads = 3;
  other.log = NULL;
  other.resource_dirs = copy;
  CHECK(entry(&other) == plugin, "another host with equal folders");
  other.resource_dirs = none;
  CHECK(entry(&other) != plugin && entry(&other) != NULL, "a host with other folders");
  CHECK(entry(&other) == entry(&other), "the same host with other folders");
  other.resource_dirs = NULL;
  CHECK(entry(&other) == entry(&other), "a host without folders");
}

static void bad_extension_calls(void) {
  const diat_report *report = NULL;
  double numbers[10];
  memcpy(numbers, points, sizeof numbers);
  reset();
  CHECK(report_extension->last(NULL, &report) == DIAT_E_ARGUMENT, "report of null");
  CHECK(report_extension->last(instance, NULL) == DIAT_E_ARGUMENT, "no place for the report");
  expect("points are null", DIAT_E_ARGUMENT, faces_extension->set(instance, NULL, 1));
  expect("too many faces", DIAT_E_ARGUMENT, faces_extension->set(instance, points, 1025));
  numbers[9] = NAN;
  expect("a point is NaN", DIAT_E_ARGUMENT, faces_extension->set(instance, numbers, 1));
  numbers[9] = -HUGE_VAL;
  expect("a point is infinite", DIAT_E_ARGUMENT, faces_extension->set(instance, numbers, 1));
  CHECK(faces_extension->set(NULL, points, 1) == DIAT_E_ARGUMENT, "points of null");
  RENDER("the points from before still hold", DIAT_OK, (void)0);
  CHECK(report_extension->last(instance, &report) == DIAT_OK && report->n_faces == 1, "the report of the face that was given");
}

static diat_status answer_of_render;
static diat_job inner_job;

static int32_t call_back(void *ctx, float done, const char *stage) {
  (void)ctx, (void)done, (void)stage;
  answer_of_render = plugin->render(instance, &inner_job);
  plugin->close(instance);
  return 0;
}

static void close_from_log(void *ctx, int32_t level, const char *text) {
  if (ctx != NULL) plugin->close(*(diat_instance **)ctx);
  count_lines(NULL, level, text);
}

static void calls_from_callbacks(void) {
  static const unsigned char profile[16] = {0};
  diat_host other = host;
  diat_instance *talkative;
  reset();
  inner_job = job;
  RENDER("calls from progress", DIAT_OK, job.progress = call_back);
  CHECK(answer_of_render == DIAT_E_ARGUMENT, "render from inside a render");
  RENDER("closed from progress", DIAT_OK, (void)0);

  other.log = close_from_log;
  other.ctx = &talkative;
  talkative = NULL;
  CHECK(plugin->open("painter", &other, &talkative, NULL, 0) == DIAT_OK, "open");
  faces_extension->set(talkative, points, 1);
  reset();
  lines = 0;
  in.icc = out.icc = profile;
  in.icc_size = out.icc_size = sizeof profile;
  CHECK(plugin->render(talkative, &job) == DIAT_OK, "a log that closes");
  CHECK(lines > 0, "a profile that is not used is told");
  CHECK(plugin->render(talkative, &job) == DIAT_OK, "closed from the log");
  plugin->close(talkative);
}

static volatile int closing, closed, closed_too_early;

static void *close_elsewhere(void *handle) {
  plugin->close(handle);
  closed = 1;
  return NULL;
}

static int32_t start_to_close(void *ctx, float done, const char *stage) {
  static pthread_t thread;
  (void)done, (void)stage;
  if (!closing) {
    closing = 1;
    pthread_create(&thread, NULL, close_elsewhere, ctx);
    pthread_detach(thread);
    usleep(50000);
  }
  closed_too_early |= closed;
  return 0;
}

static void closed_by_another_thread(void) {
  diat_instance *other = painter();
  reset();
  job.progress = start_to_close;
  job.ctx = other;
  CHECK(plugin->render(other, &job) == DIAT_OK, "a render that another thread wants to close");
  for (int i = 0; i < 1000 && !closed; i++) usleep(10000);
  CHECK(closing && closed && !closed_too_early, "close waits for the render");
  CHECK(plugin->render(other, &job) == DIAT_E_ARGUMENT, "closed in the end");
}

static void bad_handles(void) {
  diat_instance *other = painter();
  reset();
  CHECK(plugin->render(NULL, &job) == DIAT_E_ARGUMENT, "instance is null");
  CHECK(strcmp(message, "the instance is null") == 0, message);
  CHECK(plugin->render((diat_instance *)&job, &job) == DIAT_E_ARGUMENT, "a foreign instance");
  plugin->close((diat_instance *)&job);
  plugin->close(NULL);
  plugin->close(other);
  lines = 0;
  plugin->close(other);
  CHECK(plugin->render(other, &job) == DIAT_E_ARGUMENT, "a closed instance");
  CHECK(message[0] != 0, "a closed instance");
  CHECK(faces_extension->set(other, points, 1) == DIAT_E_ARGUMENT, "a closed instance");
  CHECK(lines == 0, "a closed instance uses the host's log");
  for (int i = 0; i < 1000; i++) plugin->close(painter());
}

int main(int argc, char **argv) {
  diat_plugin_v1_fn entry = begin(argc, argv);
  for (int i = 0; i < BYTES; i++) in_pixels[i] = (unsigned char)(i * 7 + i / 240);
  instance = painter();
  bad_jobs();
  bad_opens();
  short_messages();
  bad_entries(entry);
  equal_calls(entry);
  bad_extension_calls();
  calls_from_callbacks();
  closed_by_another_thread();
  bad_handles();
  RENDER("nothing wrong in the end", DIAT_OK, (void)0);
  plugin->close(instance);
  return end();
}
