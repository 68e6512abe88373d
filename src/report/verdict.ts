/** Theory meets measurement: what an experiment says, in words. */

import type { Experiment, ExperimentConfig, LayerResult, SeedResult, Verdict } from '../network/result'
import { cause, knownActivation, layerKurtosis, remedy } from './cause'
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
} from './told'
import { backwardTrend, forwardTrend } from './trend'

export type Measured = Omit<Experiment, 'verdict'>

/**
 * The verdict on an experiment: the first of these that holds, with its cause and what to change.
 * 'dead', 'underflow', 'overflow': a layer where nothing finite is left;
 * 'vanishing', 'exploding', or one of these after 'forward-' or 'backward-': the deeper half changes the second moment by more than a factor e;
 * 'narrow': the width alone takes more than a factor e from the typical network;
 * 'off-theory': a layer more than 5 standard errors from theory, and farther than theory's first order in 1/width, kurtosis sum 1/n of ln;
 * 'stable'.
 */
export function verdict(experiment: Measured): Verdict {
  const { config, layers } = experiment
  const broken = lost(experiment)
  if (broken) return broken
  const way = { ...config, layers, kurtosis: layerKurtosis(config.activation) }
  const forward = forwardTrend(way)
  const backward = backwardTrend(way)
  const told: Told = {
    ...{ forward, backward, start: 'layer 1', end: `layer ${layers.length}`, depth: count(config.depth, 'layer') },
    ...{
      each: 'layer',
      seeds: config.seeds,
      summed: summed(layers.map(({ fanOut }) => fanOut)),
      several: config.depth > 1,
    },
  }
  const why = () =>
    cause(config, layers) + beyondFloat32(layers.map(({ layer, forward }) => ({ name: `layer ${layer}`, ...forward })))
  return unstable(told, why, () => remedy(config, layers)) ?? narrow(told) ?? offTheory(told) ?? stable(told)
}

/** Whether a check fails: the signal or the gradient is lost. 'off-theory' alone loses neither. */
export function isUnstable({ code }: Verdict): boolean {
  return code !== 'stable' && code !== 'off-theory'
}

/** A layer that is all zero, or not finite, under some seed: there is no logarithm to follow. */
function lost({ config, layers, seeds }: Measured): Verdict | undefined {
  const forward = firstLost(seeds, (seed) => seed.forwardSecondMoment)
  if (forward) return lostForward(forward, config, layers)
  const backward = firstLost(seeds, (seed) => [...seed.backwardSecondMoment].reverse())
  if (!backward) return undefined
  const vanished = backward.value === 0
  const where = inSeeds('The gradient', backward.seeds, config.seeds)
  const layer = layers.length + 1 - backward.layer
  return {
    code: vanished ? 'underflow' : 'overflow',
    text: `${where} is ${vanished ? '0' : 'infinite'} at layer ${layer} on its way back: ${cause(config, layers)}.`,
    fix: sentence(remedy(config, layers)),
  }
}

/** Something that is 0, or not finite. */
export interface Lost {
  layer: number
  value: number
  /** The same seed's second moment one layer before; undefined at the start. */
  before: number | undefined
  seeds: number
}

/** The first layer on the way whose second moment is 0 or not finite under some seed, and under how many seeds. */
export function firstLost(
  seeds: readonly SeedResult[],
  way: (seed: SeedResult) => readonly number[],
): Lost | undefined {
  const isLost = (value: number) => !(value > 0 && value < Number.POSITIVE_INFINITY)
  const ways = seeds.map(way)
  const length = Math.max(0, ...ways.map((values) => values.length))
  for (let i = 0; i < length; i++) {
    const losers = ways.filter((values) => isLost(values[i]))
    if (losers.length) return { layer: i + 1, value: losers[0][i], before: losers[0][i - 1], seeds: losers.length }
  }
  return undefined
}

function lostForward(
  { layer, value, before, seeds }: Lost,
  config: ExperimentConfig,
  layers: readonly LayerResult[],
): Verdict {
  const where = inSeeds(`Layer ${layer}`, seeds, config.seeds)
  const why = cause(config, layers)
  const fix = sentence(remedy(config, layers))
  if (value !== 0) return { code: 'overflow', text: `${where} is infinite: ${why}.`, fix }
  const { fanOut, theory } = layers[layer - 1]
  if (layer === 1 && theory.forward.secondMoment === 0)
    return { code: 'dead', text: `${where} is all 0: ${config.init} weights pass nothing on.`, fix }
  const expected =
    theory.forward.secondMoment / (layers[layer - 2]?.theory.forward.secondMoment ?? config.inputSecondMoment)
  const homogeneous = config.bias === 0 && knownActivation(config.activation)?.negativeSlope != null
  const rescaled = homogeneous && config.rescale !== false
  const below = underflow((before ?? config.inputSecondMoment) * expected, rescaled)
  if (below) return { code: 'underflow', text: `${where} ${below}: ${why}.`, fix }
  return dead(where, fanOut)
}
