/* What the C programs of the ABI tests share: each is PROGRAM LIBRARY RESOURCES, where RESOURCES has the effect `painter`. It checks
 * many things, prints a line for each that is not as promised, and ends with their number. */
#ifndef HOST_H
#define HOST_H
#define _DEFAULT_SOURCE
#include <diat/plugin.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int checks, failures;

#define CHECK(condition, name)                                                   \
  do {                                                                           \
    checks++;                                                                    \
    if (!(condition)) {                                                          \
      failures++;                                                                \
      printf("%s:%d: %s: not so: %s\n", __FILE__, __LINE__, name, #condition);   \
    }                                                                            \
  } while (0)

static int lines, misuse_lines;
static char last_line[4096];

static void count_lines(void *ctx, int32_t level, const char *text) {
  (void)ctx;
  lines++;
  if (level == DIAT_HOST_MISUSE) misuse_lines++;
  strncpy(last_line, text, sizeof last_line - 1);
}

static const char *folders[2];
static diat_host host;
static const diat_plugin *plugin;
static const diat_report_extension *report_extension;
static const diat_faces_extension *faces_extension;

enum { WIDTH = 60, HEIGHT = 50, BYTES = WIDTH * HEIGHT * 4 };

/* A face that fills the picture: eyes, nose, corners of the mouth. */
static const double points[10] = {20, 18, 40, 18, 30, 29, 21, 37, 39, 37};

static diat_plugin_v1_fn load(const char *library) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), *symbol;
  diat_plugin_v1_fn entry;
  if (handle == NULL) {
    printf("%s\n", dlerror());
    exit(2);
  }
  symbol = dlsym(handle, DIAT_ENTRY);
  memcpy(&entry, &symbol, sizeof entry);
  return entry;
}

/* Fills the variables above. */
static diat_plugin_v1_fn begin(int argc, char **argv) {
  diat_plugin_v1_fn entry;
  if (argc != 3) exit(2);
  alarm(120);   /* what waits for itself must end the test, not hang it */
  entry = load(argv[1]);
  folders[0] = argv[2];
  host.size = sizeof host;
  host.name = "abi test";
  host.resource_dirs = folders;
  host.log = count_lines;
  plugin = entry(&host);
  if (plugin == NULL) {
    printf("the plug-in refuses the host: %s\n", last_line);
    exit(2);
  }
  report_extension = plugin->extension(DIAT_EXTENSION_REPORT);
  faces_extension = plugin->extension(DIAT_EXTENSION_FACES);
  return entry;
}

static int end(void) {
  printf("%d checks, %d failures\n", checks, failures);
  return failures > 100 ? 100 : failures;
}

/* The painter, with the face's points. */
static diat_instance *painter(void) {
  char message[256] = "";
  diat_instance *instance = NULL;
  diat_status status = plugin->open("painter", &host, &instance, message, sizeof message);
  if (status != DIAT_OK || faces_extension->set(instance, points, 1) != DIAT_OK) {
    printf("the painter does not open: %d %s\n", (int)status, message);
    exit(2);
  }
  return instance;
}

static diat_image image(void *data) {
  diat_image image;
  memset(&image, 0, sizeof image);
  image.size = sizeof image;
  image.format = DIAT_RGBA_U8;
  image.rect.w = WIDTH;
  image.rect.h = HEIGHT;
  image.data = data;
  image.stride = WIDTH * 4;
  return image;
}

static diat_job render_job(const diat_image *in, const diat_image *out) {
  diat_job job;
  memset(&job, 0, sizeof job);
  job.size = sizeof job;
  job.in = in;
  job.out = out;
  job.roi = out->rect;
  job.time = NAN;
  return job;
}

/* `bytes` bytes with a page after them, and one before the first page of them, that nobody may touch. */
static inline unsigned char *guarded(size_t bytes, unsigned char **first) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (bytes + page - 1) / page;
  unsigned char *start = mmap(NULL, (pages + 2) * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) exit(2);
  mprotect(start, page, PROT_NONE);
  mprotect(start + (pages + 1) * page, page, PROT_NONE);
  if (first != NULL) *first = start + page;
  return start + (pages + 1) * page - bytes;
}

#endif
