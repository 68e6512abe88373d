/** Theory meets measurement: what an experiment says, in words. */

import type { Experiment, ExperimentConfig, LayerResult, SeedResult, Verdict } from '../network/result'
import { cause, knownActivation, layerKurtosis, remedy } from './cause'
import { factor, short } from './number-text'
import { backwardTrend, forwardTrend, type Trend } from './trend'

/** Least second moment of activations that are rescaled as they go, and so end where doubles end; and of activations that are not: float32's. */
const LEAST_RESCALED = 2 ** -1022
const LEAST_PLAIN = 2 ** -252

/** Least positive and greatest float32: what real training has. */
const FLOAT32 = [2 ** -149, 3.4028234663852886e38]

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
  return (
    unstable(experiment, forward, backward) ??
    narrow(config, forward) ??
    offTheory(forward, backward) ??
    stable(experiment, forward, backward)
  )
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
  const where = inSeeds('The gradient', backward.seeds, config)
  const layer = layers.length + 1 - backward.layer
  return {
    code: vanished ? 'underflow' : 'overflow',
    text: `${where} is ${vanished ? '0' : 'infinite'} at layer ${layer} on its way back: ${cause(config, layers)}.`,
    fix: sentence(remedy(config, layers)),
  }
}

interface Lost {
  layer: number
  value: number
  /** The same seed's second moment one layer before; undefined at the start. */
  before: number | undefined
  seeds: number
}

/** The first layer on the way whose second moment is 0 or not finite under some seed, and under how many seeds. */
function firstLost(seeds: readonly SeedResult[], way: (seed: SeedResult) => readonly number[]): Lost | undefined {
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
  const where = inSeeds(`Layer ${layer}`, seeds, config)
  const why = cause(config, layers)
  const fix = sentence(remedy(config, layers))
  if (value !== 0) return { code: 'overflow', text: `${where} is infinite: ${why}.`, fix }
  const { fanOut, theory } = layers[layer - 1]
  if (layer === 1 && theory.forward.secondMoment === 0)
    return { code: 'dead', text: `${where} is all 0: ${config.init} weights pass nothing on.`, fix }
  const expected =
    theory.forward.secondMoment / (layers[layer - 2]?.theory.forward.secondMoment ?? config.inputSecondMoment)
  const rescaled = config.bias === 0 && knownActivation(config.activation)?.negativeSlope != null
  const [least, what] = rescaled
    ? [LEAST_RESCALED, 'has a second moment below the least double']
    : [LEAST_PLAIN, 'is all 0, smaller than any float32']
  if (!((before ?? config.inputSecondMoment) * expected >= least))
    return { code: 'underflow', text: `${where} ${what}: ${why}.`, fix }
  return {
    code: 'dead',
    text: `${where} is dead: ${fanOut === 1 ? 'its unit is' : `all ${fanOut} units are`} 0 on every sample, and nothing passes a layer of zeros.`,
    fix: 'Widen the layers: all n ReLU units of a layer are off together with probability 1/2^n.',
  }
}

function unstable({ config, layers }: Measured, forward: Trend, backward: Trend | null): Verdict | undefined {
  const ahead = forward.direction !== 'even'
  const back = backward !== null && backward.direction !== 'even'
  if (!ahead && !back) return undefined
  const last = layers.length
  const going = `going forward ${change(forward)} (${leftOver(forward, "the input's", `layer ${last}`)})`
  const coming =
    backward === null ? '' : `coming back ${change(backward)} (${leftOver(backward, `layer ${last}'s`, 'layer 1')})`
  const why = cause(config, layers) + beyondFloat32(layers)
  const fix = sentence(remedy(config, layers))
  if (ahead && back)
    return {
      code: forward.direction === backward.direction ? forward.direction : `forward-${forward.direction}`,
      text: `The second moment ${going}, the gradient's${summed(layers)} ${coming}: ${why}.`,
      fix,
    }
  return ahead
    ? { code: `forward-${forward.direction}`, text: `The second moment ${going}: ${why}.`, fix }
    : {
        code: `backward-${backward?.direction}`,
        text: `The gradient's second moment${summed(layers)} ${coming}: ${why}.`,
        fix,
      }
}

/** '; in float32 all of layer 51 would overflow', where the typical activation leaves its range. */
function beyondFloat32(layers: readonly LayerResult[]): string {
  const size = ({ forward }: LayerResult) => Math.sqrt(forward.secondMoment)
  const beyond = layers.find((layer) => size(layer) < FLOAT32[0] || size(layer) > FLOAT32[1])
  if (beyond === undefined) return ''
  return `; in float32 layer ${beyond.layer} would ${size(beyond) < 1 ? 'underflow to 0' : 'overflow'}`
}

function offTheory(forward: Trend, backward: Trend | null): Verdict | undefined {
  const found = forward.surprise ?? backward?.surprise
  if (!found) return undefined
  const subject = forward.surprise ? 'The second moment' : "The gradient's second moment"
  const apart = Number.isFinite(found.errors) ? `, ${short(found.errors)} standard errors apart` : ''
  return {
    code: 'off-theory',
    text: `${subject} at layer ${found.layer} is ${short(found.measured, 3)} where theory has ${short(found.theory, 3)}${apart}.`,
    fix: 'Theory takes independent weights of mean 0 and an input of many features: where that fails, trust the measurement.',
  }
}

function narrow({ depth, seeds }: ExperimentConfig, forward: Trend): Verdict | undefined {
  if (!(forward.widthDrift < -1)) return undefined
  const times = Math.ceil(-forward.widthDrift)
  return {
    code: 'narrow',
    text: `The mean over networks is kept, but the typical network of this width keeps only ${short(Math.exp(forward.widthDrift))} of the second moment over ${depth} layers (${short(forward.left)} here, over ${count(seeds, 'seed')}).`,
    fix: `Make the layers ${times} times wider or the network ${times} times shallower: the loss grows with the sum of 1/width.`,
  }
}

function stable({ config: { depth }, layers }: Measured, forward: Trend, backward: Trend | null): Verdict {
  const going = kept(forward, 'second moment', "the input's", `layer ${depth}`)
  const coming =
    backward && depth > 1 ? `; the ${kept(backward, `gradient's${summed(layers)}`, `layer ${depth}'s`, 'layer 1')}` : ''
  return { code: 'stable', text: `The ${going}${coming}.`, fix: '' }
}

/** 'second moment stays even: 0.83 of the input's at layer 50 (95 % of such networks: 0.20 to 3.1)'. */
function kept(trend: Trend, what: string, whole: string, end: string): string {
  const even = Math.abs(Math.log(trend.expectedLeft)) < 1
  const how = even
    ? 'stays even'
    : `changes by the factor ${factor(trend.perLayer)} per layer, too little for this depth to lose it`
  const [low, high] = trend.leftBand.map((value) => short(value))
  return `${what} ${how}: ${short(trend.left)} of ${whole} at ${end} (95 % of such networks: ${low} to ${high})`
}

/** What a layer multiplies by chi is the gradient's sum over its units, and no mean of them where widths differ. */
function summed(layers: readonly LayerResult[]): string {
  return layers.every(({ fanOut }) => fanOut === layers[0].fanOut) ? '' : ", summed over a layer's units,"
}

function change({ perLayer }: Trend): string {
  const text = factor(perLayer)
  if (text === '0.50') return 'halves in every layer'
  return text === '2.0' ? 'doubles in every layer' : `is multiplied by ${text} in every layer`
}

function leftOver({ left, direction }: Trend, whole: string, end: string): string {
  return direction === 'exploding'
    ? `${short(left)} times ${whole} at ${end}`
    : `${short(left)} of ${whole} is left at ${end}`
}

function inSeeds(subject: string, seeds: number, config: ExperimentConfig): string {
  return seeds === config.seeds
    ? subject
    : `In ${seeds} of ${count(config.seeds, 'seed')}, ${subject[0].toLowerCase()}${subject.slice(1)}`
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`
}
