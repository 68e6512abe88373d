import { meanWithInterval } from '../stats/student-t'
import { kernels } from '../wasm/instance'
import { expectedSlope, findingOf, roleOf } from './coord-finding'
import type { CoordRow } from './coord-result'
import type { CoordSpec } from './coord-spec'

/** Slopes from sizes by seed, width, step and layer. */
export function coordRows(spec: CoordSpec, sizes: readonly number[][][][]): CoordRow[] {
  const layers = spec.hiddenLayers + 1
  return Array.from({ length: spec.steps * layers }, (_, k) => {
    const [step, layer] = [Math.floor(k / layers) + 1, (k % layers) + 1]
    const logs = sizes.map((widths) => widths.map((steps) => kernels().log(steps[step - 1][layer - 1])))
    return rowOf(spec, step, layer, logs)
  })
}

/** logs: ln of the size by seed and width. */
function rowOf(spec: CoordSpec, step: number, layer: number, logs: readonly number[][]): CoordRow {
  const x = spec.widths.map((width) => kernels().log(width))
  const sizes = spec.widths.map((_, w) => {
    const mean = logs.reduce((sum, seed) => sum + seed[w], 0) / logs.length
    if (mean === Number.NEGATIVE_INFINITY) return 0
    return Number.isFinite(mean) ? kernels().exp(mean) : null
  })
  const role = roleOf(spec, layer)
  const expected = expectedSlope(spec, step, layer)
  const none = { step, layer, role, sizes, slope: null, interval: null, expected }
  if (sizes.includes(null)) return { ...none, finding: 'grows' }
  if (sizes.includes(0)) return { ...none, finding: 'shrinks' }
  const { mean: slope, half } = meanWithInterval(logs.map((seed) => leastSquares(x, seed)))
  const interval = [slope - half, slope + half] as const
  return { step, layer, role, sizes, slope, interval, expected, finding: findingOf(slope, half, expected) }
}

/** The slope of y over x. */
function leastSquares(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length
  const [centre, level] = [mean(x), mean(y)]
  let [across, square] = [0, 0]
  x.forEach((value, i) => {
    across += (value - centre) * (y[i] - level)
    square += (value - centre) * (value - centre)
  })
  return across / square
}
