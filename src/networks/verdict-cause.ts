/** Which step of a document does most of what is wrong, why, and what to change. */

import { activationTitle, causeOf, knownActivation, remedyOf, type Scales, scaleText } from '../report/cause'
import { plain, short } from '../report/number-text'
import { unitsOf } from './document'
import type { Station } from './stations'

/** The step that changes the second moment most in the direction that is wrong. */
export interface Culprit {
  step: Station
  factor: number
  ahead: boolean
}

/** By the measured moments, weights and what follows them taken together; undefined where there is no step on that way. */
export function culprit(
  steps: readonly Station[],
  ahead: boolean,
  vanishing: boolean,
  input: number,
): Culprit | undefined {
  const moments = ahead
    ? [input, ...steps.map(({ end }) => end.forward.secondMoment)]
    : steps.map(({ end }) => unitsOf(end.size) * (end.backward?.secondMoment ?? Number.NaN))
  const all = moments.slice(1).map((moment, i) => ({
    ahead,
    factor: ahead ? moment / moments[i] : moments[i] / moment,
    step: steps[ahead ? i : i + 1],
    // where the moments themselves leave the range of doubles a factor says nothing of the layer; 0 is in it: a dead layer is told from its neighbour
    telling: [moment, moments[i]].every((value) => value === 0 || (value > 1e-290 && value < 1e290)),
  }))
  const found = all.filter(({ factor, telling }) => telling && !Number.isNaN(factor))
  const strength = (factor: number) => (vanishing ? 1 / factor : factor)
  const among = found.length > 0 ? found : [...all, { ahead, factor: Number.NaN, step: steps[0] }].slice(0, 1)
  return among.reduce((most, one) => (strength(one.factor) > strength(most.factor) ? one : most))
}

/** fanIn times the variance of a weight; null of a step without weights. */
function scaleOf({ head }: Station): Scales | null {
  if (head.kind !== 'dense' && head.kind !== 'conv') return null
  const fanIn = head.kind === 'dense' ? unitsOf(head.from) : (head.from[0] / head.groups) * unitsOf(head.window.kernel)
  return [fanIn * head.weightVariance, fanIn * head.weightVariance]
}

/** 'most of it at layers[4] (dense), x 0.51: its weights have variance 1/fanIn and ReLU zeroes half the units'. */
export function culpritCause({ step, factor, ahead }: Culprit): string {
  return `most of it at ${step.name} (${step.head.kind}), x ${short(factor)}: ${causeOfStep(step, factor, ahead)}`
}

function causeOfStep(step: Station, factor: number, ahead: boolean): string {
  const { head, norm, activation } = step
  const scales = scaleOf(step)
  if (norm !== null && !ahead) return `its ${norm} passes ${short(factor)} of the gradient on, whatever the weights`
  if (head.kind === 'residual') return `its branch adds ${short(Math.abs(factor - 1))} of what comes in`
  if (scales === null || (head.kind !== 'dense' && head.kind !== 'conv')) return 'it has no weights'
  if (activation === null) return `its weights have variance ${scaleText(scales)} and no activation follows`
  return causeOf('its', knownActivation(activation) && scales, { init: head.init, activation })
}

/** What would keep the second moment there. */
export function culpritRemedy({ step, factor, ahead }: Culprit, steps: readonly Station[]): string {
  const { head, norm, activation } = step
  if (norm !== null && !ahead)
    return `put the ${norm} into the branch of a residual block${norm === 'batchNorm' ? ', or a layer norm in its place' : ''}`
  if (head.kind === 'residual') return residualRemedy(factor, head.scale, steps)
  const scales = scaleOf(step)
  if (scales === null || (head.kind !== 'dense' && head.kind !== 'conv')) return BETWEEN
  const named = activation ?? 'linear'
  const gain = knownActivation(named)?.gain ?? Number.NaN
  const wanted = gain * gain
  if (Math.abs(scales[0] / wanted - 1) < 1e-3) return kept(step)
  return remedyOf('its', scales, { activation: named, bias: head.bias })
}

const BETWEEN = 'put a norm or scaled residual branches between the layers'

/** Weights that have their gain already. */
function kept({ head, activation }: Station): string {
  if (head.kind === 'conv' && head.window.padding === 'zero' && head.window.kernel.some((size) => size > 1))
    return `pad by 'circular' or 'reflect', as zeros take from the borders, or ${BETWEEN}`
  return `its weights have the gain of ${activationTitle(activation ?? 'linear')}: ${BETWEEN}`
}

/** b^2 g = 1/blocks keeps (1 + b^2 g)^blocks below e. */
function residualRemedy(factor: number, scale: number, steps: readonly Station[]): string {
  const blocks = steps.filter(({ head }) => head.kind === 'residual').length
  const by = 1 / Math.sqrt(blocks * (factor - 1))
  if (!(by < 1)) return 'put a norm at the beginning of each branch'
  return `scale the ${blocks} branches by ${plain(Math.abs(scale) * by)} in place of ${plain(scale)}, which keeps their growth below a factor e, or begin each with a norm`
}
