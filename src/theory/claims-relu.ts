/** Published and derived numbers of deep ReLU networks under He and Xavier. */
import { type Claim, claims, exactly, MPMATH, series } from './claim'
import { reluGap } from './closed-forms'
import { depthBudget } from './depth-budget'
import { gain } from './gain'
import { expectation } from './gaussian'
import { predictDense } from './predict-dense'
import { tailoredSlope } from './tailored-slope'

function reluCosine(layers: number): number {
  let e = 1
  for (let l = 0; l < layers; l++) e = reluGap(e)
  return 1 - e
}

/** ReLU layers whose weights have variance numerator/(a fan_in + b fan_out), inputs of second moment 1. */
function relu(widths: number[], variance: (fanIn: number, fanOut: number) => number) {
  return predictDense({
    widths,
    weightVariances: widths.slice(1).map((n, i) => variance(widths[i], n)),
    biasVariance: 0,
    activation: 'relu',
    inputSecondMoment: 1,
    inputCosine: null,
    batch: 1,
  })
}

const glorot = (fanIn: number, fanOut: number) => 2 / (fanIn + fanOut)
const square = (depth: number) => Array<number>(depth + 1).fill(64)
const glorotMoment = (depth: number) => relu(square(depth), glorot).forward[depth - 1].secondMoment
const glorotFactor = (fanIn: number, fanOut: number) => relu([fanIn, fanOut], glorot).forward[0].secondMoment
const flatGradient = () => {
  const { backward } = relu(square(22), glorot)
  return backward[0].weightGradNorm / backward[21].weightGradNorm
}
const gradientSquare = () =>
  (relu(square(22), glorot).backward[5].weightGradNorm / relu(square(1), glorot).backward[0].weightGradNorm) ** 2

export const reluClaims = (): Claim[] => [
  ...claims('closed form', MPMATH, [
    ...series(
      [
        [0, exactly('1')],
        [Math.PI / 4, '0.7554091649292'],
        [Math.PI / 3, '0.6089977810442'],
        [Math.PI / 2, '0.3183098861838'],
      ],
      (t) => `ReLU: kappa_1(cos ${t.toFixed(4)})`,
      (t) => 1 - reluGap(1 - Math.cos(t)),
    ),
    ...series(
      [
        [1, '0.31830988618'],
        [2, '0.4937310902'],
        [3, '0.60482572011'],
        [5, '0.73594635063'],
        [10, '0.87153551602'],
        [30, '0.97201087315'],
        [100, '0.99642314668'],
      ],
      (l) => `He ReLU: cosine of orthogonal inputs after ${l} layers`,
      reluCosine,
    ),
    ['ReLU: 1 - c ~ 44.41 / l^2, the constant 9 pi^2/2', '44.41321980', () => 4.5 * Math.PI ** 2],
    ['Xavier, ReLU: second moment after 22 layers', '2.3841858e-7', () => glorotMoment(22)],
    ['Xavier, ReLU: second moment after 30 layers', '9.3132257e-10', () => glorotMoment(30)],
    ['Xavier, ReLU: root mean square after 22 layers', '4.8828125e-4', () => Math.sqrt(glorotMoment(22))],
    ['Xavier, ReLU: root mean square after 30 layers', '3.0517578e-5', () => Math.sqrt(glorotMoment(30))],
    ['Xavier, ReLU: factor of a layer 784 -> 256', '0.753846153846', () => glorotFactor(784, 256)],
    ['Xavier, ReLU: factor of a layer 256 -> 10', '0.962406015038', () => glorotFactor(256, 10)],
    [
      'PyTorch default, ReLU: second moment after 10 layers',
      '1.65381716879e-8',
      () => relu(square(10), (n) => 1 / (3 * n)).forward[9].secondMoment,
    ],
    ['Xavier, ReLU: weight gradient of layer 1 over that of layer 22', exactly('1'), flatGradient],
    ['Xavier, ReLU: squared weight gradient of 22 layers over that of one', '4.76837158203125e-7', gradientSquare],
    [
      'std 1, n = 256: first layer whose f32 sum of squares overflows',
      '18',
      () =>
        depthBudget({ activation: 'relu', sigmaW2: 256, sigmaB2: 0, widths: square(20).fill(256) }).overflowLayer ??
        Number.NaN,
    ],
    ['He: mean |z| at q = 2, sqrt(2q/pi)', '1.1283791671', () => expectation(Math.abs, 2, [0])],
  ]),
  ...claims('fixed point', MPMATH, [
    ...series(
      [
        [20, '0.1813802774904'],
        [30, '0.3026941928257'],
        [50, '0.4305229485024'],
        [100, '0.5704395310587'],
      ],
      (depth) => `TAT: leaky slope for eta = 0.9 at depth ${depth}`,
      (depth) => tailoredSlope({ depth }) ?? Number.NaN,
    ),
    ['TAT: gain at depth 20', '1.391509290686', () => gain(`leaky-relu:${tailoredSlope({ depth: 20 })}`)],
  ]),
]
