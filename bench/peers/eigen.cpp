#include <eigen3/Eigen/Dense>
#include <cstring>
#include "protocol.h"

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

static void multiply(int m, int k, int n, const float *a, const float *b, float *c) {
  Eigen::Map<Matrix>(c, m, n).noalias() = Eigen::Map<const Matrix>(a, m, k) * Eigen::Map<const Matrix>(b, k, n);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0)
    printf("%d.%d.%d, -O3 -msse4.2\n", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION);
  else serve(argv, multiply);
  return 0;
}
