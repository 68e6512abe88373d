/** Derived numbers of what happens to a second moment over many layers. */
import { activation } from '../activations/resolve'
import { type Claim, exactly, MPMATH } from './claim'
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
  ['gelu', 'own', 0.99, 50, '2.840043e-4'],
  ['gelu', 'own', 1.01, 50, '17.63046'],
  ['silu', 'own', 0.99, 50, '6.993490e-4'],
  ['silu', 'own', 1.01, 50, '1363.991'],
  ['elu', 'own', 0.99, 50, '0.9999687'],
  ['elu', 'own', 1.01, 50, '1.000031'],
  ['tanh', 'own', 0.99, 50, exactly('1')],
  ['tanh', 'own', 1.01, 50, exactly('1')],
  ['gelu', Math.SQRT2, 1, 30, '3.115612e-8'],
  ['silu', Math.SQRT2, 1, 30, '3.419595e-9'],
  ['gelu', 'own', 0.9, 50, '2.901702e-8'],
  ['gelu', 'own', 1.1, 50, '267.9463'],
  ['silu', 'own', 0.9, 50, '3.828528e-6'],
  ['silu', 'own', 1.1, 50, '170554.5'],
  ['mish', 'own', 0.9, 50, '0.01355262'],
  ['mish', 'own', 1.1, 50, '8.845572'],
  ['hardswish', 'own', 0.9, 50, '1.554364e-5'],
  ['hardswish', 'own', 1.1, 50, '1.164950e7'],
  ['leaky-relu', Math.SQRT2, 1, 50, '1.005012'],
  ['tanh', Math.SQRT2, 1, 50, '0.6179648'],
  ['gelu', Math.SQRT2, 1, 50, '2.971280e-14'],
  ['silu', Math.SQRT2, 1, 50, '3.261180e-15'],
  ['mish', Math.SQRT2, 1, 50, '7.906902e-7'],
  ['hardswish', Math.SQRT2, 1, 50, '1.909641e-15'],
  ['elu', Math.SQRT2, 1, 50, '34.09209'],
  ['selu', Math.SQRT2, 1, 50, '2923.905'],
  ['softsign', Math.SQRT2, 1, 50, '0.07947859'],
  ['sin', Math.SQRT2, 1, 50, '0.7968121'],
  ['hardtanh', Math.SQRT2, 1, 50, '1.052247'],
  ['relu', 1, 1, 50, '8.881784e-16'],
  ['tanh', 1, 1, 50, '0.01021933'],
  ['gelu', 1, 1, 50, '2.740152e-30'],
  ['silu', 1, 1, 50, '1.497838e-30'],
  ['mish', 1, 1, 50, '1.144968e-22'],
  ['hardswish', 1, 1, 50, '1.210204e-30'],
  ['elu', 1, 1, 50, '0.002700745'],
  ['selu', 1, 1, 50, exactly('1')],
  ['softsign', 1, 1, 50, '1.596654e-4'],
  ['sin', 1, 1, 50, '0.01909230'],
  ['hardtanh', 1, 1, 50, '0.1111485'],
]

export const driftClaims = (): Claim[] =>
  DRIFTS.map(([name, factor, start, layers, published]) => ({
    name: `${name}: q after ${layers} layers from ${start}, gain ${factor === 'own' ? 'its own' : factor.toPrecision(5)}`,
    published,
    compute: () => iterate(name, (factor === 'own' ? gain(name) : factor) ** 2, start, layers),
    method: 'quadrature',
    source: MPMATH,
  }))
