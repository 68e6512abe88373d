import { median } from './median'
import { calmest, quiet, type Visit } from './visit'
import { CEILING, inUnit, type Unit, type Work } from './works'

/** A row as `--json` prints it. */
export interface Row {
  name: string
  case: string
  unit: Unit
  /** Median over all samples. */
  value: number
  /** How many times as fast as each, the median over the visits in which both did it: above 1 evenkeel is the faster. */
  ratios: Record<string, number>
}

/** A row with what a reader wants to know beside it. */
export interface FullRow extends Row {
  /** The best sample's value. */
  best: number
  /** Distance between the medians of the rounds, as a part of the value. */
  spread: number
  /** How often it was visited, and how often so that nothing disturbed; the values are of the quiet visits where there are any. */
  visits: number
  quiet: number
  /** Median of each peer, in the row's unit. */
  peers: Record<string, { value: number; spread: number }>
}

/** The row of one work, from its quiet visits, or from all where none was quiet. */
export function rowOf(work: Work, all: readonly Visit[], best: number): FullRow {
  const calm = quiet(all, best)
  const visits = calmest(all, best)
  const own = summary(visits.map(({ round, ours }) => ({ round, samples: ours })))
  const row: FullRow = {
    name: work.name,
    case: work.label,
    unit: work.unit,
    value: inUnit(work, own.median),
    best: inUnit(work, own.least),
    spread: own.spread,
    visits: all.length,
    quiet: calm.length,
    ratios: {},
    peers: {},
  }
  const bounded = visits.flatMap(({ ours, ceiling }) =>
    ceiling ? [ceilingRatio(work, median(ours), median(ceiling))] : [],
  )
  if (bounded.length > 0) row.ratios.ceiling = median(bounded)
  for (const name of new Set(all.flatMap(({ peers }) => Object.keys(peers)))) {
    const met = ({ peers }: Visit) => name in peers
    const shared = calm.some(met) ? calm.filter(met) : all.filter(met)
    const theirs = summary(shared.map(({ round, peers }) => ({ round, samples: peers[name] })))
    row.ratios[name] = median(shared.map(({ ours, peers }) => median(peers[name]) / median(ours)))
    row.peers[name] = { value: inUnit(work, theirs.median), spread: theirs.spread }
  }
  return row
}

/** Products are bounded by operations a second, the rest by a loop over the same bytes. */
function ceilingRatio(work: Work, seconds: number, ceilingSeconds: number): number {
  return work.unit === 'GFLOP/s' ? work.amount / seconds / ceilingSpeed(ceilingSeconds) : ceilingSeconds / seconds
}

/** GFLOP/s of the register-only loop. */
export function ceilingSpeed(seconds: number): number {
  return inUnit(CEILING, seconds)
}

export interface Summary {
  median: number
  least: number
  spread: number
}

export function summary(visits: readonly { round: number; samples: readonly number[] }[]): Summary {
  const all = visits.flatMap(({ samples }) => samples)
  const rounds = [...new Set(visits.map(({ round }) => round))]
  const medians = rounds.map((round) => median(visits.flatMap((visit) => (visit.round === round ? visit.samples : []))))
  return {
    median: median(all),
    least: Math.min(...all),
    spread: (Math.max(...medians) - Math.min(...medians)) / median(all),
  }
}
