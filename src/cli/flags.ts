/** Values of flags: text in, a checked value out, or a refusal that names the flag. */

import { InvalidArgumentError } from 'commander'
import { nearest } from '../check'
import { wrap } from './line-wrap'

const INTEGER = /^\d+$/
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** An integer >= least. */
export function integerFrom(least: number): (text: string) => number {
  return (text) => {
    const value = INTEGER.test(text) ? Number(text) : Number.NaN
    if (Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`Expected an integer >= ${least}.`)
  }
}

/** An integer in [1, most]. */
export function integerUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = INTEGER.test(text) ? Number(text) : Number.NaN
    if (value >= 1 && value <= most) return value
    throw new InvalidArgumentError(`Expected an integer in [1, ${most}].`)
  }
}

/** A number >= 0. */
export function nonNegative(text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('Expected a number >= 0.')
}

/** An unsigned 64-bit integer: a number where it is exact, else a bigint. */
export function seed(text: string): number | bigint {
  const value = INTEGER.test(text) ? BigInt(text) : -1n
  if (value < 0n || value >= 2n ** 64n) throw new InvalidArgumentError('Expected an integer in [0, 2^64 - 1].')
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

/** '512,256,10' as integers >= 1. */
export function integers(text: string): number[] {
  return text.split(',').map((part) => integerFrom(1)(part.trim()))
}

/** '3x4' as [3, 4]. */
export function shape(text: string): number[] {
  const sizes = text.toLowerCase().split(/[x×]/)
  if (sizes.every((size) => INTEGER.test(size) && Number(size) >= 1 && Number.isSafeInteger(Number(size))))
    return sizes.map(Number)
  throw new InvalidArgumentError('Expected integers >= 1 with x between them, as in 64x128 (out x in).')
}

/** A name, before any colon, that is one of the known ones; an unknown one is refused with the nearest, or with all of them. */
export function knownName(what: string, known: readonly string[]): (text: string) => string {
  const names = known.map((name) => name.split(':')[0])
  return (text) => {
    const name = text.split(':')[0]
    if (names.includes(name)) return text
    const candidate = nearest(name, names)
    const hint = candidate === undefined ? `Known: ${known.join(', ')}.` : `Did you mean '${candidate}'?`
    throw new InvalidArgumentError(`There is no ${what} '${name}'. ${hint}`)
  }
}

/** Several known names with commas between them, none twice. */
export function knownNames(what: string, known: readonly string[]): (text: string) => string[] {
  const one = knownName(what, known)
  return (text) => {
    const names = text.split(',').map((name) => one(name.trim()))
    const twice = names.find((name, i) => names.indexOf(name) !== i)
    if (twice !== undefined) throw new InvalidArgumentError(`'${twice}' comes twice.`)
    return names
  }
}

/** The names for the end of a help text. */
export function namesHelp(title: string, names: readonly string[]): string {
  return `\n${title}:\n${wrap(names.join(', '), 78)
    .map((line) => `  ${line}`)
    .join('\n')}`
}
