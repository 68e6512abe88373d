/** Experiments as a table for other programs. */

import type { Experiment } from '../network/result'

const HEAD = [
  'init',
  'layer',
  'forward_second_moment',
  'forward_theory',
  'forward_low',
  'forward_high',
  'backward_second_moment',
  'backward_theory',
  'backward_low',
  'backward_high',
  'weight_grad_norm',
  'mean',
  'std',
  'zero_fraction',
  'dead_fraction',
  'cosine',
  'cosine_theory',
]
/** Of activations that saturate. */
const SATURATION_HEAD = ['saturated_fraction', 'saturated_theory']

/** One row for each layer of each experiment, every number in full; low and high hold 95 % of such networks, by theory. */
export function experimentCsv(experiments: readonly Experiment[]): string {
  const saturates = experiments[0].layers[0].forward.saturatedFraction !== null
  const rows = experiments.flatMap(({ config, layers }) =>
    layers.map(({ layer, forward: f, backward: b, theory: { forward: tf, backward: tb } }) => [
      config.init,
      layer,
      f.secondMoment,
      tf.secondMoment,
      ...tf.band,
      b?.secondMoment ?? '',
      tb.secondMoment,
      ...tb.band,
      b?.weightGradNorm ?? '',
      f.mean,
      f.std,
      f.zeroFraction,
      f.deadFraction,
      f.cosine ?? '',
      tf.cosine ?? '',
      ...(saturates ? [f.saturatedFraction ?? '', tf.saturatedFraction ?? ''] : []),
    ]),
  )
  return [saturates ? [...HEAD, ...SATURATION_HEAD] : HEAD, ...rows]
    .map((row) => `${row.map(cell).join(',')}\n`)
    .join('')
}

/** A name that a spreadsheet would take for a formula is quoted as text. */
function cell(value: string | number): string {
  return typeof value === 'string' && /^[=+\-@]/.test(value) ? `'${value}` : String(value)
}
