/** Derived numbers of networks of finite width: what seeds do. */
import { activation } from '../activations/resolve'
import { type Claim, claims, MPMATH, type Row, series } from './claim'
import { forwardPass } from './dense-forward'
import { layerLengthFactor, layerLogFactor, relativeVariance, seedsNeeded } from './finite-width'
import { gain } from './gain'

const LOG_FACTORS: [number, string, string][] = [
  [16, '-0.1763973244071', '0.4195933941068'],
  [64, '-0.04010859883575', '0.08299735055645'],
  [100, '-0.02542088562276', '0.05193999214873'],
  [128, '-0.01978640187732', '0.04023399260291'],
  [256, '-0.009828659363803', '0.0198187089098'],
  [1024, '-0.002445311643551', '0.004900534921557'],
]

const repeated = (n: number, depth: number) => Array<number>(depth).fill(n)
/** Half-width of the 95 % band of |h_L|^2 around its median, as a factor. */
const bandFactor = (n: number, depth: number) => Math.exp(1.96 * Math.sqrt(depth * layerLogFactor(n, 0).variance))

/** Var q_l/q_l^2 of tanh at unit gain and n = 64: that of the layer below, carried up, and the 2/n of the sample itself. */
function tanhLengthVariance(layer: number): number {
  const factor = gain('tanh') ** 2
  const layers = forwardPass({
    widths: repeated(64, layer + 1),
    weightVariances: repeated(factor / 64, layer),
    biasVariance: 0,
    activation: activation('tanh'),
    inputSecondMoment: 1 / factor,
    inputCosine: null,
    batch: 1,
  })
  return layers[layer - 1].logQ.variance + 2 / 64
}

export const widthClaims = (): Claim[] => [
  ...claims('closed form', MPMATH, [
    ...LOG_FACTORS.flatMap(([n, mean, variance]): Row[] => [
      [`ReLU, n = ${n}: mean of the log factor of a layer`, mean, () => layerLogFactor(n, 0).mean],
      [`ReLU, n = ${n}: variance of the log factor of a layer`, variance, () => layerLogFactor(n, 0).variance],
    ]),
    ['linear, n = 256: mean of the log factor of a layer', '-0.003911336231978', () => layerLogFactor(256, 1).mean],
    [
      'linear, n = 256: variance of the log factor of a layer',
      '0.007843097050015',
      () => layerLogFactor(256, 1).variance,
    ],
    ['ReLU, n = 64: E|Ju| of a layer', '0.990190148960', () => layerLengthFactor(64)],
    ['ReLU, n = 256: E|Ju| of a layer', '0.997555846395', () => layerLengthFactor(256)],
    ...series(
      [
        [[256, 10], '0.2134039944'],
        [[256, 22], '0.530424553'],
        [[256, 30], '0.7865544655'],
        [[256, 50], '1.630432134'],
        [[100, 100], '130.5012578'],
        [[64, 30], '8.551542284'],
      ] as [number[], string][],
      ([n, depth]) => `ReLU: relative variance of the second moment, width ${n}, depth ${depth}`,
      ([n, depth]) => relativeVariance(repeated(n, depth)),
    ),
    ['ReLU: factor of the 95 % band, width 256, depth 30', '4.533', () => bandFactor(256, 30)],
    ['ReLU: factor of the 95 % band, width 100, depth 100', '87.1', () => bandFactor(100, 100)],
    [
      'ReLU: seeds for 10 % on the mean, width 256, depth 30',
      '79',
      () => seedsNeeded(relativeVariance(repeated(256, 30)), 0.1),
    ],
    [
      'ReLU: seeds for 10 % on the mean, width 100, depth 100',
      '13050',
      () => seedsNeeded(relativeVariance(repeated(100, 100)), 0.1),
    ],
    [
      'ReLU: seeds for 0.1 on the log mean, width 256, depth 30',
      '59',
      () => seedsNeeded(30 * layerLogFactor(256, 0).variance, 0.1),
    ],
    [
      'ReLU: seeds for 0.1 on the log mean, width 100, depth 100',
      '519',
      () => seedsNeeded(100 * layerLogFactor(100, 0).variance, 0.1),
    ],
  ]),
  ...claims('quadrature', MPMATH, [
    ...series(
      [
        [1, '0.03125'],
        [2, '0.04105'],
        [3, '0.04314'],
        [6, '0.04369'],
        [12, '0.04370'],
      ],
      (layer) => `tanh, n = 64, unit gain: Var q_${layer}/q^2`,
      tanhLengthVariance,
    ),
  ]),
]
