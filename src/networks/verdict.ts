/** Theory meets measurement in a document: the verdict's grammar is that of `propagate` (src/report/verdict.ts), its layers those of the trunk. */

import type { SeedResult, Verdict } from '../network/result'
import { type Confidence, type MeasuredTrend, measuredTrend } from '../report/measured-trend'
import { short } from '../report/number-text'
import { expInterval, logReach, logSummary } from '../report/seed-statistics'
import {
  beyondFloat32,
  count,
  dead,
  inSeeds,
  narrow,
  offTheory,
  sentence,
  stable,
  summed,
  type Told,
  underflow,
  unstable,
} from '../report/told'
import { inputPlace, logs, type Place } from '../report/trend'
import { firstLost, type Lost } from '../report/verdict'
import type { LayerTheory, TheoryMoment } from '../theory/network-moments'
import { type Layer, unitsOf } from './document'
import { isHomogeneous } from './layer-measurement'
import type { NetworkExperiment, NetworkLayerResult } from './result'
import { isScaleFree, type Station, stations, trunkIndices } from './stations'
import { type Culprit, culprit, culpritCause, culpritRemedy } from './verdict-cause'

/** An experiment as far as it is judged, beside its layers and all that theory has of them. */
export interface Judged {
  /** Of the trunk. */
  layers: readonly Layer[]
  theory: readonly LayerTheory[]
  experiment: Omit<NetworkExperiment, 'verdict'>
}

/**
 * 'dead', 'underflow', 'overflow', 'vanishing', 'exploding' or one of these after 'forward-' or 'backward-', 'narrow', 'off-theory', 'stable', as `propagate` has
 * them, of the steps of the trunk: weights and what follows, or a residual block. Without theory a way is judged by the 95 % confidence of its seeds.
 */
export function networkVerdict(judged: Judged): Verdict {
  const { experiment, layers } = judged
  const broken = lost(judged)
  if (broken) return broken
  const { config, layers: rows } = experiment
  const steps = stations(layers, rows)
  const input = config.inputSecondMoment
  const forward = stepwise(forwardTrend(judged, steps), judged, steps, true)
  const back = backwardTrend(judged, steps)
  const backward = back && stepwise(back, judged, steps, false)
  const each = steps.some(({ head }) => head.kind === 'residual') ? 'block' : 'layer'
  const told: Told = {
    ...{ forward, backward, start: steps[0].name, end: steps[steps.length - 1].name },
    ...{ depth: count(steps.length, each), each, seeds: config.seeds, several: steps.length > 1 },
    summed: summed(steps.map(({ end }) => unitsOf(end.size))),
  }
  const ahead = forward.direction !== 'even'
  const way = ahead ? forward : backward
  const most = () => culprit(steps, ahead, way?.direction === 'vanishing', input) as Culprit
  const why = () => culpritCause(most()) + measuredOnly(way) + outside(steps)
  return unstable(told, why, () => culpritRemedy(most(), steps)) ?? narrow(told) ?? offTheory(told) ?? stable(told)
}

/**
 * Layers of a document are not alike: one that changes the second moment by more than a factor e, as theory or else the seeds have it, and that the others do not
 * undo, loses it wherever it stands. A residual block may, as its branch is added on purpose, and so may what settles at a level of its own, a norm or an
 * activation that is not homogeneous, on the first input.
 */
function stepwise(
  trend: MeasuredTrend,
  { theory, experiment }: Judged,
  steps: readonly Station[],
  ahead: boolean,
): MeasuredTrend {
  const { inputSecondMoment: input } = experiment.config
  const { left } = trend
  const lost = left < 1
  const most = culprit(steps, ahead, lost, input)
  // of what is lost, or of what is too much
  const strength = (factor: number) => (lost ? 1 / factor : factor)
  if (most === undefined || !(strength(left) > Math.E)) return trend
  const at = steps.indexOf(most.step)
  const moment = (i: number) =>
    ahead ? (i < 0 ? input : theory[steps[i].index].forward?.secondMoment) : sumBack(theory, steps[i])
  const expected = ahead ? ratio(moment(at), moment(at - 1)) : ratio(moment(at - 1), moment(at))
  const factor = Number.isNaN(expected) ? most.factor : expected
  const own = strength(factor)
  if (!(own > 1)) return trend
  const alone = own * own > strength(left) && steps.length > 1 ? { alone: most.factor } : {}
  if (trend.direction !== 'even') return { ...trend, ...alone }
  const loses = own > Math.E && most.step.head.kind !== 'residual' && (at > 0 || isScaleFree(most.step))
  return loses ? { ...trend, ...alone, direction: lost ? 'vanishing' : 'exploding', perLayer: factor } : trend
}

function sumBack(theory: readonly LayerTheory[], { index, end }: Station): number | undefined {
  const back = theory[index].backward
  return back === null ? undefined : unitsOf(end.size) * back.secondMoment
}

const ratio = (a: number | undefined, b: number | undefined) => (a ?? Number.NaN) / (b ?? Number.NaN)

function outside(steps: readonly Station[]): string {
  return beyondFloat32(steps.map(({ name, end }) => ({ name, secondMoment: end.forward.secondMoment })))
}

/** That nothing but the seeds stands behind it. */
function measuredOnly(way: MeasuredTrend | null): string {
  if (way === null || !Number.isNaN(way.expectedLeft)) return ''
  const [low, high] = (way.leftInterval ?? []).map((value) => short(value))
  const seeds = way.leftInterval
    ? `95 % confidence of what is left is ${low} to ${high}`
    : 'and one seed gives no interval'
  return `; theory has no formula here, ${seeds}`
}

function lost({ layers, theory, experiment }: Judged): Verdict | undefined {
  const { seeds, layers: rows, config } = experiment
  const indices = trunkIndices(rows)
  const forward = firstLost(seeds, (seed) => indices.map((i) => seed.forwardSecondMoment[i]))
  if (forward) return lostForward(forward, indices, { layers, theory, experiment })
  const backward = firstLost(seeds, (seed) =>
    seed.backwardSecondMoment.length === 0 ? [] : [...indices].reverse().map((i) => seed.backwardSecondMoment[i]),
  )
  if (!backward) return undefined
  const vanished = backward.value === 0
  const { path } = rows[indices[indices.length - backward.layer]]
  const steps = stations(layers, rows)
  const most = culprit(steps, false, vanished, config.inputSecondMoment) as Culprit
  return {
    code: vanished ? 'underflow' : 'overflow',
    text: `${inSeeds('The gradient', backward.seeds, config.seeds)} is ${vanished ? '0' : 'infinite'} at ${path} on its way back: ${culpritCause(most)}.`,
    fix: sentence(culpritRemedy(most, steps)),
  }
}

function lostForward(found: Lost, indices: readonly number[], { layers, theory, experiment }: Judged): Verdict {
  const { layers: rows, config } = experiment
  const at = indices[found.layer - 1]
  const { path, size } = rows[at]
  const where = inSeeds(path, found.seeds, config.seeds)
  const steps = stations(layers, rows)
  const most = culprit(steps, true, found.value === 0, config.inputSecondMoment) as Culprit
  const why = culpritCause(most)
  const fix = sentence(culpritRemedy(most, steps))
  if (found.value !== 0) return { code: 'overflow', text: `${where} is infinite: ${why}.`, fix }
  const moment = (i: number) => theory[i]?.forward?.secondMoment
  if (moment(at) === 0) return { code: 'dead', text: `${where} is all 0: its weights pass nothing on.`, fix }
  const below = found.layer === 1 ? config.inputSecondMoment : moment(indices[found.layer - 2])
  const expected = (moment(at) ?? Number.NaN) / (below ?? Number.NaN)
  const before = found.before ?? config.inputSecondMoment
  const rescaled = config.rescale !== false && isHomogeneous(layers)
  // without theory a step is taken to change little
  const gone = underflow(before * (Number.isFinite(expected) ? expected : 1), rescaled)
  return gone ? { code: 'underflow', text: `${where} ${gone}: ${why}.`, fix } : dead(where, unitsOf(size))
}

function place(
  name: string,
  measured: NetworkLayerResult['forward' | 'backward'],
  theory: TheoryMoment | null,
  units: number,
): Place {
  const expected = theory ?? { secondMoment: Number.NaN, band: null, slack: 0 }
  return { ...logs(measured as NonNullable<typeof measured>, expected, units), name, slack: expected.slack }
}

function forwardTrend({ layers, theory, experiment }: Judged, steps: readonly Station[]): MeasuredTrend {
  const { config, seeds, layers: rows } = experiment
  // what stands before the first weights, a norm say, sets the level
  const first = layers.indexOf(steps[0].head) - 1
  const index = trunkIndices(rows)[first]
  const start =
    first < 0
      ? inputPlace(config.inputSecondMoment)
      : place(rows[index].path, rows[index].forward, theory[index].forward, 1)
  const places = [start, ...steps.map(({ index, name, end }) => place(name, end.forward, theory[index].forward, 1))]
  const value = (seed: SeedResult, i: number) =>
    i > 0
      ? seed.forwardSecondMoment[steps[i - 1].index]
      : first < 0
        ? config.inputSecondMoment
        : seed.forwardSecondMoment[index]
  const [from, to] = [Math.floor(steps.length / 2), steps.length]
  return measuredTrend(places, from, to, seeds.length, confidence(seeds, value, from, to, steps.length))
}

/** As of a dense network, from the last step to the first; null where nothing was sent back. */
function backwardTrend({ theory, experiment }: Judged, steps: readonly Station[]): MeasuredTrend | null {
  const { seeds } = experiment
  const back = [...steps].reverse()
  if (back.some(({ end }) => end.backward === null)) return null
  const places = back.map(({ index, name, end }) =>
    place(name, end.backward, theory[index].backward, unitsOf(end.size)),
  )
  const value = (seed: SeedResult, i: number) => unitsOf(back[i].end.size) * seed.backwardSecondMoment[back[i].index]
  const to = steps.length - Math.max(1, Math.floor(steps.length / 2))
  return measuredTrend(places, 0, to, seeds.length, confidence(seeds, value, 0, to, steps.length - 1))
}

/** By Student's t on the seeds' own ratios. */
function confidence(
  seeds: readonly SeedResult[],
  value: (seed: SeedResult, i: number) => number,
  from: number,
  to: number,
  last: number,
): Confidence {
  const ratios = (a: number, b: number) => logSummary(seeds.map((seed) => value(seed, b) / value(seed, a)))
  const [whole, half] = [ratios(0, last), ratios(from, to)]
  return { left: whole && expInterval(whole), reach: (half && logReach(half)) ?? 0 }
}
