import { uniformForward } from './dense-forward'
import { type DepthScales, depthScales } from './fixed-points'
import { checkWidths, type LayerVariances, layerVariances, type ResolvedVariances } from './layer-variances'
import { secondMoment } from './moments'

/** A planned network with the same variances in every layer, fed with inputs of second moment 1. */
export interface DepthPlan extends LayerVariances {
  /** [features, layer 1, ..., layer L]. */
  widths: readonly number[]
}

/** How deep it may be, before any weight is drawn. */
export interface DepthBudget extends DepthScales {
  /** Layers through which inputs can still be told apart and trained: 6 xiC (Schoenholz et al. 2017, arXiv:1611.01232). Infinity at criticality. */
  trainableDepth: number
  /** Variance over seeds of the log of the last second moment: about 5 sum 1/n_l for ReLU. */
  logVariance: number
  /** First layer at which the sum of the squares of one sample overflows f32; null if not within 10,000 layers of the last width. */
  overflowLayer: number | null
  /** First layer at which the mean square is below 2^-149, the smallest f32; null likewise. */
  squareUnderflowLayer: number | null
  /** First layer at which the root mean square itself is; null likewise. */
  underflowLayer: number | null
}

const WHERE = 'depthBudget'
const HORIZON = 10_000
const SMALLEST_F32 = 2 ** -149
const LARGEST_F32 = 2 ** 128

/** Where f32 gives out, following E h^2 until it does or until it stands still. */
function f32Limits({ activation, sigmaW2, sigmaB2 }: ResolvedVariances, widths: readonly number[]) {
  const limits: Pick<DepthBudget, 'overflowLayer' | 'squareUnderflowLayer' | 'underflowLayer'> = {
    overflowLayer: null,
    squareUnderflowLayer: null,
    underflowLayer: null,
  }
  let moment = 1
  for (let l = 1; l <= HORIZON; l++) {
    const before = moment
    moment = secondMoment(activation, sigmaW2 * moment + sigmaB2)
    const n = widths[Math.min(l, widths.length - 1)]
    if (!(n * moment < LARGEST_F32)) return { ...limits, overflowLayer: l }
    if (moment < SMALLEST_F32) limits.squareUnderflowLayer ??= l
    if (moment < SMALLEST_F32 ** 2) return { ...limits, underflowLayer: l }
    if (moment === before) break
  }
  return limits
}

/**
 * The depth a plan can carry: fixed points and depth scales, the seed noise, and where f32 gives out.
 * @throws TypeError or RangeError for an unknown activation or option, or a plan that is not one.
 */
export function depthBudget(plan: DepthPlan): DepthBudget {
  const variances = layerVariances(WHERE, plan, ['widths'])
  const widths = checkWidths(WHERE, plan.widths)
  const { activation, sigmaW2, sigmaB2 } = variances
  const scales = depthScales(activation, { sigmaW2, sigmaB2 }, sigmaW2 + sigmaB2 || 1)
  const layers = uniformForward(variances, widths)
  return {
    ...scales,
    trainableDepth: 6 * scales.xiC,
    logVariance: layers[layers.length - 1].log.variance,
    ...f32Limits(variances, widths),
  }
}
