export type { Activation, ActivationSpec, CustomActivation } from './activations/activation'
export { activationNames } from './activations/resolve'
export { type ConvolutionBorder, type ConvolutionStack, convolutionBorder } from './theory/convolution'
export type { CriticalPoint } from './theory/critical-line'
export type { DenseNetwork } from './theory/dense-network'
export { type DepthBudget, type DepthPlan, depthBudget } from './theory/depth-budget'
export { type CriticalLineOptions, type CriticalLinePoint, criticalLine } from './theory/edge-of-chaos'
export {
  type FixedPointOptions,
  fixedPoint,
  type LayerMap,
  type LayerMapOptions,
  layerMap,
} from './theory/fixed-point'
export type { DepthScales } from './theory/fixed-points'
export { type GainConvention, gain } from './theory/gain'
export { type Jacobian, type JacobianOptions, jacobian } from './theory/jacobian'
export type { LayerVariances } from './theory/layer-variances'
export { type NormalizedGradient, type NormalizedStack, normalized } from './theory/normalized'
export {
  type BackwardPrediction,
  type DensePrediction,
  type ForwardPrediction,
  predictDense,
} from './theory/predict-dense'
export { type ResidualGrowth, type ResidualStack, residual } from './theory/residual'
export { type FiniteWidth, type FiniteWidthOptions, finiteWidth } from './theory/seed-scatter'
export { initialLoss, type SoftmaxHead } from './theory/softmax-head'
export type { Criticality, Stability } from './theory/stability'
export { type TailoredOptions, tailoredSlope } from './theory/tailored-slope'
export { type Theory, type TheoryOptions, theory } from './theory/theory'
