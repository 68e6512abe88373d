/** What one tensor's values say: sigma, distribution, the likeliest recipe and the likely mistake. */

import type { Activation } from '../activations/activation'
import { type FanOptions, type Fans, fansOf } from '../initializers/fans'
import { secondMoment } from '../theory/moments'
import { pValue, shapeP } from './fit'
import { type Law, type LawKind, likeliest, logLikelihood, type Sample } from './law'
import { deadRows, type Pattern } from './pattern'
import { type Candidate, candidates, type RecipeMistake } from './recipes'
import { sketchOf, type TensorSummary } from './summary'

/** A fault of one tensor. */
export type Fault = 'not-finite' | 'zeros' | 'constant' | 'dead-rows' | 'duplicate' | 'gain-missing' | RecipeMistake

/** What the values are spread as: a law, a pattern, or neither. */
export type FoundDistribution = LawKind | Exclude<Pattern, null>['kind'] | 'sparse' | 'other'

/** The likeliest recipe; coinciding ones are named together. */
export interface FoundRecipe {
  names: string[]
  /** Standard deviation that it wants; null for a structured matrix, whose gain is `parameter`. */
  std: number | null
  /**
   * ln of the likelihood ratio to the next law that differs, below 0 where that is a mistake which the values do not prove; null where no other
   * law can have given these values.
   */
  margin: number | null
  /** Names of other laws that the values do not rule out, with the mistake where it is one: within odds of 20 to 1. */
  orElse: string[]
}

export interface TensorJudgement {
  fans: Fans | null
  std: number
  stdError: number
  mean: number
  distribution: FoundDistribution
  /** Gain of an orthogonal matrix or identity, value of a constant, share of zeros of a sparse matrix. */
  parameter: number | null
  recipe: FoundRecipe | null
  faults: Fault[]
  /** Outputs that are all 0. */
  deadRows: number
  /** found sigma over wanted, and how many standard errors away, for each right recipe. */
  against: { name: string; std: number; ratio: number; errors: number }[]
}

/** Share of zeros from which a matrix is sparse: a draw in f32 has none, one in 16 bits few. */
const SPARSE = 0.005
/** A mistake is named only where its own p-value is no less: trained weights must not pass for one. */
const PROVEN = 0.01
/** Margin in ln below which another right recipe is named too: odds of 20 to 1. */
const DECIDED = Math.log(20)

/** The judgement of one tensor; `level` is the chance that one right recipe is called wrong. */
export function judge(summary: TensorSummary, activation: Activation, hidden: boolean, level: number): TensorJudgement {
  const { facts, reading, statistics } = summary
  const finite = statistics.count - statistics.nans - statistics.infinities
  const mean = finite > 0 ? statistics.sum / finite : Number.NaN
  const second = finite > 0 ? statistics.sum2 / finite : Number.NaN
  const std = Math.sqrt(Math.max(0, second - mean * mean))
  const kurtosis = finite > 0 && second > 0 ? statistics.sum4 / finite / second ** 2 : Number.NaN
  const use = useOf(summary)
  const fans = reading.layout === null ? null : fansOf('inspect', facts.shape, use)
  const base = { fans, mean, std, stdError: std * Math.sqrt(Math.max(0, kurtosis - 1) / (4 * finite)) }
  const nothing = { parameter: null, recipe: null, faults: [], deadRows: 0, against: [] }
  if (finite < statistics.count) return { ...base, ...nothing, distribution: 'other', faults: ['not-finite'] }
  const regular = summary.pattern
  if (regular !== null) return { ...base, ...nothing, ...ofPattern(regular, fans !== null) }
  const dead = fans === null || reading.role === 'embedding' ? 0 : deadRows(statistics)
  const { sample, zeroShare } = drawnValues(summary, dead)
  const deadFault: Fault[] = dead > 0 ? ['dead-rows'] : []
  const distribution = zeroShare > SPARSE ? 'sparse' : likeliestKind(sample, level)
  const parameter = distribution === 'sparse' ? zeroShare : null
  if (fans === null || distribution === 'sparse')
    return { ...base, ...nothing, distribution, parameter, deadRows: dead, faults: deadFault }

  const known = candidates(facts.shape, use, fans, reading.role, activation)
  const { found, fitting } = choose(known, sample, level)
  const faults: Fault[] = [...deadFault]
  const gainless = fitting.every((candidate) => candidate.gainless || candidate.mistake !== null)
  if (found?.mistake) faults.push(found.mistake)
  else if (found && gainless && hidden && losesUnitSignal(activation) && isLayer(reading.role))
    faults.push('gain-missing')
  return {
    ...base,
    distribution,
    parameter,
    deadRows: dead,
    faults,
    recipe: found && { names: found.names, std: found.law.std, ...margin(found, known, fitting, sample) },
    against: known.filter(({ mistake }) => mistake === null).map((c) => against(c, sample, base.stdError)),
  }
}

function useOf({ facts, reading }: TensorSummary): FanOptions {
  const { layout, groups, transposed } = reading
  const stride = facts.stride === undefined ? {} : { stride: facts.stride }
  return { layout: layout ?? undefined, groups, transposed, ...stride }
}

function isLayer(role: string): boolean {
  return role === 'dense' || role === 'conv'
}

/** Whether gain 1 loses the signal at a geometric rate: what is left of a small second moment is less than it. ReLU 1/2; tanh 1, slowly lost. */
function losesUnitSignal(activation: Activation): boolean {
  const small = 1e-6
  return secondMoment(activation, small) / small < 0.9
}

function ofPattern(
  found: Exclude<Pattern, null>,
  weight: boolean,
): Partial<TensorJudgement> & Pick<TensorJudgement, 'distribution'> {
  switch (found.kind) {
    case 'zeros':
      return { distribution: 'zeros', faults: weight ? ['zeros'] : [] }
    case 'constant':
      return { distribution: 'constant', parameter: found.value, faults: weight ? ['constant'] : [] }
    default: {
      const gain = Number(found.gain.toPrecision(4))
      const name = found.kind === 'deltaOrthogonal' ? 'delta-orthogonal' : found.kind
      const names = [gain === 1 ? name : `${name}:${gain}`]
      return {
        distribution: found.kind,
        parameter: found.gain,
        recipe: weight ? { names, std: null, margin: null, orElse: [] } : null,
      }
    }
  }
}

/** The values without dead outputs, and without the zeros of a sparse matrix, which are counted. */
function drawnValues(
  { statistics, dtype, reading }: TensorSummary,
  dead: number,
): { sample: Sample; zeroShare: number } {
  const { count, zeros, rows, sum, sum2, min, max } = statistics
  const held = (dead * count) / rows.length
  const zeroShare = (zeros - held) / (count - held)
  const n = zeroShare > SPARSE ? count - zeros : count - held
  const counts = sketchOf(statistics)
  const negative = Math.max(0, count - n - counts[0])
  counts[0] -= count - n - negative
  counts[counts.length / 2] -= negative
  const inputs = count / rows.length
  // zeros that are left out leave the outputs unequal
  const equal = n === count - held && reading.layout !== null
  const sample: Sample = {
    ...{ n, mean: sum / n, second: sum2 / n, fourth: statistics.sum4 / n, reach: Math.max(max, -min), counts, dtype },
    ...{
      inputs,
      rows: equal ? rows.filter((square) => square > 0).map((square) => square / inputs) : new Float64Array(0),
    },
  }
  return { sample, zeroShare }
}

const KINDS: readonly LawKind[] = ['normal', 'uniform', 'truncatedNormal']

/** The kind of greatest likelihood with its own best scale, 'other' where even that does not have the shape of the values. */
function likeliestKind(sample: Sample, level: number): LawKind | 'other' {
  const laws = KINDS.map((kind) => likeliest(kind, sample))
  const best = laws.reduce((a, b) => (logLikelihood(b, sample) > logLikelihood(a, sample) ? b : a))
  return shapeP(best, sample) < level ? 'other' : best.kind
}

/** The likeliest right recipe that the values do not rule out, else the likeliest mistake, else none. */
function choose(
  known: readonly Candidate[],
  sample: Sample,
  level: number,
): { found: Candidate | null; fitting: Candidate[] } {
  const fitting = known.filter(({ law, mistake }) => pValue(law, sample) >= (mistake === null ? level : PROVEN))
  const right = fitting.filter(({ mistake }) => mistake === null)
  const pool = right.length ? right : fitting
  if (pool.length === 0) return { found: null, fitting }
  const best = pool.reduce((a, b) => (ratio(b.law, a.law, sample) > 0 ? b : a))
  if (best.mistake === null) return { found: best, fitting }
  // of mistakes that the values hardly tell apart, the commonest: they are listed in that order
  return { found: pool.find(({ law }) => ratio(best.law, law, sample) < DECIDED)!, fitting }
}

/** ln of the likelihood ratio. */
function ratio(a: Law, b: Law, sample: Sample): number {
  return logLikelihood(a, sample) - logLikelihood(b, sample)
}

function margin(found: Candidate, known: readonly Candidate[], fitting: readonly Candidate[], sample: Sample) {
  const others = known.filter((candidate) => candidate !== found)
  const next = Math.min(...others.map(({ law }) => ratio(found.law, law, sample)))
  const near = fitting.filter((other) => other !== found && ratio(found.law, other.law, sample) < DECIDED)
  const named = near.map(({ names, mistake }) => (mistake === null ? names[0] : `${names[0]} with ${mistake}`))
  return { margin: Number.isFinite(next) ? next : null, orElse: named }
}

function against({ names, law }: Candidate, { second }: Sample, stdError: number) {
  const std = Math.sqrt(second)
  return { name: names.join(' = '), std: law.std, ratio: std / law.std, errors: (std - law.std) / stdError }
}
