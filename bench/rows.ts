import type { Measured } from './measure'
import { median } from './median'
import { CEILING, inUnit, type Unit, type Work } from './works'

/** A row as `--json` prints it. */
export interface Row {
  name: string
  case: string
  unit: Unit
  /** Median over all samples of all processes. */
  value: number
  /** How many times as fast as each: above 1 evenkeel is the faster. */
  ratios: Record<string, number>
}

/** A row with what a reader wants to know beside it. */
export interface FullRow extends Row {
  /** The best sample's value. */
  best: number
  /** Distance between the medians of the processes, as a part of the value. */
  spread: number
  /** Median of each peer, in the row's unit. */
  peers: Record<string, { value: number; spread: number }>
}

/** The row of one work; undefined when evenkeel itself has no right result for it. */
export function rowOf(
  work: Work,
  ours: Measured,
  peers: readonly (readonly [string, Measured | undefined])[],
): FullRow | undefined {
  const own = summary(ours, work.task)
  if (!own) return undefined
  const ceiling = work.ceiling === undefined ? undefined : summary(ours, work.ceiling)
  const row: FullRow = {
    name: work.name,
    case: work.label,
    unit: work.unit,
    value: inUnit(work, own.median),
    best: inUnit(work, own.least),
    spread: own.spread,
    ratios: ceiling ? { ceiling: ceilingRatio(work, own.median, ceiling.median) } : {},
    peers: {},
  }
  for (const [name, measured] of peers) {
    const theirs = measured && summary(measured, work.peersTask ?? work.task)
    if (!theirs) continue
    row.ratios[name] = theirs.median / own.median
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

export function summary({ samples }: Measured, task: string): Summary | undefined {
  const processes = samples.get(task)
  if (!processes) return undefined
  const all = processes.flat()
  const medians = processes.map(median)
  return {
    median: median(all),
    least: Math.min(...all),
    spread: (Math.max(...medians) - Math.min(...medians)) / median(all),
  }
}
