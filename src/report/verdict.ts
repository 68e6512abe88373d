/** Theory meets measurement: what an experiment says, in words. */

import type { Experiment, ExperimentConfig, LayerResult, SeedResult, Verdict } from '../network/result'
import { cause, remedy } from './cause'
import { factor, short } from './number-text'
import { backwardTrend, forwardTrend, type Trend } from './trend'

/** Standard errors between theory and measurement that are no accident: once in 1.7 million. */
const SURPRISE = 5

export type Measured = Omit<Experiment, 'verdict'>

/**
 * The verdict on an experiment: the first of these that holds, with its cause and what to change.
 * 'dead', 'underflow', 'overflow': a layer where nothing finite is left;
 * 'vanishing', 'exploding', or one of these after 'forward-' or 'backward-': the deeper half changes the second moment by more than a factor e;
 * 'off-theory': a layer more than 5 standard errors from theory;
 * 'narrow': the width alone takes more than a factor e from the typical network;
 * 'stable'.
 */
export function verdict(experiment: Measured): Verdict {
  const { config, layers } = experiment
  const broken = lost(experiment)
  if (broken) return broken
  const forward = forwardTrend(layers, config.inputSecondMoment, config.seeds)
  const backward = layers.every((layer) => layer.backward !== null) ? backwardTrend(layers, config.seeds) : null
  return (
    unstable(experiment, forward, backward) ??
    offTheory(forward, backward) ??
    narrow(config, forward) ??
    stable(config, forward, backward)
  )
}

/** True for the verdicts that a check reports as a failure: all but 'stable'. */
export function isUnstable({ code }: Verdict): boolean {
  return code !== 'stable'
}

/** A layer that is all zero, or not finite, under some seed: there is no logarithm to follow. */
function lost({ config, layers, seeds }: Measured): Verdict | undefined {
  const forward = firstLost(seeds, (seed) => seed.forwardSecondMoment)
  if (forward) return lostForward(forward, config, layers)
  const backward = firstLost(seeds, (seed) => [...seed.backwardSecondMoment].reverse())
  if (!backward) return undefined
  const layer = layers.length + 1 - backward.layer
  return {
    code: backward.value === 0 ? 'underflow' : 'overflow',
    text: `${inSeeds('The gradient', backward.seeds, config)} is ${backward.value === 0 ? '0' : 'not finite'} at layer ${layer} on its way back: ${cause(config, layers)}.`,
    fix: sentence(remedy(config, layers)),
  }
}

interface Lost {
  layer: number
  value: number
  seeds: number
}

/** The first layer on the way whose second moment is 0 or not finite under some seed, and under how many seeds. */
function firstLost(seeds: readonly SeedResult[], way: (seed: SeedResult) => readonly number[]): Lost | undefined {
  const isLost = (value: number) => !(value > 0 && value < Number.POSITIVE_INFINITY)
  const ways = seeds.map(way)
  const length = Math.max(0, ...ways.map((values) => values.length))
  for (let i = 0; i < length; i++) {
    const values = ways.map((values) => values[i]).filter(isLost)
    if (values.length) return { layer: i + 1, value: values[0], seeds: values.length }
  }
  return undefined
}

function lostForward({ layer, value, seeds }: Lost, config: ExperimentConfig, layers: readonly LayerResult[]): Verdict {
  const where = inSeeds(`Layer ${layer}`, seeds, config)
  const fix = sentence(remedy(config, layers))
  if (value !== 0)
    return { code: 'overflow', text: `${where} leaves the range of float32 (3.4e38): ${cause(config, layers)}.`, fix }
  // theory's typical activation, against float32's smallest positive number
  if (Math.sqrt(layers[layer - 1].theory.forward.secondMoment) < 2 ** -140)
    return {
      code: 'underflow',
      text: `${where} is all 0, below float32's least number (1.4e-45): ${cause(config, layers)}.`,
      fix,
    }
  const { fanOut } = layers[layer - 1]
  return {
    code: 'dead',
    text: `${where} is dead: all ${fanOut} units are 0 on every sample, and nothing passes a layer of zeros.`,
    fix: `Widen layer ${layer}: all of n ReLU units are off together with probability 1/2^n.`,
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
  const why = cause(config, layers)
  const fix = sentence(remedy(config, layers))
  if (ahead && back)
    return {
      code: forward.direction === backward.direction ? forward.direction : `forward-${forward.direction}`,
      text: `The second moment ${going}, the gradient's ${coming}: ${why}.`,
      fix,
    }
  return ahead
    ? { code: `forward-${forward.direction}`, text: `The second moment ${going}: ${why}.`, fix }
    : { code: `backward-${backward?.direction}`, text: `The gradient's second moment ${coming}: ${why}.`, fix }
}

function offTheory(forward: Trend, backward: Trend | null): Verdict | undefined {
  const [way, worst] =
    backward && Math.abs(backward.worst.z) > Math.abs(forward.worst.z)
      ? ["The gradient's second moment", backward.worst]
      : ['The second moment', forward.worst]
  if (Math.abs(worst.z) <= SURPRISE) return undefined
  return {
    code: 'off-theory',
    text: `${way} at layer ${worst.layer} is ${short(worst.measured, 3)} where theory has ${short(worst.theory, 3)}, ${short(Math.abs(worst.z))} standard errors apart.`,
    fix: 'Theory takes independent weights and a wide input: look for an input of few features, or widen the layers.',
  }
}

function narrow({ depth, seeds }: ExperimentConfig, forward: Trend): Verdict | undefined {
  if (forward.widthDrift >= -1) return undefined
  const times = Math.ceil(-forward.widthDrift)
  return {
    code: 'narrow',
    text: `The mean over networks is kept, but the typical network of this width keeps only ${short(Math.exp(forward.widthDrift))} of the second moment over ${depth} layers (${short(forward.left)} here, over ${count(seeds, 'seed')}).`,
    fix: `Make the layers ${times} times wider or the network ${times} times shallower: the loss grows with the sum of 1/width.`,
  }
}

function stable({ depth }: ExperimentConfig, forward: Trend, backward: Trend | null): Verdict {
  const going = kept(forward, 'second moment', "the input's", `layer ${depth}`)
  const coming = backward && kept(backward, "gradient's second moment", `layer ${depth}'s`, 'layer 1')
  return { code: 'stable', text: `The ${going}${coming ? `; the ${coming}` : ''}.`, fix: '' }
}

/** 'second moment stays even: 0.83 of the input's at layer 50 (95 % of such networks: 0.20 to 3.1)'. */
function kept(trend: Trend, what: string, whole: string, end: string): string {
  const even = Math.abs(Math.log(trend.expectedLeft)) < 1
  const how = even ? 'stays even' : `settles, at the factor ${factor(perLayer(trend))} per layer`
  const [low, high] = trend.leftBand.map((value) => short(value))
  return `${what} ${how}: ${short(trend.left)} of ${whole} at ${end} (95 % of such networks: ${low} to ${high})`
}

function change(trend: Trend): string {
  const text = factor(perLayer(trend))
  if (text === '0.50') return 'halves in every layer'
  return text === '2.0' ? 'doubles in every layer' : `is multiplied by ${text} in every layer`
}

/** Theory's factor where the measurement bears it out: it is free of the noise of the seeds. */
function perLayer({ expectedPerLayer, perLayer, standardError }: Trend): number {
  return Math.abs(Math.log(perLayer / expectedPerLayer)) <= SURPRISE * standardError ? expectedPerLayer : perLayer
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
