import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { CASES, flat, type PlainLayer, type TrainedCase, trainCase } from './reference-cases'

// Gradients and steps against programs that are not ours: NumPy with a backward pass of its own, PyTorch by autograd and torch.optim.

const SCRIPT = 'tests/training/reference_training.py'
const ours = CASES.map(trainCase)

/** The first Python that has the library. */
function pythonWith(library: string): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, [SCRIPT, library, '--version'], { stdio: 'ignore' }).status === 0,
  )
}

function theirs(python: string, library: string, precision: string): TrainedCase[] {
  const input = JSON.stringify(ours.map(({ exported }) => exported))
  const { stdout, stderr, status } = spawnSync(python, [SCRIPT, library, precision], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** The largest difference of two layers' numbers over the largest of them. */
function distance(a: PlainLayer, b: PlainLayer): number {
  const [x, y] = [flat(a), flat(b)]
  expect(x.length).toBe(y.length)
  const size = Math.max(...y.map(Math.abs))
  return Math.max(...x.map((v, i) => Math.abs(v - y[i]))) / size
}

const PEERS = [
  ['numpy', 'f64'],
  ['numpy', 'f32'],
  ['torch', 'f64'],
  ['torch', 'f32'],
] as const

for (const [library, precision] of PEERS) {
  const python = pythonWith(library)
  test.skipIf(python === undefined)(
    `${library} in ${precision}, from our weights in our order: every layer's gradient to 1e-5 of its largest, 6 losses to 2e-5, the parameters after 6 steps to 1e-4`,
    () => {
      theirs(python!, library, precision).forEach(({ losses, gradients, after }, i) => {
        const { found } = ours[i]
        // f32 sums of at most 19 products through 6 layers, forward and back: 2 x 6 x 19 x 2^-24 = 1.4e-5 at their worst, sqrt of it at random
        gradients.forEach((layer, l) => {
          expect(distance(found.gradients[l], layer), `${CASES[i].name}: gradient of layer ${l + 1}`).toBeLessThan(1e-5)
        })
        losses.forEach((loss, step) => {
          expect(Math.abs(found.losses[step] / loss - 1), `${CASES[i].name}: loss ${step + 1}`).toBeLessThan(2e-5)
        })
        // Adam divides by the gradient's own size: an entry far below the largest has a larger error of its own
        after.forEach((layer, l) => {
          expect(distance(found.after[l], layer), `${CASES[i].name}: layer ${l + 1}`).toBeLessThan(1e-4)
        })
      })
    },
  )
}
