export {
  type ChainReport,
  type Convention,
  type Fault,
  type FoundDistribution,
  type FoundRecipe,
  type Inspection,
  type InspectOptions,
  type InspectTensor,
  inspect,
  type LayerReport,
  type LayerSignal,
  type TensorReport,
  type TensorRole,
  type Values,
} from './inspect/inspect'
export type { LawKind } from './inspect/law'
export type { Pattern } from './inspect/pattern'
export type { ChainInput } from './inspect/predict-chain'
export type { RecipeMistake } from './inspect/recipes'
export type {
  ActivationStep,
  FlattenStep,
  ModelStep,
  NormStep,
  PadStep,
  Pads,
  PoolStep,
  WeightStep,
} from './io/model-step'
export type { Verdict } from './network/result'
export { OutOfMemoryError } from './wasm/out-of-memory-error'
