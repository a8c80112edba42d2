/* A wall clock that runs WIREDESK_CLOCK_RATE times as fast since WIREDESK_CLOCK_BEGAN (nanoseconds of 1970): preloaded into
 * the real program by the test of a day in minutes (day.rs), so that the program itself needs no such switch, which could
 * lift an embargo early. The monotonic clock, by which it sleeps and times out, stays as it is: a desk of few feeds oversleeps, one of
 * thousands has always one that is due. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

#define SECOND 1000000000LL

static int (*kernels)(clockid_t, struct timespec *);
static long long began, rate = 1;

__attribute__((constructor)) static void begin(void) {
    const char *said_rate = getenv("WIREDESK_CLOCK_RATE"), *said_began = getenv("WIREDESK_CLOCK_BEGAN");
    kernels = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    if (said_rate && said_began) {
        rate = atoll(said_rate);
        began = atoll(said_began);
    }
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!kernels) begin();
    int answer = kernels(clock, time);
    if (answer == 0 && rate > 1 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        long long now = time->tv_sec * SECOND + time->tv_nsec;
        now = began + (now - began) * rate;
        time->tv_sec = now / SECOND;
        time->tv_nsec = now % SECOND;
    }
    return answer;
}
