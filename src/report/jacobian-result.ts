import type { JacobianProbe } from '../network/jacobian-probes'
import type { Estimate, JacobianResult } from '../network/result'

/** Moments of a spectrum from probes, one list a seed. */
export function jacobianResult(seeds: readonly JacobianProbe[][]): JacobianResult {
  const moment = (pick: (probe: JacobianProbe) => number) => {
    const values = seeds.map((probes) => probes.map(pick))
    return estimate(values.length > 1 ? values.map((probes) => estimate(probes).value) : values[0])
  }
  const [m1, m2] = [moment((probe) => probe.first), moment((probe) => probe.second)]
  return { probes: seeds[0].length, m1, m2, spread: m2.value / (m1.value * m1.value) }
}

function estimate(values: readonly number[]): Estimate {
  const count = values.length
  const value = values.reduce((a, b) => a + b, 0) / count
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0)
  return { value, standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : null }
}
