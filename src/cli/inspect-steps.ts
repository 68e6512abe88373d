/** `--layers` in words: names of weights, and what stands between them. */

import { activationNames } from '../index'
import type { InspectOptions } from '../inspect/options'
import type { ModelStep, NormStep } from '../io/model-step'
import { UsageError } from './exit-code'

export const STEP_WORDS = `
Words of --layers beside the names of weights, from the input up; with any of them nothing else is taken to stand between the weights:
  relu, leaky-relu:0.2, ...   an activation
  max-pool:3/2+1              a window of 3 in steps of 2 and a border of 1; of 3x2 unlike axes; max-pool: of whole channels
  average-pool:2              likewise; without the border
  batch-norm:bn1              with the numbers of bn1.weight, bn1.bias, bn1.running_mean and bn1.running_var
  layer-norm:ln1, rms-norm:n  over all values of a sample; :1e-3 after the name is the epsilon (default 1e-5)
  flatten`

const POOL = /^(max|average)-pool(?::(\d+(?:x\d+)*)(?:\/(\d+(?:x\d+)*))?(?:\+(\d+))?)?$/
const NORM = /^(batch|layer|rms)-norm:(.+?)(?::([\d.]+(?:e[+-]?\d+)?))?$/

/** The names as `layers` where all of them are weights, or else as steps. @throws UsageError for a word that is neither */
export function namedSteps(
  words: readonly string[],
  tensors: readonly { name: string; shape: readonly number[] }[],
): Pick<InspectOptions, 'layers' | 'steps'> {
  const known = new Set(tensors.map(({ name }) => name))
  const steps = words.map((word) => (known.has(word) ? null : stepOf(word, tensors)))
  // a misspelt name among names is refused with the nearest one
  if (steps.every((step) => step === null || step === undefined)) return { layers: words }
  return { steps: steps.map((step, i) => step ?? weightStep(words[i], known)) }
}

function weightStep(name: string, known: ReadonlySet<string>): ModelStep {
  if (known.has(name)) return { kind: 'weights', name }
  throw new UsageError(
    `--layers expected names of weights and words such as relu, max-pool:2 or flatten, got '${name}'`,
  )
}

function stepOf(word: string, tensors: readonly { name: string; shape: readonly number[] }[]): ModelStep | undefined {
  if (word === 'flatten') return { kind: 'flatten' }
  if (activationNames.includes(word.split(':')[0])) return { kind: 'activation', name: word }
  const pool = POOL.exec(word)
  if (pool) {
    const [, kind, kernel, stride, border] = pool
    const sizes = (text: string) => (text.includes('x') ? text.split('x').map(Number) : Number(text))
    const axes = tensors.some(({ shape }) => shape.length === 4) ? 2 : 1
    return {
      ...{ kind: 'pool', pool: kind as 'max' | 'average', kernel: kernel === undefined ? 'all' : sizes(kernel) },
      ...(stride === undefined ? {} : { stride: sizes(stride) }),
      ...(border === undefined ? {} : { pads: new Array<number>(2 * axes).fill(Number(border)) }),
    }
  }
  const norm = NORM.exec(word)
  return norm ? normStep(norm[1] as NormStep['norm'], norm[2], norm[3], tensors) : undefined
}

/** Names that frameworks give the numbers of a norm. */
const NUMBERS = {
  scale: ['weight', 'gamma', 'scale'],
  shift: ['bias', 'beta'],
  mean: ['running_mean', 'moving_mean', 'mean'],
  variance: ['running_var', 'moving_variance', 'var'],
}

function normStep(
  norm: NormStep['norm'],
  prefix: string,
  epsilon: string | undefined,
  tensors: readonly { name: string }[],
): NormStep {
  const known = new Set(tensors.map(({ name }) => name))
  const find = (names: readonly string[]) =>
    names.flatMap((name) => [`${prefix}.${name}`, `${prefix}/${name}`]).find((name) => known.has(name)) ?? null
  const [scale, shift] = [find(NUMBERS.scale), find(NUMBERS.shift)]
  const [mean, variance] = norm === 'batch' ? [find(NUMBERS.mean), find(NUMBERS.variance)] : [null, null]
  if (scale === null && shift === null && mean === null)
    throw new UsageError(
      `--layers expected the numbers of a norm, as ${prefix}.weight, got none for '${norm}-norm:${prefix}'`,
    )
  return { kind: 'norm', norm, scale, shift, mean, variance, ...(epsilon ? { epsilon: Number(epsilon) } : {}) }
}
