/** A model's weights: what they are, what is wrong with them, and what to change. */

import { wrongKind } from '../check'
import type { Verdict } from '../network/result'
import { type Findings, findings } from './inspection'
import { checkInspectOptions, type InspectOptions } from './options'
import { modelValues, summarise } from './read'
import { vectorNames } from './steps'
import type { InspectTensor } from './tensor'
import { inspectVerdict } from './verdict'

export type {
  ActivationStep,
  FlattenStep,
  ModelStep,
  NormStep,
  PadStep,
  Pads,
  PoolStep,
  WeightStep,
} from '../io/model-step'
export type { Verdict } from '../network/result'
export type { ChainReport, LayerReport } from './chain-report'
export type { TensorReport } from './inspection'
export type { Fault, FoundDistribution, FoundRecipe } from './judge'
export type { InspectOptions } from './options'
export type { LayerSignal } from './predict-chain'
export type { Convention } from './role'
export type { InspectTensor, TensorRole, Values } from './tensor'

/** What inspect() finds: each tensor, the chain of layers, and a verdict. */
export interface Inspection extends Findings {
  schemaVersion: 1
  verdict: Verdict
}

/**
 * Checks the weights of a model: per tensor role, layout, fans, sigma with its standard error, the likeliest recipe with ln of its
 * likelihood ratio to the next, and the likely mistake; per layer of a dense or convolution chain the second moment, the cosine and the gradient
 * that follow from the variances found, and those of `options.batch`; a verdict.
 * A model whose weights all follow right recipes has a weight called wrong by chance in at most 1 case of 1000; weights of no recipe are said to be of none.
 * @param tensors name, shape in storage order, and the values whole (`data`) or in stretches (`chunks`); f16 and bf16 widened, `dtype` named
 * @returns plain data, the caller's; what is measured of a batch has the same bits on every engine
 * @throws TypeError or RangeError naming the tensor or option
 */
export function inspect(tensors: readonly InspectTensor[], options: InspectOptions = {}): Inspection {
  const { convention } = checkInspectOptions(options)
  const summaries = summarise(tensors, convention, vectorNames(options.steps))
  const whole = (name: string) =>
    tensors.find((tensor) => tensor.name === name)?.data ??
    wrongKind('inspect', 'batch', `data, not chunks, of '${name}'`, 'chunks')
  return withVerdict(findings(summaries, options, modelValues(whole)))
}

export function withVerdict(found: Findings): Inspection {
  return { schemaVersion: 1, ...found, verdict: inspectVerdict(found) }
}
