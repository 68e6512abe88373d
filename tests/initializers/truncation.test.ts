import { describe, expect, test } from 'vitest'
import { truncatedMoments } from '../../src/initializers/truncation'

const inf = Number.POSITIVE_INFINITY

describe('vector: moments of truncated normals, by 60-digit quadrature with mpmath', () => {
  const published: [number, number, number, number][] = [
    [-1, 1, 0, 0.539560093754897],
    [-1.5, 1.5, 0, 0.7426468984393265],
    [-2, 2, 0, 0.8796256610342398],
    [-2.5, 2.5, 0, 0.9545974863445807],
    [-3, 3, 0, 0.9865783925581086],
    [-4, 4, 0, 0.9994645018070796],
    [-inf, inf, 0, 1],
    [-1, 2, 0.22963717909132897, 0.7209455868590458],
    [-3, 0.5, -0.503734458504945, 0.6869553422969051],
    [0, inf, 0.7978845608028654, 0.602810274989087],
    [3, inf, 3.2830986549304364, 0.26562979272903126],
    [5, 6, 5.183147090477173, 0.17161710511625308],
    [10, 11, 10.09806837493302, 0.09706066094116862],
    [100, inf, 100.00999800099926, 0.009997002048027372],
    [-8, -7, -7.137067160546622, 0.13338997310347472],
    [-1e-6, 1e-6, 0, 5.773502691895872e-7],
    [1, 1.001, 1.0004999166250041, 0.00028867512255943256],
  ]
  test.each(published)('on [%d, %d]: mean %d, stddev %d within 1e-14', (lower, upper, mean, stddev) => {
    const found = truncatedMoments(lower, upper)
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(1e-14 * Math.max(Math.abs(mean), stddev))
    expect(Math.abs(found.stddev - stddev)).toBeLessThanOrEqual(1e-14 * stddev)
  })

  test('mirrored bounds have the mirrored mean and the same stddev, bit for bit', () => {
    for (const [lower, upper] of [
      [-1, 2],
      [3, 7],
      [0, 40],
    ]) {
      const there = truncatedMoments(lower, upper)
      const back = truncatedMoments(-upper, -lower)
      expect(back.mean).toBe(-there.mean)
      expect(back.stddev).toBe(there.stddev)
    }
  })
})
