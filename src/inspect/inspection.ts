/** All tensors together: each judged, those of one seed found, and the chain of layers followed. */

import type { Activation, ActivationSpec } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { options as checkOptions, oneOf, withDefault, wrongKind, wrongValue } from '../check'
import type { Batch } from '../network/spec'
import { type Chain, type ChainLayer, chainOf, positionsOf } from './chain'
import type { LayerValues, SampleOptions } from './chain-network'
import { duplicates } from './duplicates'
import { judge, type TensorJudgement } from './judge'
import { type ChainMeasurement, measureChain } from './measure-chain'
import { type ChainInput, type LayerSignal, predictChain } from './predict-chain'
import type { Convention } from './role'
import type { TensorSummary } from './summary'
import type { TensorRole } from './tensor'

export interface InspectOptions extends SampleOptions {
  /** Of every layer; default 'relu'. */
  activation?: ActivationSpec
  /** How the axes of tensors without a layout are read; default 'out-in', as PyTorch stores them. */
  convention?: Convention
  /** Names of the layers' weights from the input up; by default all dense and convolution weights. */
  layers?: readonly string[]
  /** Samples to send through the chain, dense and convolution layers, one after the other without pooling or norms. */
  batch?: Batch
}

/** One tensor: what it is and what its values say. */
export interface TensorReport extends Omit<TensorJudgement, 'fans'> {
  name: string
  shape: number[]
  dtype: string
  role: TensorRole
  layout: string | null
  groups: number
  transposed: boolean
  /** How role, layout and groups are known, in words. */
  why: string
  fanIn: number | null
  fanOut: number | null
  nans: number
  infinities: number
  /** An earlier tensor with the same draws. */
  duplicateOf: string | null
}

export interface LayerReport {
  name: string
  fanIn: number
  fanOut: number
  outputs: number
  /** Positions at which its outputs stand, beside the last convolution's 1: as many as a dense layer takes in, and more below a stride. */
  positions: number
  /** [channels, ...space] of its output; null without a batch. */
  size: number[] | null
  /** fanIn times the mean square of the weights. */
  weightScale: number
  /** Standard error of the logarithm of that, as an estimate of what the weights were drawn with. */
  logError: number
  predicted: LayerSignal
  measured: LayerSignal | null
}

export interface ChainReport {
  layers: LayerReport[]
  input: ChainInput
  /** What a sample of the batch was taken as: [channels, ...space], or the inputs of a dense layer; null without a batch. */
  inputSize: number[] | null
  /** Why the layers are not followed; null when they are. */
  broken: string | null
}

export interface Findings {
  activation: string
  tensors: TensorReport[]
  chain: ChainReport
}

/** The chance that a model of right recipes is accused, shared out over its weights. */
const FALSE_ALARM = 0.001
/** What goes in when no batch is given: mean square 1, samples at right angles. */
const UNIT_INPUT: ChainInput = { secondMoment: 1, cosine: 0 }
export const OPTION_KEYS = ['activation', 'convention', 'layers', 'batch', 'inputSize', 'padding']
const CONVENTIONS = ['out-in', 'in-out'] as const

/** The options, checked and with their defaults. */
export function checkInspectOptions(options: InspectOptions): { activation: Activation; convention: Convention } {
  checkOptions('inspect', options, OPTION_KEYS)
  for (const key of ['inputSize', 'padding'] as const)
    if (options[key] !== undefined && options.batch === undefined)
      wrongValue('inspect', key, 'a batch beside it', options[key])
  return {
    activation: resolve(withDefault(options.activation, 'relu'), 'inspect'),
    convention: oneOf('inspect', 'convention', withDefault(options.convention, 'out-in'), CONVENTIONS),
  }
}

/** The findings of tensors that have been read; `values` gives those of a layer of the chain, and is asked only for a batch. */
export function findings(
  summaries: readonly TensorSummary[],
  options: InspectOptions,
  values: (layer: ChainLayer) => LayerValues,
): Findings {
  const { activation } = checkInspectOptions(options)
  const { judgements, chain } = judgedChain(summaries, options.layers, activation)
  const twins = duplicates(summaries)
  const tensors = summaries.map((summary, i) => tensorReport(summary, judgements[i], twins[i]))
  return { activation: activation.name, tensors, chain: chainReport(chain, activation, options, values) }
}

/** Every tensor's judgement, and the chain: which of its layers is the last tells which weights an activation follows. */
export function judgedChain(
  summaries: readonly TensorSummary[],
  names: readonly string[] | undefined,
  activation: Activation,
): { judgements: TensorJudgement[]; chain: Chain } {
  const weights = summaries.filter(({ reading }) => reading.layout !== null).length
  const level = FALSE_ALARM / Math.max(1, weights)
  const judged = (hidden: (name: string) => boolean) =>
    summaries.map((summary) => judge(summary, activation, hidden(summary.facts.name), level))
  const first = judged(() => true)
  if (names !== undefined) checkNames(names, summaries, first)
  const chain = chainOf(summaries, first, names)
  const last = chain.layers[chain.layers.length - 1]?.name
  // a single weight may be of any layer
  if (chain.layers.length < 2) return { judgements: first, chain }
  const output = summaries.findIndex(({ facts }) => facts.name === last)
  return { judgements: first.map((j, i) => (i === output ? judge(summaries[i], activation, false, level) : j)), chain }
}

function checkNames(
  names: readonly string[],
  summaries: readonly TensorSummary[],
  judgements: readonly TensorJudgement[],
): void {
  if (!Array.isArray(names)) wrongKind('inspect', 'layers', 'an array of names', names)
  const weights = summaries.filter(({ reading }, i) => judgements[i].fans !== null && isLayer(reading.role))
  const known = weights.map(({ facts }) => facts.name)
  if (names.length === 0) wrongValue('inspect', 'layers', 'at least one name', names)
  names.forEach((name, i) => {
    oneOf('inspect', `layers[${i}]`, name, known)
  })
}

function isLayer(role: TensorRole): boolean {
  return role === 'dense' || role === 'conv'
}

function tensorReport(summary: TensorSummary, judgement: TensorJudgement, twin: string | null): TensorReport {
  const { facts, reading, statistics, dtype } = summary
  const { fans, faults, ...found } = judgement
  const regular = ['zeros', 'constant', 'identity'].includes(found.distribution)
  return {
    ...{ name: facts.name, shape: [...facts.shape], dtype, ...reading },
    ...{ fanIn: fans?.fanIn ?? null, fanOut: fans?.fanOut ?? null },
    ...found,
    faults: twin === null || regular ? faults : [...faults, 'duplicate'],
    ...{ nans: statistics.nans, infinities: statistics.infinities, duplicateOf: regular ? null : twin },
  }
}

function chainReport(
  { layers, broken }: Chain,
  activation: Activation,
  options: InspectOptions,
  values: (layer: ChainLayer) => LayerValues,
): ChainReport {
  const { batch } = options
  if (broken !== null) {
    if (batch !== undefined) wrongValue('inspect', 'batch', 'a chain of layers to send it through', broken)
    return { layers: [], input: UNIT_INPUT, inputSize: null, broken }
  }
  const measured = batch === undefined ? null : measure(layers, activation, batch, options, values)
  const input = measured?.input ?? UNIT_INPUT
  const predicted = predictChain(layers, activation, input)
  const positions = positionsOf(layers)
  return {
    layers: layers.map(({ name, fans, outputs, weightSquare, summary: { statistics } }, l) => ({
      ...{ name, fanIn: fans.fanIn, fanOut: fans.fanOut, outputs, weightScale: fans.fanIn * weightSquare },
      ...{ positions: positions[l], size: measured && [...measured.sizes[l]] },
      logError: Math.sqrt(2 / statistics.count),
      predicted: predicted[l],
      measured: measured?.layers[l] ?? null,
    })),
    input,
    inputSize: measured && [...measured.inputSize],
    broken,
  }
}

/** @throws RangeError for a batch that does not fit, or a chain that cannot be followed with one */
export function measure(
  layers: readonly ChainLayer[],
  activation: Activation,
  batch: Batch,
  samples: SampleOptions,
  values: (layer: ChainLayer) => LayerValues,
  lsuv = false,
): ChainMeasurement {
  return measureChain(layers, layers.map(values), activation, batch, samples, lsuv)
}
