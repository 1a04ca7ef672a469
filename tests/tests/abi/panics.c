/* A panic in any function is a status, not the end of the host, and prints nothing; the instance then takes nothing but close(). The
 * effect that arms a panic is there in builds with debug assertions alone. */
#include "host.h"

static diat_plugin_v1_fn entry;
static diat_instance *instance;
static char message[256];
static unsigned char pixels[BYTES];

static void arm(const char *kind, const char *function) {
  char id[64];
  diat_instance *none;
  snprintf(id, sizeof id, "%s:%s", kind, function);
  CHECK(plugin->open(id, &host, &none, message, sizeof message) == DIAT_E_UNSUPPORTED, id);
  CHECK(none == NULL, id);
  lines = 0;
  memset(message, 0, sizeof message);
  memset(last_line, 0, sizeof last_line);
}

static diat_status render(void) {
  diat_image picture = image(pixels);
  diat_job job = render_job(&picture, &picture);
  job.message = message;
  job.message_size = sizeof message;
  return plugin->render(instance, &job);
}

static void only_close_is_left(const char *name) {
  const diat_report *report;
  CHECK(render() == DIAT_E_INTERNAL, name);
  CHECK(strstr(message, "close") != NULL, name);
  CHECK(report_extension->last(instance, &report) == DIAT_E_INTERNAL && report == NULL, name);
  CHECK(faces_extension->set(instance, points, 1) == DIAT_E_INTERNAL, name);
  plugin->close(instance);
  CHECK(render() == DIAT_E_ARGUMENT, name);
  instance = painter();
  CHECK(render() == DIAT_OK, name);
}

static void each(const char *kind) {
  const diat_report *report;
  diat_instance *none = NULL;

  arm(kind, "diat_plugin_v1");
  CHECK(entry(&host) == NULL, kind);
  CHECK(strstr(last_line, "asked for") != NULL, last_line);
  CHECK(entry(&host) == plugin, kind);

  arm(kind, "open");
  CHECK(plugin->open("painter", &host, &none, message, sizeof message) == DIAT_E_INTERNAL, kind);
  CHECK(none == NULL && strstr(message, "asked for") != NULL, message);
  CHECK(strchr(last_line, '\n') == NULL && strstr(last_line, "faults.rs") != NULL, last_line);

  arm(kind, "extension");
  CHECK(plugin->extension(DIAT_EXTENSION_REPORT) == NULL, kind);
  CHECK(plugin->extension(DIAT_EXTENSION_REPORT) == report_extension, kind);

  arm(kind, "render");
  CHECK(render() == DIAT_E_INTERNAL, kind);
  CHECK(strstr(message, "asked for") != NULL && strstr(last_line, "faults.rs") != NULL, message);
  only_close_is_left("render");

  arm(kind, "last");
  CHECK(report_extension->last(instance, &report) == DIAT_E_INTERNAL, kind);
  only_close_is_left("last");

  arm(kind, "set");
  CHECK(faces_extension->set(instance, points, 1) == DIAT_E_INTERNAL, kind);
  only_close_is_left("set");

  arm(kind, "close");
  plugin->close(instance);
  CHECK(lines == 1, "a panic in close is told");
  only_close_is_left("close");
}

int main(int argc, char **argv) {
  entry = begin(argc, argv);
  instance = painter();
  CHECK(render() == DIAT_OK, "before");
  each("diat-test-panic");
  each("diat-test-panic-in-thread");
  plugin->close(instance);
  return end();
}
