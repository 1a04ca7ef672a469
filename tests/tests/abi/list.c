/* list LIBRARY: how long it takes, in milliseconds, to load the library and list its effects with their parameters. */
#define _DEFAULT_SOURCE
#include <diat/plugin.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

int main(int argc, char **argv) {
  double start = now();
  diat_host host = {0};
  diat_plugin_v1_fn entry;
  const diat_plugin *plugin;
  size_t effects = 0, text = 0;
  void *symbol, *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (library == NULL) return 2;
  symbol = dlsym(library, DIAT_ENTRY);
  memcpy(&entry, &symbol, sizeof entry);
  host.size = sizeof host;
  plugin = entry(&host);
  if (plugin == NULL) return 3;
  for (; plugin->effects[effects] != NULL; effects++) {
    const diat_effect *effect = plugin->effects[effects];
    text += strlen(effect->id) + strlen(effect->label) + strlen(effect->help);
    for (size_t i = 0; effect->params[i] != NULL; i++) text += strlen(effect->params[i]->id);
  }
  printf("%.3f\n", now() - start);
  fprintf(stderr, "%lu effects, %lu characters\n", (unsigned long)effects, (unsigned long)text);
  dlclose(library);
  /* Closing unloads nothing. */
  return plugin->extension(DIAT_EXTENSION_REPORT) == NULL ? 4 : 0;
}
