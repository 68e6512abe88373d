/** Jacobians that were formed as the data of a figure. */

import type { SpectrumChart, SpectrumSeries } from '../charts/spectrum-chart'
import type { JacobianResult } from '../network/result'
import { typeset } from './number-text'

interface Probed {
  config: { init: string }
  jacobian?: JacobianResult
}

/** The singular values of experiments; null where none has them. */
export function spectrumFigure(experiments: readonly Probed[]): SpectrumChart | null {
  const series = experiments.flatMap(({ config, jacobian }): SpectrumSeries[] =>
    jacobian?.singularValues === undefined
      ? []
      : [
          {
            label: config.init,
            note: `m₂/m₁² = ${typeset(jacobian.spread)}`,
            values: jacobian.singularValues,
            rootMeanSquare: jacobian.theory && Math.sqrt(jacobian.theory.m1),
          },
        ],
  )
  if (series.length === 0) return null
  const known = experiments.flatMap(({ config, jacobian }) =>
    jacobian?.theory?.spread == null ? [] : `${typeset(jacobian.theory.spread)} for ${config.init}`,
  )
  const theory = known.length > 0 ? ` Theory for wide layers has m₂/m₁² = ${known.join(', ')}.` : ''
  return {
    title: 'Singular values of the input-output Jacobian',
    subtitle: `J at the first sample, formed and decomposed. m₁ and m₂ are the means of the second and fourth powers: m₂/m₁² is 1 for an isometry.${theory}`,
    series,
  }
}
