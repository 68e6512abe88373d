/** Histograms of magnitudes as the data of a figure. */

import type { MagnitudeChart } from '../charts/magnitude-chart'
import type { LayerResult } from '../network/result'

interface Counted {
  config: { init: string }
  layers: readonly { forward: Pick<LayerResult['forward'], 'histogram'> }[]
}

/** One panel for each experiment, its layers counted from 1. */
export function magnitudeFigure(experiments: readonly Counted[]): MagnitudeChart {
  return {
    title: 'Magnitudes of the activations, layer by layer',
    panels: experiments.map(({ config, layers }) => ({
      label: config.init,
      layers: layers.map(({ forward: { histogram } }, i) => ({ layer: i + 1, ...histogram })),
    })),
  }
}
