/* A whole host: minimal_host LIBRARY EFFECT IN.ppm OUT.ppm
 *
 *   cc -std=c99 -Wall -Wextra -Werror -pedantic minimal_host.c -I../include -ldl -o minimal_host
 *
 * Reads a binary PPM with 8 bits a sample, runs the effect with its default parameters, writes a PPM, and tells on stderr what
 * came of it. Without EFFECT and files it lists the effects. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <diat/plugin.h>

static void print_log(void *ctx, int32_t level, const char *text) {
  (void)ctx;
  if (level >= DIAT_WARNING) fprintf(stderr, "log: %s\n", text);
}

static int32_t print_progress(void *ctx, float done, const char *stage) {
  (void)ctx;
  fprintf(stderr, "%3.0f%% %s\n", 100.0 * done, stage);
  return 0;   /* anything else would cancel */
}

static int fail(const char *what, const char *why) {
  fprintf(stderr, "%s: %s\n", what, why);
  return EXIT_FAILURE;
}

/* A number of a PPM's head; comments run from # to the end of a line. */
static int read_number(FILE *file) {
  int number = 0, c = fgetc(file);
  while (c == '#' || c == ' ' || c == '\t' || c == '\n' || c == '\r') {
    if (c == '#') while (c != '\n' && c != EOF) c = fgetc(file);
    c = fgetc(file);
  }
  for (; c >= '0' && c <= '9' && number < 100000; c = fgetc(file)) number = 10 * number + (c - '0');
  return number;   /* and the one white space behind it is gone */
}

/* Straight RGBA with full alpha, or NULL. */
static unsigned char *read_ppm(const char *name, int32_t *w, int32_t *h) {
  FILE *file = fopen(name, "rb");
  unsigned char *rgba = NULL;
  if (file == NULL) return NULL;
  if (fgetc(file) == 'P' && fgetc(file) == '6') {
    *w = read_number(file);
    *h = read_number(file);
    if (*w > 0 && *h > 0 && read_number(file) == 255) rgba = malloc((size_t)*w * (size_t)*h * 4);
  }
  for (size_t i = 0; rgba != NULL && i < (size_t)*w * (size_t)*h; i++) {
    rgba[4 * i + 3] = 255;
    if (fread(rgba + 4 * i, 1, 3, file) != 3) {
      free(rgba);
      rgba = NULL;
    }
  }
  fclose(file);
  return rgba;
}

static int write_ppm(const char *name, const unsigned char *rgba, int32_t w, int32_t h) {
  FILE *file = fopen(name, "wb");
  int good = file != NULL && fprintf(file, "P6\n%ld %ld\n255\n", (long)w, (long)h) > 0;
  for (size_t i = 0; good && i < (size_t)w * (size_t)h; i++) good = fwrite(rgba + 4 * i, 1, 3, file) == 3;
  if (file != NULL && fclose(file) != 0) good = 0;
  return good;
}

static void print_report(const diat_plugin *plugin, diat_instance *instance) {
  const diat_report_extension *extension = plugin->extension(DIAT_EXTENSION_REPORT);
  const diat_report *report;
  if (extension == NULL || extension->last(instance, &report) < 0) return;
  fprintf(stderr, "ran on: %s %s\n%s\n", report->runtime, report->device, report->notes);
  for (uint32_t i = 0; i < report->n_faces; i++) {
    const diat_face *face = report->faces[i];
    fprintf(stderr, "face at (%.0f, %.0f), %.0f x %.0f: code %u, confidence %.2f\n", face->x, face->y, face->w, face->h,
            (unsigned)face->code, face->confidence);
  }
  for (uint32_t i = 0; i < report->n_stages; i++)
    fprintf(stderr, "%-10s %6.1f ms\n", report->stages[i]->name, 1000.0 * report->stages[i]->seconds);
}

int main(int argc, char **argv) {
  char message[512] = "";
  diat_host host = {0};
  host.size = sizeof host;
  host.abi_minor = DIAT_ABI_MINOR;
  host.name = "minimal_host";
  host.log = print_log;

  if (argc != 2 && argc != 5) return fail("use", "minimal_host LIBRARY [EFFECT IN.ppm OUT.ppm]");
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return fail(argv[1], dlerror());
  void *symbol = dlsym(library, DIAT_ENTRY);
  if (symbol == NULL) return fail(argv[1], "not a diat plug-in");
  diat_plugin_v1_fn entry;
  memcpy(&entry, &symbol, sizeof entry);   /* C99 has no cast from an object's pointer to a function's */
  const diat_plugin *plugin = entry(&host);
  if (plugin == NULL) return fail(argv[1], "refuses this host");
  if (argc == 2) {
    for (const diat_effect *const *effect = plugin->effects; *effect != NULL; effect++)
      printf("%s %s: %s\n", (*effect)->id, (*effect)->version, (*effect)->label);
    return EXIT_SUCCESS;
  }

  diat_image image = {0};
  image.size = sizeof image;
  image.format = DIAT_RGBA_U8;
  image.alpha = DIAT_ALPHA_OPAQUE;
  image.data = read_ppm(argv[3], &image.rect.w, &image.rect.h);
  if (image.data == NULL) return fail(argv[3], "not a binary PPM with 8 bits a sample");
  image.stride = (ptrdiff_t)image.rect.w * 4;

  diat_instance *instance;
  diat_status status = plugin->open(argv[2], &host, &instance, message, sizeof message);
  if (status < 0) return fail(argv[2], message);
  diat_job job = {0};   /* no values: every parameter takes its default */
  job.size = sizeof job;
  job.in = &image;
  job.out = &image;     /* in place */
  job.roi = image.rect;
  job.time = NAN;
  job.progress = print_progress;
  job.message = message;
  job.message_size = sizeof message;
  status = plugin->render(instance, &job);
  fprintf(stderr, "status %ld%s%s\n", (long)status, message[0] ? ": " : "", message);
  print_report(plugin, instance);
  plugin->close(instance);
  if (status < 0) return EXIT_FAILURE;
  if (!write_ppm(argv[4], image.data, image.rect.w, image.rect.h)) return fail(argv[4], "cannot be written");
  free(image.data);
  return EXIT_SUCCESS;
}
