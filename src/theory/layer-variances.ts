import type { Activation, ActivationSpec } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { finite, integer, options, withDefault, wrongKind, wrongValue } from '../check'
import { gain } from './gain'

/** An activation and the two variances of every layer: what a question of mean-field theory is about. */
export interface LayerVariances {
  activation: ActivationSpec
  /** fan_in times the variance of a weight, >= 0; default gain^2. */
  sigmaW2?: number
  /** Variance of a bias, >= 0; default 0. */
  sigmaB2?: number
}

/** The same, checked, the activation resolved. */
export interface ResolvedVariances {
  activation: Activation
  sigmaW2: number
  sigmaB2: number
}

const KEYS = ['activation', 'sigmaW2', 'sigmaB2']

/** Checks an options object that may hold `more` keys besides; these are the caller's to check. */
export function layerVariances(where: string, given: LayerVariances, more: readonly string[] = []): ResolvedVariances {
  options(where, given, [...KEYS, ...more])
  const activation = resolve(given.activation, where)
  return {
    activation,
    sigmaW2: given.sigmaW2 === undefined ? gain(activation) ** 2 : finite(where, 'sigmaW2', given.sigmaW2, 0),
    sigmaB2: finite(where, 'sigmaB2', withDefault(given.sigmaB2, 0), 0),
  }
}

/** A variance of pre-activations, > 0. */
export function positive(where: string, argument: string, value: unknown): number {
  return finite(where, argument, value, Number.MIN_VALUE)
}

/** Wider layers fit into no memory, and their binomials into no patience. */
const MAX_WIDTH = 2 ** 24

/** As of networks that are run. */
export const MAX_DEPTH = 100_000

/** [features, layer 1, ..., layer L]: at least two integers in [1, 2^24], at most 100,001. */
export function checkWidths(where: string, widths: unknown): readonly number[] {
  if (!Array.isArray(widths)) return wrongKind(where, 'widths', 'an array of integers', widths)
  if (widths.length < 2) return wrongValue(where, 'widths', '[features, layer 1, ...]', widths)
  integer(where, 'widths.length', widths.length, 2, MAX_DEPTH + 1)
  // Trap: a hole is skipped by forEach, not by Array.from
  return Array.from(widths, (n, i) => integer(where, `widths[${i}]`, n, 1, MAX_WIDTH))
}
