/* Simulates blocks with functions translated from WebAssembly, in the folder that it is given; prints how many numbers of the
   memory differ from V8's, and the least time of 25 rounds [microseconds of the processor a trial]. */
#include "runtime.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

char *M;
extern void (*const table[])(void);

static FILE *file(const char *name) {
  FILE *f = fopen(name, "rb");
  if (!f) exit((perror(name), 1));
  return f;
}
static void *read_all(const char *name, size_t bytes) {
  FILE *f = file(name);
  void *memory = aligned_alloc(65536, (bytes + 65535) / 65536 * 65536);
  if (fread(memory, 1, bytes, f) != bytes) exit((perror(name), 1));
  fclose(f);
  return memory;
}
static double microseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

int main(void) {
  FILE *f = file("steps.txt");
  int step_count, variable_count, block, blocks;
  long bytes;
  if (fscanf(f, "%d %d %d %d %ld", &step_count, &variable_count, &block, &blocks, &bytes) != 5) return 1;
  int *steps = malloc(step_count * sizeof *steps), *places = malloc(variable_count * sizeof *places);
  for (int i = 0; i < step_count; i++) if (fscanf(f, "%d", steps + i) != 1) return 1;
  for (int i = 0; i < variable_count; i++) if (fscanf(f, "%d", places + i) != 1) return 1;
  fclose(f);
  M = read_all("before.bin", bytes);
  long trials = (long)block * blocks;
  double *inputs = read_all("inputs.bin", 8 * variable_count * trials), *after = read_all("after.bin", bytes), *memory = (double *)M;
  double least = 1e30;
  long differ = 0;
  for (int round = 0; round < 25; round++) {
    double started = microseconds();
    for (int b = 0; b < blocks; b++) {
      for (int v = 0; v < variable_count; v++) memcpy(memory + places[v], inputs + v * trials + b * block, 8 * block);
      for (int s = 0; s < step_count; s++) table[steps[s]]();
    }
    double spent = (microseconds() - started) / trials;
    if (spent < least) least = spent;
    if (round > 0) continue;
    for (long i = 0; i < bytes / 8; i++)
      if (memcmp(memory + i, after + i, 8) && !(memory[i] != memory[i] && after[i] != after[i])) differ++;
  }
  printf("%ld %.1f\n", differ, least);
}
