/* Tells its progress on a thread of its own. */
struct call;
static int elsewhere(const struct call *call, float done);
#define PROGRESS(call, done) elsewhere(call, done)
#include "good.c"

typedef struct news {
  const call *call;
  float done;
  int answer;
} news;

static void *tell(void *about) {
  news *news = about;
  news->answer = progress(news->call, news->done);
  return NULL;
}

static int elsewhere(const struct call *call, float done) {
  news news = {call, done, 0};
  pthread_t thread;
  if (pthread_create(&thread, NULL, tell, &news) == 0) pthread_join(thread, NULL);
  return news.answer;
}
