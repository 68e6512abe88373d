/** The operators of a model that is a chain, one after the other. */

/** Zeros beyond the border: of each axis before its first value, then of each behind its last; or as many as give ceil(size / stride), the odd one behind or before. */
export type Pads = readonly number[] | 'same-upper' | 'same-lower'

/** What a model does to its signal at one place; names are those of its tensors. */
export type ModelStep = WeightStep | ActivationStep | NormStep | PoolStep | PadStep | FlattenStep

/** W x + b of a dense or convolution weight. */
export interface WeightStep {
  kind: 'weights'
  name: string
  /** Null for none; by default the vector whose name goes with the weight's. */
  bias?: string | null
}

/** f(x), element by element. */
export interface ActivationStep {
  kind: 'activation'
  /** As in 'leaky-relu:0.2'. */
  name: string
}

/** (x - mean)/sqrt(variance + epsilon), or x/sqrt(mean square + epsilon) for 'rms', times scale plus shift. */
export interface NormStep {
  kind: 'norm'
  /** Over each channel of the batch, or each sample by itself. */
  norm: 'batch' | 'layer' | 'rms'
  /** Of 'layer' and 'rms': all values of a sample (default), or the channels at each position. */
  over?: 'sample' | 'channels'
  /** Of 'layer' and 'rms' over a sample, where it is known: how many axes, from the last one on; all of them, or a batch is refused. */
  axes?: number
  /** The last axis, samples being 0, where it is known; a batch whose signal has another is refused. */
  lastAxis?: number
  scale?: string | null
  shift?: string | null
  /** Running statistics, used in place of the batch's own; both or neither. */
  mean?: string | null
  variance?: string | null
  /** Default 1e-5. */
  epsilon?: number
}

/** The largest value or the mean within a window, channel by channel; zeros of the border are never the largest. */
export interface PoolStep {
  kind: 'pool'
  pool: 'max' | 'average'
  /** One number an axis, or one for all; 'all' for the whole of each channel. */
  kernel: number | readonly number[] | 'all'
  /** Default the kernel. */
  stride?: number | readonly number[]
  /** Default none. */
  pads?: Pads
  dilation?: number | readonly number[]
  /** A last window that begins within the input counts though it ends without. */
  ceil?: boolean
  /** Whether a mean counts the zeros of the border. */
  countPads?: boolean
}

/** Zeros around each channel. */
export interface PadStep {
  kind: 'pad'
  pads: readonly number[]
}

/** Channels and positions become units, in the order in which the model lays them out. */
export interface FlattenStep {
  kind: 'flatten'
}

/** A model as its file has it: its steps from the input on, or why they are no chain. */
export type ModelChain = { steps: ModelStep[] } | { broken: string }
