import type {
  Band,
  JacobianResult,
  LayerResult,
  SeedResult,
  SeedStatistics,
  Verdict,
  WeightRatios,
} from '../network/result'
import type { Layer, NetworkDocument, Size } from './document'

/** What theory expects of one layer. */
export interface NetworkLayerTheory {
  /** Second moments as widths go to infinity. */
  forward: number | null
  backward: number | null
  /**
   * 95 % of the seeds' second moments at these widths and this batch: of dense and activation layers as `propagate` has it, else to first order in 1/fan.
   * Null after a batch norm up to the next other norm and below one on the way back, for convolutions over more than 1024 positions or over a given batch, and
   * on the way back below a layer norm of values whose mean is not 0.
   */
  forwardBand: Band | null
  backwardBand: Band | null
  /** Between two samples; null with one. */
  cosine: number | null
  /** Null for a layer that is no activation with two flat ends. */
  saturatedFraction: number | null
}

/** One layer over all seeds, beside theory. */
export interface NetworkLayerResult {
  /** 'layers[3].layers[0]', as in the document; 'layers[3][7][0]' the first layer of the eighth time of a repeat. */
  path: string
  kind: Layer['kind']
  /** [channels, ...space] of its output. */
  size: Size
  /** Of the layer's output. */
  forward: LayerResult['forward'] & {
    /** Second moment at each position, mean over seeds; null where there are no positions. */
    profile: number[] | null
  }
  /** Of dL/d output; the probe is a unit normal gradient at the network's output. */
  backward:
    | (Omit<NonNullable<LayerResult['backward']>, 'weightGradNorm'> & {
        /** |dL/dW|_F summed over the batch, geometric mean over seeds; null without weights. */
        weightGradNorm: number | null
      })
    | null
  /** Null where theory has no formula for what stands before. */
  theory: NetworkLayerTheory
  /** How the seeds scatter, and how far theory is; without a z where it has no band. */
  statistics: { forward: SeedStatistics; backward: SeedStatistics | null }
  /** How large the gradient is beside the weights; null without weights, and where nothing was sent back. */
  ratios: WeightRatios | null
}

/** One experiment: the configuration, a row for each layer, each seed's moments, and the verdict. */
export interface NetworkExperiment {
  schemaVersion: 1
  config: {
    network: NetworkDocument
    init: string
    batch: number
    /** Where the batch came from: 'normal' or the name of a file. */
    input: string
    seed: number | string
    seeds: number
    backward: boolean
    /** Present where signals and gradients were left as float32 has them. */
    rescale?: false
    /** The rate of the step that `ratios.update` is of, where one was given. */
    learningRate?: number
    inputSecondMoment: number
    /** Mean cosine between samples of the batch, or null with one sample. */
    inputCosine: number | null
  }
  layers: NetworkLayerResult[]
  seeds: SeedResult[]
  /** Present where it was asked for. */
  jacobian?: JacobianResult
  verdict: Verdict
}
