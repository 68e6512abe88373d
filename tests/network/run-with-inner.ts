import type { Draw } from '../../src/initializers/draw'
import type { DenseEngine } from '../../src/network/dense-engine'
import { panelsLen } from '../../src/network/panels'
import type { NetworkSpec } from '../../src/network/spec'
import { WEIGHTS } from '../../src/network/weight-products'
import { type BackwardStatistics, runSeed, type SeedMeasurement } from '../../src/network/weights-engine'

/** With <W, dL/dW>, summed over the batch: by Euler's identity the same in every layer of a homogeneous network. */
export interface MeasurementWithInner extends SeedMeasurement {
  backward: (BackwardStatistics & { inner: number })[] | null
}

/** runSeed, and <W, dL/dW> = <grad, x> of each layer. */
export function runWithInner(
  spec: NetworkSpec,
  draws: readonly Draw[],
  seed: bigint,
  engine: DenseEngine = WEIGHTS,
): MeasurementWithInner {
  const stored: { dot: number; log: number }[] = []
  const { forward, backward, ...run } = runSeed(spec, draws, seed, {
    ...engine,
    backward(arena, grad, delta, x, ...rest) {
      const squares = engine.backward(arena, grad, delta, x, ...rest)
      const dot = arena.kernels.dot(grad.ptr, x.ptr, panelsLen(grad))
      stored.unshift({ dot, log: arena.kernels.log(squares.secondMoment) })
      return squares
    },
  })
  const withInner = backward?.map((layer, i) => {
    const { dot, log } = stored[i]
    const own = (layer.logSecondMoment - log) / (2 * Math.LN2)
    const exponent = Math.round(Number.isFinite(own) ? own : 0) + (i > 0 ? forward[i - 1].exponent : 0)
    return { ...layer, inner: dot * 2 ** exponent }
  })
  return { ...run, forward, backward: withInner ?? null }
}
