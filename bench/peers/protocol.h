// The protocol of serve.ts for a product of row-major f32 matrices: prints one line of JSON a case `product,m,k,n`.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint32_t hash(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}

static float element(uint32_t i) { return (float)(hash(i) >> 8) / 16777216.0f - 0.5f; }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

typedef void (*product)(int m, int k, int n, const float *a, const float *b, float *c);

static double seconds(product multiply, int calls, int m, int k, int n, const float *a, const float *b, float *c) {
  double start = now();
  for (int i = 0; i < calls; i++) multiply(m, k, n, a, b, c);
  return (now() - start) / calls;
}

static void measure(product multiply, double budget, int m, int k, int n) {
  float *a = (float *)aligned_alloc(64, 4ul * m * k + 64 & ~63ul);
  float *b = (float *)aligned_alloc(64, 4ul * k * n + 64 & ~63ul);
  float *c = (float *)aligned_alloc(64, 4ul * m * n + 64 & ~63ul);
  for (int i = 0; i < m * k; i++) a[i] = element(i);
  for (int i = 0; i < k * n; i++) b[i] = element(0x40000000u + i);
  double once = seconds(multiply, 1, m, k, n, a, b, c);
  printf("{\"case\":\"product,%d,%d,%d\",\"result\":[", m, k, n);
  for (int s = 0; s < 32; s++) printf("%s%.9g", s ? "," : "", c[hash(s) % (uint32_t)(m * n)]);
  for (double spent = once; spent < budget / 2; spent += once) once = seconds(multiply, 1, m, k, n, a, b, c);
  int calls = once < 0.002 ? (int)(0.002 / once) + 1 : 1;
  printf("],\"samples\":[");
  double spent = 0;
  for (int taken = 0; taken < 200 && (spent < budget || (taken < 4 && spent < 8 * budget)); taken++) {
    double one = seconds(multiply, calls, m, k, n, a, b, c);
    printf("%s%.9g", taken ? "," : "", one);
    spent += one * calls;
  }
  printf("]}\n");
  fflush(stdout);
  free(a);
  free(b);
  free(c);
}

static void serve(char **argv, product multiply) {
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    int m, k, n;
    if (sscanf(line, "product,%d,%d,%d", &m, &k, &n) == 3) measure(multiply, atof(argv[1]), m, k, n);
  }
}
