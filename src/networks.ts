export type { ActivationSpec, CustomActivation } from './activations/activation'
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
export {
  type NetworkExperiment,
  type NetworkExperimentOptions,
  type NetworkLayerResult,
  propagateNetwork,
} from './networks/experiment'
export type { NetworkVerdict } from './networks/verdict'
export type { Padding } from './networks/window'
export { OutOfMemoryError } from './wasm/out-of-memory-error'
