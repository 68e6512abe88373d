import type { LayerResult, SeedResult, SeedStatistics } from '../network/result'
import type { Layer, NetworkDocument, Size } from './document'
import type { NetworkVerdict } from './verdict'

/** One layer over all seeds, beside theory. */
export interface NetworkLayerResult {
  /** 'layers[3].layers[0]', as in the document; 'layers[3][7][0]' the first layer of the eighth time of a repeat. */
  path: string
  kind: Layer['kind']
  /** [channels, ...space] of its output. */
  size: Size
  /** Of the layer's output. */
  forward: Omit<LayerResult['forward'], 'histogram'> & {
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
  /** As widths go to infinity; null where theory has no formula for what stands before. */
  theory: { forward: number | null; backward: number | null }
  /** How the seeds scatter; without a z, for theory has no band for these networks. */
  statistics: { forward: SeedStatistics; backward: SeedStatistics | null }
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
    inputSecondMoment: number
  }
  layers: NetworkLayerResult[]
  seeds: SeedResult[]
  verdict: NetworkVerdict
}
