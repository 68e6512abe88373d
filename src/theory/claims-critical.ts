/** Published and derived numbers of critical lines and depth scales. */
import { erfc } from '../activations/erf'
import { activation } from '../activations/resolve'
import { type Claim, claims, exactly, MPMATH } from './claim'
import { criticalAtBias, criticalDecay } from './critical-line'
import { type DepthScales, depthScales, lengthMap } from './fixed-points'
import { gain } from './gain'
import { secondMoment } from './moments'

/** [activation, sigmaB2, q*, sigmaW2]. */
const CRITICAL_LINE: [string, number, string, string][] = [
  ['tanh', 0, exactly('0'), exactly('1')],
  ['tanh', 0.001, '0.107292356148', '1.18918958523'],
  ['tanh', 0.01, '0.273300913458', '1.42420529049'],
  ['tanh', 0.05, '0.570047881641', '1.76095463961'],
  ['tanh', 0.1, '0.805799181913', '1.98607264114'],
  ['tanh', 1, '3.03639639462', '3.44321091227'],
  ['erf', 0.01, '0.253209656331', '1.1142800634'],
  ['erf', 0.05, '0.517176837981', '1.37583900735'],
  ['erf', 0.1, '0.726359229385', '1.55211785533'],
]

const lineClaims = (): Claim[] =>
  CRITICAL_LINE.flatMap(([name, sigmaB2, q, sigmaW2]) => {
    const point = () => criticalAtBias(activation(name), sigmaB2)
    const common = { method: 'fixed point', source: MPMATH } as const
    return [
      {
        name: `${name}: q* on the critical line at sigmaB2 = ${sigmaB2}`,
        published: q,
        compute: () => point()?.q ?? Number.NaN,
        ...common,
      },
      {
        name: `${name}: sigmaW2 on the critical line at sigmaB2 = ${sigmaB2}`,
        published: sigmaW2,
        compute: () => point()?.sigmaW2 ?? Number.NaN,
        ...common,
      },
    ]
  })

/** tanh at sigmaB2 = 0.05: sigmaW2: q*, chi, c*, xiQ, xiC. */
const TANH: Record<number, string> = {
  1: '0.193592520245 0.759031647185 1.000000000000 1.74762624 3.62697562',
  1.5: '0.418037200533 0.938636268199 1.000000000000 1.68282839 15.79099403',
  2: '0.721761872652 1.047665999576 0.7440824195 1.38797575 25.21341479',
  3: '1.428008462196 1.208934424061 0.2993176418 1.04146069 9.05145573',
  4: '2.195493928034 1.342402414445 0.1650649620 0.873293371960 6.98027353296',
}

const SCALE_COLUMNS = ['q', 'chi', 'cosine', 'xiQ', 'xiC'] as const satisfies readonly (keyof DepthScales)[]

const scaleClaims = (): Claim[] =>
  Object.entries(TANH).flatMap(([sigmaW2, row]) =>
    row.split(' ').map((published, i) => ({
      name: `tanh: ${SCALE_COLUMNS[i]} at sigmaW2 = ${sigmaW2}, sigmaB2 = 0.05`,
      published,
      compute: () => depthScales(activation('tanh'), { sigmaW2: Number(sigmaW2), sigmaB2: 0.05 })[SCALE_COLUMNS[i]],
      method: 'fixed point',
      source: MPMATH,
    })),
  )

const tanh = () => activation('tanh')
const unbiased = (sigmaW2: number) => depthScales(tanh(), { sigmaW2, sigmaB2: 0 })
const wide = () => unbiased(gain('tanh', { compat: 'pytorch' }) ** 2)
/** P(|tanh z| > 0.97) for z ~ N(0, q). */
const saturated = (q: number) => erfc(Math.atanh(0.97) / Math.sqrt(2 * q))

function marginal(layers: number): number {
  let q = 1
  for (let l = 0; l < layers; l++) q = lengthMap(tanh(), { sigmaW2: 1, sigmaB2: 0 }, q)
  return q
}

const decay = (sigmaB2: number) => {
  const point = criticalAtBias(tanh(), sigmaB2)
  return point === null ? Number.NaN : criticalDecay(tanh(), point)
}

const singleClaims = (): Claim[] => [
  ...claims('fixed point', MPMATH, [
    ['tanh: A in 1 - c ~ A/l on the edge, sigmaB2 = 0.05', '6.17112614', () => decay(0.05)],
    ['tanh: A in 1 - c ~ A/l on the edge, sigmaB2 = 0.01', '16.6392885', () => decay(0.01)],
    ['tanh: chi at gain 5/3', '1.209831320375', () => wide().chi],
    ['tanh: std of h at gain 5/3', '0.65134704769', () => Math.sqrt(secondMoment(tanh(), wide().q))],
    ['tanh: P(|h| > 0.97) at gain 5/3', '0.0539353189', () => saturated(wide().q)],
    ['tanh: q* at sigmaW2 = 2', '0.617964769769', () => unbiased(2).q],
    ['tanh: chi at sigmaW2 = 2', '1.105528820', () => unbiased(2).chi],
  ]),
  ...claims('fixed point', 'Schoenholz et al. 2017', [
    ['tanh: critical sigmaW2 at sigmaB2 = 0.05', '1.76', () => criticalAtBias(tanh(), 0.05)?.sigmaW2 ?? Number.NaN],
  ]),
  ...claims('fixed point', 'Karpathy, makemore part 3', [
    ['tanh: std of h at gain 5/3, as measured', '0.65', () => Math.sqrt(secondMoment(tanh(), wide().q))],
  ]),
  ...claims('quadrature', MPMATH, [
    ['tanh: std of h under BatchNorm', '0.6279287', () => Math.sqrt(secondMoment(tanh(), 1))],
    ['tanh: P(|h| > 0.97) under BatchNorm', '0.0364', () => saturated(1)],
    ['tanh: q_10 at sigmaW2 = 1', '0.05220008279', () => marginal(10)],
    ['tanh: q_50 at sigmaW2 = 1', '0.01021933486', () => marginal(50)],
    ['tanh: q_100 at sigmaW2 = 1', '0.0050690192', () => marginal(100)],
    ['tanh: q_200 at sigmaW2 = 1', '0.002520806857', () => marginal(200)],
  ]),
  ...claims('closed form', 'exact', [
    [
      'erf: critical sigmaW2 without bias, pi/4',
      '0.78539816339745',
      () => criticalAtBias(activation('erf'), 0)?.sigmaW2 ?? Number.NaN,
    ],
  ]),
]

export const criticalClaims = (): Claim[] => [...lineClaims(), ...scaleClaims(), ...singleClaims()]
