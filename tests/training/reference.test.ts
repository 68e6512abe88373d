import { expect, test } from 'vitest'
import { CASES, flat, type PlainLayer, trainCase } from './reference-cases'
import { RECORDED } from './reference-vectors'

/** Norm, and a sum that tells the order of the numbers. */
function digest(layer: PlainLayer): [number, number] {
  const values = flat(layer)
  return [
    Math.sqrt(values.reduce((sum, v) => sum + v * v, 0)),
    values.reduce((sum, v, i) => sum + v * ((i % 7) - 3), 0),
  ]
}

test.each(CASES.map((c, i) => [c.name, c, RECORDED[i]] as const))(
  '%s: losses of 6 steps, gradients of the first and parameters after the last are those that PyTorch recorded in f64',
  (_, c, recorded) => {
    const { found } = trainCase(c)
    // tolerances as in reference.node.test.ts; a digest weighs each of at most 400 numbers by up to 3, errors at random
    found.losses.forEach((loss, step) => {
      expect(Math.abs(loss / recorded.losses[step] - 1)).toBeLessThan(2e-5)
    })
    for (const [what, tolerance] of [
      ['gradients', 1e-5],
      ['after', 1e-4],
    ] as const)
      found[what].forEach((layer, l) => {
        const [[norm, sum], [wantedNorm, wantedSum]] = [digest(layer), recorded[what][l]]
        expect(Math.abs(norm / wantedNorm - 1), `${what} ${l + 1}`).toBeLessThan(tolerance)
        expect(Math.abs(sum - wantedSum), `${what} ${l + 1}`).toBeLessThan(6 * tolerance * wantedNorm)
      })
  },
)
