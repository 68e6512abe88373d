/** Derived numbers of what happens to a second moment over many layers. */
import { activation } from '../activations/resolve'
import { type Claim, MPMATH } from './claim'
import { lengthMap } from './fixed-points'
import { gain } from './gain'

/** q after `layers` layers without bias. */
function iterate(name: string, sigmaW2: number, start: number, layers: number): number {
  const record = activation(name)
  let q = start
  for (let l = 0; l < layers; l++) q = lengthMap(record, { sigmaW2, sigmaB2: 0 }, q)
  return q
}

/** [activation, gain ('own', or a number), q_0, layers, q]. */
const DRIFTS: [string, 'own' | number, number, number, string][] = [
  ['gelu', 'own', 0.99, 50, '2.84004e-4'],
  ['gelu', 'own', 1.01, 50, '17.6305'],
  ['silu', 'own', 0.99, 50, '6.99349e-4'],
  ['silu', 'own', 1.01, 50, '1363.99'],
  ['elu', 'own', 0.99, 50, '0.999969'],
  ['elu', 'own', 1.01, 50, '1.00003'],
  ['tanh', 'own', 0.99, 50, '1'],
  ['tanh', 'own', 1.01, 50, '1'],
  ['gelu', Math.SQRT2, 1, 30, '3.11561e-8'],
  ['silu', Math.SQRT2, 1, 30, '3.4196e-9'],
  ['gelu', 'own', 0.9, 50, '3e-8'],
  ['gelu', 'own', 1.1, 50, '268'],
  ['silu', 'own', 0.9, 50, '4e-6'],
  ['silu', 'own', 1.1, 50, '1.7e5'],
  ['mish', 'own', 0.9, 50, '0.014'],
  ['mish', 'own', 1.1, 50, '8.8'],
  ['hardswish', 'own', 0.9, 50, '2e-5'],
  ['hardswish', 'own', 1.1, 50, '1e7'],
  ['leaky-relu', Math.SQRT2, 1, 50, '1.005'],
  ['tanh', Math.SQRT2, 1, 50, '0.618'],
  ['gelu', Math.SQRT2, 1, 50, '3e-14'],
  ['silu', Math.SQRT2, 1, 50, '3e-15'],
  ['mish', Math.SQRT2, 1, 50, '8e-7'],
  ['hardswish', Math.SQRT2, 1, 50, '2e-15'],
  ['elu', Math.SQRT2, 1, 50, '34'],
  ['selu', Math.SQRT2, 1, 50, '2924'],
  ['softsign', Math.SQRT2, 1, 50, '0.079'],
  ['sin', Math.SQRT2, 1, 50, '0.797'],
  ['hardtanh', Math.SQRT2, 1, 50, '1.05'],
  ['relu', 1, 1, 50, '9e-16'],
  ['tanh', 1, 1, 50, '0.010'],
  ['gelu', 1, 1, 50, '3e-30'],
  ['silu', 1, 1, 50, '1e-30'],
  ['mish', 1, 1, 50, '1e-22'],
  ['hardswish', 1, 1, 50, '1e-30'],
  ['elu', 1, 1, 50, '0.003'],
  ['selu', 1, 1, 50, '1'],
  ['softsign', 1, 1, 50, '2e-4'],
  ['sin', 1, 1, 50, '0.019'],
  ['hardtanh', 1, 1, 50, '0.11'],
]

export const driftClaims = (): Claim[] =>
  DRIFTS.map(([name, factor, start, layers, published]) => ({
    name: `${name}: q after ${layers} layers from ${start}, gain ${factor === 'own' ? 'its own' : factor.toPrecision(5)}`,
    published,
    compute: () => iterate(name, (factor === 'own' ? gain(name) : factor) ** 2, start, layers),
    method: 'quadrature',
    source: MPMATH,
  }))
