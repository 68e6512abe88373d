/** Published and derived numbers of Jacobians and of residual, normalised and convolutional networks. */
import { type Claim, claims, exactly, MPMATH, series } from './claim'
import { borderDecay, borderMean, borderProfile } from './convolution'
import { jacobian, linearJacobianEdge } from './jacobian'
import { residual } from './residual'
import { initialLoss } from './softmax-head'
import { theory } from './theory'

const spread = (activation: string, depth: number, weights: 'gaussian' | 'orthogonal') =>
  jacobian({ activation, depth, weights }).spread

export const structureClaims = (): Claim[] => [
  ...claims('quadrature', 'Pennington, Schoenholz & Ganguli 2017', [
    ['ReLU, Gaussian: m2/m1^2 of the Jacobian, 5 layers', exactly('11'), () => spread('relu', 5, 'gaussian')],
    ['ReLU, Gaussian: m2/m1^2 of the Jacobian, 10 layers', exactly('21'), () => spread('relu', 10, 'gaussian')],
    ['ReLU, orthogonal: m2/m1^2 of the Jacobian, 5 layers', exactly('6'), () => spread('relu', 5, 'orthogonal')],
    ['ReLU, orthogonal: m2/m1^2 of the Jacobian, 10 layers', exactly('11'), () => spread('relu', 10, 'orthogonal')],
    ['linear, Gaussian: m2/m1^2 of the Jacobian, 10 layers', exactly('11'), () => spread('linear', 10, 'gaussian')],
    ['linear, orthogonal: m2/m1^2 of the Jacobian, 10 layers', exactly('1'), () => spread('linear', 10, 'orthogonal')],
  ]),
  ...claims('closed form', 'Fuss-Catalan law', [
    ...series(
      [
        [1, exactly('4')],
        [2, exactly('6.75')],
        [5, '14.92992'],
        [10, '28.5311670611'],
        [30, '82.903882052'],
        [100, '273.186196772'],
      ],
      (depth) => `linear, Gaussian: largest squared singular value, ${depth} layers`,
      linearJacobianEdge,
    ),
  ]),
  ...claims('closed form', 'exact', [
    [
      'residual: q_20/q_0 at b^2 g = 0.1',
      '6.727',
      () => residual({ blocks: 20, branchScale: Math.sqrt(0.1) }).secondMoment,
    ],
    [
      'pre-norm residual: q_20 at g = 2',
      exactly('41'),
      () => residual({ blocks: 20, branchGain: 2, preNorm: true }).secondMoment,
    ],
    ['BatchNorm, ReLU: backward factor pi/(pi - 1)', '1.466942206924', () => theory('relu').batchNormFactor],
    ['convolution: corner after one layer, 4/9', '0.444444444444', () => borderProfile(8, 3, 1)[0] ** 2],
    [
      'convolution: edge after one layer, 2/3',
      '0.666666666667',
      () => borderProfile(8, 3, 1)[0] * borderProfile(8, 3, 1)[4],
    ],
    ...series(
      [
        [4, '0.694444444444'],
        [8, '0.840277777778'],
        [16, '0.918402777778'],
        [32, '0.958767361111'],
      ],
      (size) => `convolution, ${size} x ${size}: mean after one layer`,
      (size) => borderMean(size, 3, 1),
    ),
    ...series(
      [
        [4, '0.761566885139'],
        [8, '0.921206596598'],
        [16, '0.977426317505'],
        [32, '0.993971676091'],
      ],
      (size) => `convolution, ${size} x ${size}: asymptotic factor per layer`,
      borderDecay,
    ),
    ...series(
      [
        [1, '0.8402778'],
        [2, '0.7415123'],
        [3, '0.6639232'],
        [4, '0.6001467'],
        [5, '0.5456528'],
        [6, '0.4980990'],
      ],
      (layers) => `convolution, 8 x 8: mean after ${layers} layers`,
      (layers) => borderMean(8, 3, layers),
    ),
  ]),
  ...claims('quadrature', MPMATH, [
    ['LayerNorm, GELU: backward factor', '1.0720', () => theory('gelu').layerNormFactor],
    ['LayerNorm, tanh: backward factor', '1.1778', () => theory('tanh').layerNormFactor],
    [
      'softmax over 10 classes, He on the last layer: initial loss',
      '3.11043212165',
      () => initialLoss({ classes: 10, q: 2 }),
    ],
  ]),
]
