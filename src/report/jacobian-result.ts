import type { JacobianProbe } from '../network/jacobian-probes'
import type { Measurement } from '../network/measure'
import type { Estimate, ExperimentConfig, JacobianResult } from '../network/result'
import { jacobian } from '../theory/jacobian'
import { knownActivation } from './cause'

/** Of a dense network. */
export function denseJacobian({ jacobian, spectra, config, weightVariances }: Measurement): JacobianResult {
  const { widths, depth } = config
  const size = { inputs: widths[0], outputs: widths[depth], theory: expected(config, weightVariances[0]) }
  return jacobianResult(jacobian, spectra, size)
}

/** Moments of a spectrum from probes, one list a seed, or from itself. */
export function jacobianResult(
  jacobian: readonly (readonly JacobianProbe[])[],
  spectra: number[][],
  size: Pick<JacobianResult, 'inputs' | 'outputs' | 'theory'>,
): JacobianResult {
  const moment = (pick: (probe: JacobianProbe) => number) => {
    const values = jacobian.map((probes) => probes.map(pick))
    return estimate(values.length > 1 ? values.map((probes) => estimate(probes).value) : values[0])
  }
  const [m1, m2] = [moment((probe) => probe.first), moment((probe) => probe.second)]
  const exact = spectra.length > 0
  return {
    probes: exact ? 0 : jacobian[0].length,
    m1,
    m2,
    spread: m2.value / (m1.value * m1.value),
    ...size,
    ...(exact ? { singularValues: spectra } : {}),
  }
}

function estimate(values: readonly number[]): Estimate {
  const count = values.length
  const value = values.reduce((a, b) => a + b, 0) / count
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0)
  return { value, standardError: count > 1 ? Math.sqrt(squares / (count - 1) / count) : null }
}

function expected({ activation, widths, depth, init }: ExperimentConfig, variance: number): JacobianResult['theory'] {
  const width = widths[0]
  const known = knownActivation(activation)
  // derivatives of a homogeneous activation have one law at every variance, so that no fixed point is needed
  if (known?.negativeSlope == null || variance === 0 || !widths.every((other) => other === width)) return null
  const weights = init.split(':')[0] === 'orthogonal' ? 'orthogonal' : 'gaussian'
  const { m1, spread } = jacobian({ activation, sigmaW2: width * variance, depth, weights })
  return { m1, spread }
}
