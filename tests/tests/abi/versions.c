/* Older hosts, whose structs end earlier, and newer ones, whose structs go on with what we cannot know; and pictures that end where
 * memory does. Reading or writing one byte too many ends the process. */
#include "host.h"

static unsigned char in_pixels[BYTES], wanted[BYTES];

/* The same struct cut to `size` bytes, right before a page that nobody may touch. */
static void *cut(const void *whole, uint32_t size) {
  unsigned char *copy = guarded(size, NULL);
  memcpy(copy, whole, size);
  memcpy(copy, &size, sizeof size);
  return copy;
}

/* The same struct with 64 bytes of rubbish behind it. */
static void *longer(const void *whole, uint32_t size) {
  unsigned char *copy = guarded(size + 64, NULL);
  memset(copy, 0xa5, size + 64);
  memcpy(copy, whole, size);
  size += 64;
  memcpy(copy, &size, sizeof size);
  return copy;
}

static void render_into(diat_image *in, diat_image *out, diat_job *job, const char *name) {
  diat_instance *instance = painter();
  diat_status status;
  job->in = in;
  job->out = out;
  memset(out->data, 0, BYTES);
  status = plugin->render(instance, job);
  CHECK(status == DIAT_OK, name);
  CHECK(memcmp(out->data, wanted, BYTES) == 0, name);
  plugin->close(instance);
}

static void hosts(diat_plugin_v1_fn entry) {
  for (uint32_t size = 8; size <= sizeof host; size++) {
    diat_host *older = cut(&host, size);
    diat_instance *instance = NULL;
    diat_status status;
    int has_folders = size >= offsetof(diat_host, resource_dirs) + sizeof host.resource_dirs;
    CHECK((entry(older) == plugin) == has_folders, "an older host");
    status = plugin->open("painter", older, &instance, NULL, 0);
    CHECK(status == (has_folders ? DIAT_OK : DIAT_E_ARGUMENT), "an older host opens");
    plugin->close(instance);
  }
  CHECK(entry(longer(&host, sizeof host)) == plugin, "a newer host");
}

static void jobs(void) {
  unsigned char out_pixels[BYTES];
  diat_image in = image(in_pixels), out = image(out_pixels);
  diat_job job = render_job(&in, &out);
  /* An older host knows no progress and no message. */
  for (uint32_t size = offsetof(diat_job, time); size <= sizeof job; size++)
    render_into(&in, &out, (job = render_job(&in, &out), cut(&job, size)), "an older job");
  render_into(&in, &out, longer(&job, sizeof job), "a newer job");
  for (uint32_t size = offsetof(diat_image, alpha); size <= sizeof in; size++)
    render_into(cut(&in, size), cut(&out, size), &job, "an older image");
  render_into(longer(&in, sizeof in), longer(&out, sizeof out), &job, "a newer image");
}

/* Rows from `from` to `to`, which may run the other way. */
static void copy_rows(unsigned char *to, ptrdiff_t to_stride, const unsigned char *from, ptrdiff_t from_stride) {
  for (int y = 0; y < HEIGHT; y++) memcpy(to + y * to_stride, from + y * from_stride, WIDTH * 4);
}

static void pixels_at_the_end_of_memory(void) {
  const ptrdiff_t strides[] = {WIDTH * 4, -WIDTH * 4, WIDTH * 4 + 12, -(WIDTH * 4 + 12), WIDTH * 12};
  for (size_t i = 0; i < sizeof strides / sizeof *strides; i++) {
    ptrdiff_t stride = strides[i], step = stride < 0 ? -stride : stride;
    size_t bytes = (size_t)(step * (HEIGHT - 1) + WIDTH * 4);
    for (int at_start = 0; at_start < 2; at_start++) {
      unsigned char *in_first, *out_first, got[BYTES];
      unsigned char *in_last = guarded(bytes, &in_first), *out_last = guarded(bytes, &out_first);
      unsigned char *in_start = at_start ? in_first : in_last, *out_start = at_start ? out_first : out_last;
      ptrdiff_t first = stride < 0 ? step * (HEIGHT - 1) : 0;
      diat_image in = image(in_start + first), out = image(out_start + first);
      diat_job job = render_job(&in, &out);
      diat_instance *instance = painter();
      size_t padding = 0;
      memset(out_start, 0x5a, bytes);
      in.stride = out.stride = stride;
      copy_rows(in.data, stride, in_pixels, WIDTH * 4);
      CHECK(plugin->render(instance, &job) == DIAT_OK, "pixels at the end of memory");
      copy_rows(got, WIDTH * 4, out.data, stride);
      CHECK(memcmp(got, wanted, BYTES) == 0, "pixels at the end of memory");
      for (size_t byte = 0; byte < bytes; byte++) padding += byte % (size_t)step >= WIDTH * 4 && out_start[byte] != 0x5a;
      CHECK(padding == 0, "padding");
      job.in = &out;
      copy_rows(out.data, stride, in_pixels, WIDTH * 4);
      CHECK(plugin->render(instance, &job) == DIAT_OK, "in place");
      copy_rows(got, WIDTH * 4, out.data, stride);
      CHECK(memcmp(got, wanted, BYTES) == 0, "in place");
      plugin->close(instance);
    }
  }
}

int main(int argc, char **argv) {
  diat_plugin_v1_fn entry = begin(argc, argv);
  diat_image in = image(in_pixels), out = image(wanted);
  diat_job job = render_job(&in, &out);
  diat_instance *instance = painter();
  for (int i = 0; i < BYTES; i++) in_pixels[i] = (unsigned char)(i * 7 + i / 240);
  CHECK(plugin->render(instance, &job) == DIAT_OK, "the picture to compare with");
  CHECK(memcmp(in_pixels, wanted, BYTES) != 0, "the painter paints");
  plugin->close(instance);
  hosts(entry);
  jobs();
  pixels_at_the_end_of_memory();
  return end();
}
