/** What trends say in words, of whatever network: codes, sentences and thresholds are the same for all. */

import type { Verdict } from '../network/result'
import { factor, short } from './number-text'
import type { Trend } from './trend'

/** The two ways through a network and what their ends are called. */
export interface Told {
  forward: Trend
  backward: Trend | null
  /** 'layer 1' and 'layer 50'. */
  start: string
  end: string
  /** '50 layers'. */
  depth: string
  /** 'layer': what has a factor. */
  each: string
  seeds: number
  /** ", summed over a layer's units,": where widths differ. */
  summed: string
  /** Whether there is a way back to speak of. */
  several: boolean
}

/** 'vanishing', 'exploding', or one of these after 'forward-' or 'backward-', where the deeper half changes the second moment by more than a factor e. */
export function unstable(told: Told, why: () => string, remedy: () => string): Verdict | undefined {
  const { forward, backward, start, end, summed } = told
  const ahead = forward.direction !== 'even'
  const back = backward !== null && backward.direction !== 'even'
  if (!ahead && !back) return undefined
  const going = `going forward ${change(forward, told)} (${leftOver(forward, "the input's", end)})`
  const coming =
    backward === null ? '' : `coming back ${change(backward, told)} (${leftOver(backward, `${end}'s`, start)})`
  const fix = sentence(remedy())
  if (ahead && back)
    return {
      code: forward.direction === backward.direction ? forward.direction : `forward-${forward.direction}`,
      text: `The second moment ${going}, the gradient's${summed} ${coming}: ${why()}.`,
      fix,
    }
  return ahead
    ? { code: `forward-${forward.direction}`, text: `The second moment ${going}: ${why()}.`, fix }
    : {
        code: `backward-${backward?.direction}`,
        text: `The gradient's second moment${summed} ${coming}: ${why()}.`,
        fix,
      }
}

/** A layer more than 5 standard errors from theory, and farther than theory's first order in 1/width. */
export function offTheory({ forward, backward }: Told): Verdict | undefined {
  const found = forward.surprise ?? backward?.surprise
  if (!found) return undefined
  const subject = forward.surprise ? 'The second moment' : "The gradient's second moment"
  const apart = Number.isFinite(found.errors) ? `, ${short(found.errors)} standard errors apart` : ''
  return {
    code: 'off-theory',
    text: `${subject} at ${found.name} is ${short(found.measured, 3)} where theory has ${short(found.theory, 3)}${apart}.`,
    fix: 'Theory takes independent weights of mean 0 and an input of many features: where that fails, trust the measurement.',
  }
}

/** The width alone takes more than a factor e from the typical network. */
export function narrow({ forward, depth, seeds }: Told): Verdict | undefined {
  if (!(forward.widthDrift < -1)) return undefined
  const times = Math.ceil(-forward.widthDrift)
  return {
    code: 'narrow',
    text: `The mean over networks is kept, but the typical network of this width keeps only ${short(Math.exp(forward.widthDrift))} of the second moment over ${depth} (${short(forward.left)} here, over ${count(seeds, 'seed')}).`,
    fix: `Make the layers ${times} times wider or the network ${times} times shallower: the loss grows with the sum of 1/width.`,
  }
}

export function stable(told: Told): Verdict {
  const { forward, backward, start, end, summed, several } = told
  const going = kept(forward, told, 'second moment', "the input's", end)
  const coming = backward && several ? `; the ${kept(backward, told, `gradient's${summed}`, `${end}'s`, start)}` : ''
  return { code: 'stable', text: `The ${going}${coming}.`, fix: '' }
}

/** 'second moment stays even: 0.83 of the input's at layer 50 (95 % of such networks: 0.20 to 3.1)'. */
function kept(trend: Trend, { each }: Told, what: string, whole: string, end: string): string {
  const even = Math.abs(Math.log(trend.expectedLeft || trend.left)) < 1
  const how = even
    ? 'stays even'
    : `changes by the factor ${factor(trend.perLayer)} per ${each}, too little for this depth to lose it`
  const [low, high] = trend.leftBand.map((value) => short(value))
  const likely = trend.range ?? `95 % of such networks: ${low} to ${high}`
  return `${what} ${how}: ${short(trend.left)} of ${whole} at ${end} (${likely})`
}

function change({ perLayer, alone }: Trend, { each }: Told): string {
  if (alone !== undefined) return `is multiplied by ${short(alone)} in one ${each} alone`
  const text = factor(perLayer)
  if (text === '0.50') return `halves in every ${each}`
  return text === '2.0' ? `doubles in every ${each}` : `is multiplied by ${text} in every ${each}`
}

function leftOver({ left, direction }: Trend, whole: string, end: string): string {
  return direction === 'exploding'
    ? `${short(left)} times ${whole} at ${end}`
    : `${short(left)} of ${whole} is left at ${end}`
}

/** Least second moment of activations that are rescaled as they go, and so end where doubles end; and of activations that are not: float32's. */
const LEAST_RESCALED = 2 ** -1022
const LEAST_PLAIN = 2 ** -252

/** All units of a layer off on every sample. */
export function dead(where: string, units: number): Verdict {
  return {
    code: 'dead',
    text: `${where} is dead: ${units === 1 ? 'its unit is' : `all ${units} units are`} 0 on every sample, and nothing passes a layer of zeros.`,
    fix: 'Widen the layers: all n ReLU units of a layer are off together with probability 1/2^n.',
  }
}

/** Least positive and greatest float32: what real training has. */
const FLOAT32 = [2 ** -149, 3.4028234663852886e38]

/** '; in float32 all of layer 51 would overflow', where the typical activation leaves its range. */
export function beyondFloat32(layers: readonly { name: string; secondMoment: number }[]): string {
  const size = ({ secondMoment }: { secondMoment: number }) => Math.sqrt(secondMoment)
  const beyond = layers.find((layer) => size(layer) < FLOAT32[0] || size(layer) > FLOAT32[1])
  if (beyond === undefined) return ''
  return `; in float32 ${beyond.name} would ${size(beyond) < 1 ? 'underflow to 0' : 'overflow'}`
}

/** What a layer multiplies by chi is the gradient's sum over its units, and no mean of them where widths differ. */
export function summed(widths: readonly number[]): string {
  return widths.every((width) => width === widths[0]) ? '' : ", summed over a layer's units,"
}

/** Where a second moment is expected below the least there is, what became of it. */
export function underflow(expected: number, rescaled: boolean): string | undefined {
  if (expected >= (rescaled ? LEAST_RESCALED : LEAST_PLAIN)) return undefined
  return rescaled ? 'has a second moment below the least double' : 'is all 0, smaller than any float32'
}

/** 'In 3 of 8 seeds, layer 5', or the subject alone where it is all of them. */
export function inSeeds(subject: string, some: number, seeds: number): string {
  return some === seeds
    ? subject
    : `In ${some} of ${count(seeds, 'seed')}, ${subject[0].toLowerCase()}${subject.slice(1)}`
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

export function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`
}
