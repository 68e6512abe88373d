/** Published and derived numbers of single activations. */
import { activation } from '../activations/resolve'
import { type Claim, claims, exactly, MPMATH } from './claim'
import { type CriticalPoint, criticalPoint, halfStablePoint } from './critical-line'
import { lengthFixedPoint } from './fixed-points'
import { gain } from './gain'
import { momentSlope } from './moments'
import { type Theory, theory } from './theory'

const known = new Map<string, Theory>()

/** Each activation's theory once, although a dozen rows ask for it. */
function theoryOf(name: string): Theory {
  const result = known.get(name) ?? theory(name)
  known.set(name, result)
  return result
}

const COLUMNS = [
  'mean',
  'secondMoment',
  'derivativeSecondMoment',
  'gain',
  'stdGain',
  'chi',
  'qSlope',
  'kurtosis',
  'batchNormFactor',
] as const satisfies readonly (keyof Theory)[]

/** At q = 1 and sigmaW2 = gain^2; columns as above. What is printed short is exact. */
const AT_UNIT_GAIN: Record<string, string> = {
  linear: '0 1 1 1 1 1 1 2 1',
  relu: '0.3989422804014 0.5 0.5 1.414213562373 1.712858550450 1 1 5 1.466942206924',
  'leaky-relu:0.01': '0.3949528575974 0.50005 0.50005 1.414142856998 1.704831627177 1 1 4.998800239964 1.453370761056',
  'leaky-relu:0.2': '0.3191538243211 0.52 0.52 1.386750490563 1.546460060361 1 1 4.556213017751 1.243600133512',
  'prelu:0.25': '0.2992067103011 0.53125 0.53125 1.371988681140 1.504609643216 1 1 4.335640138408 1.202670407306',
  elu: '0.1605205722666 0.6449454174929 0.6681020012232 1.245198300701 1.270843417850 1.035904718604 0.890967971856 2.776021997795 1.079013455480',
  selu: '0 1 1.071574992456 1 1 1.071574992456 0.782647883197 1.503140450615 1.071574992456',
  gelu: '0.2820947917739 0.4252214825703 0.4558508656493 1.533530441196 1.700926243363 1.072031598436 1.144063196873 6.215614285841 1.318844970866',
  'gelu-tanh':
    '0.2820385880788 0.4251937110331 0.4558178459630 1.533580521666 1.700916561695 1.072023960221 1.144298266155 6.217834300968 1.318734427363',
  silu: '0.2066209641419 0.3557755198174 0.3794823516328 1.676532470331 1.787187222100 1.066634241242 1.172594054099 6.261746381868 1.212081114757',
  sigmoid:
    '0.5 0.2933790358581 0.0448362413502 1.846228545339 4.801313372040 0.152827011716 0.106341074741 0.528899601132 1.033592390040',
  tanh: '0 0.3942944903978 0.4644029024483 1.592537419723 1.592537419723 1.177807232304 0.461070830478 0.627290806015 1.177807232304',
  erf: '0 0.4645590543975 0.5694100347337 1.467166950489 1.467166950489 1.225700003786 0.408566667929 0.559838544261 1.225700003786',
  'squared-relu': '0.5 1.5 2 0.816496580928 0.894427191000 1.333333333333 2 22.33333333333 1.6',
}

const SHORT = 8

const tableClaims = (): Claim[] =>
  Object.entries(AT_UNIT_GAIN).flatMap(([name, row]) =>
    row.split(' ').map((published, i) => ({
      name: `${name}: ${COLUMNS[i]} at unit gain`,
      published: published.length < SHORT ? exactly(published) : published,
      compute: () => theoryOf(name)[COLUMNS[i]],
      method: 'quadrature',
      source: MPMATH,
    })),
  )

/** Six-digit gains of more activations: gain, stdGain, 1/sqrt <phi'^2>, chi, q-slope; '-' where none was given. */
const MORE_GAINS: Record<string, string> = {
  mish: '1.486848 1.592025 1.444755 1.059 1.076',
  hardswish: '1.736657 1.813871 1.670076 1.081 1.224',
  softplus: '1.041867 1.919126 1.846229 - -',
  softsign: '2.337533 2.337533 2.095781 1.244 0.477',
  sin: '1.520867 1.520867 1.327251 1.313 0.313',
  hardtanh: '1.392036 1.392036 1.210287 1.323 0.385',
  'squared-relu': '- - 0.707107 - -',
  sigmoid: '- - 4.722646 - -',
  selu: '- - 0.966026 - -',
  elu: '- - 1.223429 - -',
  silu: '- - 1.623320 - -',
  gelu: '- - 1.481114 - -',
  tanh: '- - 1.467414 - -',
  'quick-gelu': '1.539459 - - - -',
  hardsigmoid: '1.897840 - - - -',
}

const GAIN_COLUMNS: { label: string; of: (t: Theory) => number }[] = [
  { label: 'gain', of: (t) => t.gain },
  { label: 'stdGain', of: (t) => t.stdGain },
  { label: "backward gain 1/sqrt <phi'^2>", of: (t) => 1 / Math.sqrt(t.derivativeSecondMoment) },
  { label: 'chi', of: (t) => t.chi },
  { label: 'qSlope', of: (t) => t.qSlope },
]

const gainClaims = (): Claim[] =>
  Object.entries(MORE_GAINS).flatMap(([name, row]) =>
    row.split(' ').flatMap((published, i) =>
      published === '-'
        ? []
        : [
            {
              name: `${name}: ${GAIN_COLUMNS[i].label}`,
              published,
              compute: () => GAIN_COLUMNS[i].of(theoryOf(name)),
              method: 'quadrature' as const,
              source: 'Gauss-Legendre quadrature',
            },
          ],
    ),
  )

const SHARES: [string, 'meanShare' | 'linearShare', string][] = [
  ['relu', 'meanShare', '0.318309886184'],
  ['gelu', 'meanShare', '0.187143582363'],
  ['silu', 'meanShare', '0.119997640211'],
  ['elu', 'meanShare', '0.039951991939'],
  ['softplus', 'meanShare', '0.70527467'],
  ['sigmoid', 'meanShare', '0.85213996'],
  ['relu', 'linearShare', exactly('0.5')],
  ['gelu', 'linearShare', '0.587928903518'],
  ['silu', 'linearShare', '0.702690281019'],
  ['tanh', 'linearShare', '0.930469923615'],
  ['selu', 'linearShare', '0.970680352301'],
  ['erf', 'linearShare', '0.913582842829'],
]

const shareClaims = (): Claim[] =>
  SHARES.map(([name, share, published]) => ({
    name: `${name}: ${share === 'meanShare' ? 'C(0)' : "C'(0)"}`,
    published,
    compute: () => theoryOf(name)[share],
    method: 'quadrature',
    source: `Martens et al. 2021; ${MPMATH}`,
  }))

const gelu10 = () => criticalPoint(activation('gelu'), 10)
const half = (name: string, part: keyof CriticalPoint) => halfStablePoint(activation(name))?.[part] ?? Number.NaN
const pytorch = { compat: 'pytorch' } as const
const compatible = (name: string) => ({ sigmaW2: gain(name, pytorch) ** 2, sigmaB2: 0 })

const singleClaims = (): Claim[] => [
  ...claims('fixed point', `Roberts, Yaida & Hanin 2022; ${MPMATH}`, [
    ['gelu: half-stable q*, (3 + sqrt 17)/2', '3.5615528128088', () => half('gelu', 'q')],
    ['gelu: half-stable sigmaW2', '1.9830582574375', () => half('gelu', 'sigmaW2')],
    ['gelu: half-stable sigmaB2', '0.17292239075607', () => half('gelu', 'sigmaB2')],
    ['silu: half-stable q*', '14.320173618026', () => half('silu', 'q')],
    ['silu: half-stable sigmaW2', '1.9880046782695', () => half('silu', 'sigmaW2')],
    ['silu: half-stable sigmaB2', '0.55514317072153', () => half('silu', 'sigmaB2')],
  ]),
  ...claims('quadrature', MPMATH, [
    ['gelu: sigmaW2 on the critical line at q = 10', '1.955815125', () => gelu10().sigmaW2],
    ['gelu: sigmaB2 on the critical line at q = 10', '0.323458814', () => gelu10().sigmaB2],
    ['gelu: q-slope there', '0.981822149', () => gelu10().sigmaW2 * momentSlope(activation('gelu'), 10)],
    ['selu: growth of the gradient in 33 layers', '9.8', () => theoryOf('selu').chi ** 33],
  ]),
  ...claims('quadrature', 'Klambauer et al. 2017', [["selu: dq'/dq", '0.782648', () => theoryOf('selu').qSlope]]),
  ...claims('fixed point', MPMATH, [
    ["selu: q* at PyTorch's gain", '0.0230337846108', () => lengthFixedPoint(activation('selu'), compatible('selu'))],
    ["tanh: q* at PyTorch's gain", '1.178480490386', () => lengthFixedPoint(activation('tanh'), compatible('tanh'))],
  ]),
  ...claims('closed form', 'torch.nn.init.calculate_gain', [
    ["tanh: PyTorch's gain", '1.6667', () => gain('tanh', pytorch)],
    ["selu: PyTorch's gain", exactly('0.75'), () => gain('selu', pytorch)],
    ["sigmoid: PyTorch's gain", exactly('1'), () => gain('sigmoid', pytorch)],
  ]),
]

export const activationClaims = (): Claim[] => [...tableClaims(), ...gainClaims(), ...shareClaims(), ...singleClaims()]
