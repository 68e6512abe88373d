export type { Activation, ActivationSpec, CustomActivation } from './activations/activation'
export { activationNames } from './activations/resolve'
export type { BaseShape } from './initializers/base-shape'
export type { DepthScaling, Role, WidthScaling } from './initializers/depth-scaling'
export {
  type ConstantOptions,
  constant,
  type NormalOptions,
  normal,
  ones,
  type TruncatedNormalOptions,
  truncatedNormal,
  type UniformOptions,
  uniform,
  zeros,
} from './initializers/distributions'
export type { Draw } from './initializers/draw'
export { type FanOptions, type Fans, fans } from './initializers/fans'
export type { CommonOptions, Initializer } from './initializers/initializer'
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  truncatedHeNormal,
  truncatedLecunNormal,
  truncatedXavierNormal,
  xavierNormal,
  xavierUniform,
} from './initializers/named'
export { initialize, initNames, initStd, type NamedOptions } from './initializers/names'
export {
  drawPlan,
  drawTensor,
  type Plan,
  type PlannedTensor,
  type PlanTensor,
  planned,
} from './initializers/plan'
export { cast, type Dtype, type Numbers } from './initializers/precision'
export { type InitSpec, type Preset, presets } from './initializers/presets'
export type { Shape } from './initializers/shape'
export type { SparseAxis, Sparsity } from './initializers/sparse'
export {
  type DiracOptions,
  deltaOrthogonal,
  dirac,
  type GainOptions,
  identity,
  type OrthogonalOptions,
  orthogonal,
  type SparseOptions,
  sparse,
} from './initializers/structured'
export {
  type FanMode,
  type ScalingDistribution,
  type ScalingOptions,
  type VarianceScalingOptions,
  varianceScaling,
} from './initializers/variance-scaling'
export type {
  Band,
  Estimate,
  Experiment,
  ExperimentConfig,
  JacobianResult,
  LayerResult,
  SeedResult,
  SeedStatistics,
  Verdict,
  WeightRatios,
} from './network/result'
export type { Batch, NetworkOptions } from './network/spec'
export type { Seed, StreamOptions } from './random/stream'
export { type PairedLayer, type PairedRatio, pairedRatios } from './report/paired'
export { propagate } from './report/propagate'
export { type SeedsNeeded, seedsFor } from './report/seeds-needed'
export { type Moments, moments } from './stats/moments'
export type { Verification } from './theory/claim'
export { type GainConvention, gain } from './theory/gain'
export { type Theory, type TheoryOptions, theory } from './theory/theory'
export { type VerificationReport, verify } from './theory/verify'
export { OutOfMemoryError } from './wasm/out-of-memory-error'
