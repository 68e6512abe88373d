#include <cblas.h>
#include <string.h>
#include "protocol.h"

static void multiply(int m, int k, int n, const float *a, const float *b, float *c) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, 0, c, n);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0) printf("%s on %s\n", openblas_get_config(), openblas_get_corename());
  else serve(argv, multiply);
  return 0;
}
