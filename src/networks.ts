export type { ActivationSpec, CustomActivation } from './activations/activation'
export type { Band, SeedResult, SeedStatistics, Verdict as NetworkVerdict } from './network/result'
export type { Batch } from './network/spec'
export type {
  ActivationLayer,
  ConvLayer,
  DenseLayer,
  DenseNetwork,
  LayerDocument,
  LayeredNetwork,
  NetworkDocument,
  NormLayer,
  RepeatLayer,
  ResidualLayer,
  Size,
} from './networks/document'
export { propagateNetwork } from './networks/experiment'
export { type ExportOptions, exportNetwork } from './networks/export'
export type { NetworkExperiment, NetworkLayerResult, NetworkLayerTheory } from './networks/result'
export { networkSeedsFor } from './networks/seeds-needed'
export type { NetworkExperimentOptions } from './networks/spec'
export type { Padding } from './networks/window'
export type { SeedsNeeded } from './report/seeds-needed'
export { OutOfMemoryError } from './wasm/out-of-memory-error'
