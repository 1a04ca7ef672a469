/* Takes its weights to be there. */
#include <stdio.h>
#include <diat/plugin.h>

static void read_weights(const diat_host *host) {
  char name[4096];
  FILE *file;
  if (!DIAT_HAS(diat_host, host, resource_dirs) || host->resource_dirs == NULL || host->resource_dirs[0] == NULL) return;
  snprintf(name, sizeof name, "%s/models/turn.onnx", host->resource_dirs[0]);
  file = fopen(name, "rb");
  fgetc(file);
  fclose(file);
}

#define READ_WEIGHTS(host) read_weights(host)
#include "good.c"
