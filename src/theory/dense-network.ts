/** The dense network that theory predicts, and its checks. */
import type { Activation, ActivationSpec } from '../activations/activation'
import { activation as resolve } from '../activations/resolve'
import { finite, integer, options, wrongKind, wrongValue } from '../check'
import { checkWidths } from './layer-variances'

/** A dense network h_l = phi(W_l h_(l-1) + b_l), l = 1..L, with independent zero-mean Gaussian weights and biases. */
export interface DenseNetwork {
  /** [features, layer 1, ..., layer L]. */
  widths: readonly number[]
  /** Variance of one weight, per layer; not multiplied by the fan. */
  weightVariances: readonly number[]
  biasVariance: number
  activation: ActivationSpec
  /** Mean of x^2 over the features and the batch. */
  inputSecondMoment: number
  /** Mean cosine between two samples of the batch; null with one sample, or with inputs that are all 0. */
  inputCosine: number | null
  /** Samples in the batch. */
  batch: number
}

/** A checked network, its activation resolved. */
export interface ResolvedNetwork extends Omit<DenseNetwork, 'activation'> {
  activation: Activation
}

const WHERE = 'predictDense'
const KEYS = [
  'widths',
  'weightVariances',
  'biasVariance',
  'activation',
  'inputSecondMoment',
  'inputCosine',
  'batch',
] as const

/** @throws TypeError or RangeError for a network that is not one. */
export function checkNetwork(network: DenseNetwork): ResolvedNetwork {
  options(WHERE, network, KEYS)
  const { weightVariances, inputCosine } = network
  const widths = checkWidths(WHERE, network.widths)
  if (!Array.isArray(weightVariances)) wrongKind(WHERE, 'weightVariances', 'an array of numbers', weightVariances)
  if (weightVariances.length !== widths.length - 1)
    wrongValue(WHERE, 'weightVariances', `one number per layer, that is ${widths.length - 1}`, weightVariances)
  for (const [i, v] of weightVariances.entries()) finite(WHERE, `weightVariances[${i}]`, v, 0)
  finite(WHERE, 'biasVariance', network.biasVariance, 0)
  finite(WHERE, 'inputSecondMoment', network.inputSecondMoment, 0)
  integer(WHERE, 'batch', network.batch, 1)
  if (inputCosine !== null) finite(WHERE, 'inputCosine', inputCosine, -1, 1)
  else if (network.batch > 1 && network.inputSecondMoment > 0)
    wrongKind(WHERE, 'inputCosine', `a number, for a batch of ${network.batch}`, inputCosine)
  return { ...network, activation: resolve(network.activation, WHERE) }
}
