/** The layers of a chain: what theory says of their signal, and what is measured. */

import type { Activation } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { wrongValue } from '../check'
import { type Chain, type ChainLayer, positionsOf } from './chain'
import { type ModelValues, measureChain } from './measure-chain'
import type { InspectOptions } from './options'
import { type ChainInput, type LayerSignal, predictChain } from './predict-chain'
import { behindLayers, type ChainStep, chainSteps, plainSteps, stepText } from './steps'

/** A layer with weights in the chain that signals are followed through: its fans, and what theory and a batch say of it. */
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
  /** Null where theory does not follow: behind norms, and beside a batch behind pooling. */
  predicted: LayerSignal | null
  measured: LayerSignal | null
}

/** The layers in their order, from the input up, or why they are not followed. */
export interface ChainReport {
  layers: LayerReport[]
  input: ChainInput
  /** What a sample of the batch was taken as: [channels, ...space], or the inputs of a dense layer; null without a batch. */
  inputSize: number[] | null
  /** The steps in words, where they are known. */
  steps: string[] | null
  /** Why the layers are not followed; null when they are. */
  broken: string | null
}

/** What goes in when no batch is given: mean square 1, samples at right angles. */
const UNIT_INPUT: ChainInput = { secondMoment: 1, cosine: 0 }

/** The chain's layers, with what is measured of them where there is a batch. @throws RangeError for one that cannot be followed */
export function chainReport(
  chain: Chain,
  activation: Activation,
  options: InspectOptions,
  values: ModelValues,
): ChainReport {
  const { layers, broken } = chain
  const { batch } = options
  const words = options.steps?.map(stepText) ?? null
  if (broken !== null) {
    if (batch !== undefined) wrongValue('inspect', 'batch', 'a chain of layers to send it through', broken)
    return { layers: [], input: UNIT_INPUT, inputSize: null, steps: words, broken }
  }
  const steps = stepsOf(chain, activation, options)
  const measured = batch === undefined ? null : measureChain(steps, values, batch, options)
  const input = measured?.input ?? UNIT_INPUT
  const predicted = prediction(layers, steps, input, measured !== null)
  const positions = positionsOf(layers)
  return {
    layers: layers.map(({ name, fans, outputs, weightSquare, summary: { statistics } }, l) => ({
      ...{ name, fanIn: fans.fanIn, fanOut: fans.fanOut, outputs, weightScale: fans.fanIn * weightSquare },
      ...{ positions: positions[l], size: measured && [...measured.sizes[l]] },
      logError: Math.sqrt(2 / statistics.count),
      predicted: predicted?.[l] ?? null,
      measured: measured?.layers[l] ?? null,
    })),
    input,
    inputSize: measured && [...measured.inputSize],
    steps: words,
    broken,
  }
}

/** The steps that are given, `activation` in place of theirs where that is too, or each layer and the activation. */
export function stepsOf({ layers }: Chain, activation: Activation, options: InspectOptions): ChainStep[] {
  if (options.steps === undefined) return plainSteps(layers, activation)
  return chainSteps(options.steps, layers, options.activation === undefined ? null : activation)
}

/** What theory says, null where it does not follow: behind norms, and, beside what is measured, behind pooling. */
function prediction(
  layers: readonly ChainLayer[],
  steps: readonly ChainStep[],
  input: ChainInput,
  measured: boolean,
): LayerSignal[] | null {
  const unknown = measured ? ['norm', 'pool', 'pad'] : ['norm']
  if (steps.some(({ kind }) => unknown.includes(kind))) return null
  const linear = resolve('linear', 'inspect')
  const activations = behindLayers(steps).map((behind) =>
    behind.flatMap((step) => (step.kind === 'activation' ? [step.activation] : [])),
  )
  if (activations.some(({ length }) => length > 1)) return null
  return predictChain(
    layers,
    activations.map(([own]) => own ?? linear),
    input,
  )
}
