/** Experiments made by hand: every layer multiplies the second moment by a known factor, theory has another, and the band is the ReLU law's. */

import type { LayerResult } from '../../src/network/result'
import { seedStatistics } from '../../src/report/seed-statistics'
import type { Measured } from '../../src/report/verdict'

export interface Recipe {
  depth: number
  /** One width for all layers, or [features, layer 1, ..., layer L]. */
  width: number | number[]
  /** Measured factor per layer; theory's too, unless `theory` says otherwise. */
  forward: number | ((layer: number) => number)
  backward?: number | ((layer: number) => number)
  theory?: number | ((layer: number) => number)
  activation?: string
  bias?: number
  seeds?: number
  /** Added to ln of the forward second moment, in standard deviations of one seed's. */
  luck?: number
}

const at = (factor: number | ((layer: number) => number), layer: number) =>
  typeof factor === 'number' ? factor : factor(layer)

/** Hanin & Nica 2020 for ReLU: ln of the second moment ~ N(-beta/2, beta), beta = 5 sum 1/n. */
function band(secondMoment: number, beta: number): [number, number] {
  const centre = secondMoment * Math.exp(-beta / 2)
  const half = Math.exp(1.959963984540054 * Math.sqrt(beta))
  return [centre / half, centre * half]
}

export function constructed(recipe: Recipe): Measured {
  const { depth, forward, backward, theory = forward, activation = 'relu', bias = 0, seeds = 8, luck = 0 } = recipe
  const widths = typeof recipe.width === 'number' ? new Array<number>(depth + 1).fill(recipe.width) : recipe.width
  const layers: LayerResult[] = []
  let [measured, expected, beta] = [1, 1, 0]
  for (let layer = 1; layer <= depth; layer++) {
    measured *= at(forward, layer)
    expected *= at(theory, layer)
    beta += 5 / widths[layer]
    const secondMoment = measured * Math.exp(-beta / 2 + luck * Math.sqrt(beta))
    layers.push({
      layer,
      fanIn: widths[layer - 1],
      fanOut: widths[layer],
      forward: {
        secondMoment,
        logStd: Math.sqrt(beta),
        mean: 0.4,
        std: 0.8,
        zeroFraction: 0.5,
        deadFraction: 0,
        saturatedFraction: null,
        cosine: 0.5,
        histogram: { low: 0, counts: [] },
      },
      backward: null,
      theory: {
        forward: { secondMoment: expected, cosine: 0.5, saturatedFraction: null, band: band(expected, beta) },
        backward: { secondMoment: 1, weightGradNorm: 1, band: [1, 1] },
      },
      statistics: { forward: seedStatistics([secondMoment], band(expected, beta)), backward: null },
      ratios: null,
    })
  }
  if (backward !== undefined) addBackward(layers, widths, backward)
  const values = (pick: (layer: LayerResult) => number) => layers.map(pick)
  const moments = {
    forwardSecondMoment: values((layer) => layer.forward.secondMoment),
    backwardSecondMoment: values((layer) => layer.backward?.secondMoment ?? 0).filter(() => backward !== undefined),
  }
  return {
    schemaVersion: 1,
    config: {
      init: 'made-by-hand',
      activation,
      widths,
      depth,
      batch: 64,
      bias,
      input: 'normal',
      inputSecondMoment: 1,
      inputCosine: 0,
      seed: 1,
      seeds,
      backward: backward !== undefined,
      engine: 'weights',
    },
    layers,
    seeds: Array.from({ length: seeds }, (_, seed) => ({ seed, ...structuredClone(moments) })),
  }
}

/** The sum over units is multiplied by `factor` per layer on the way back, with theory the same. */
function addBackward(layers: LayerResult[], widths: number[], factor: number | ((layer: number) => number)): void {
  const depth = layers.length
  let [sum, beta] = [widths[depth], 0]
  for (let layer = depth; layer >= 1; layer--) {
    beta += 5 / widths[layer]
    if (layer < depth) sum *= at(factor, layer + 1)
    const mean = sum / widths[layer]
    const secondMoment = mean * Math.exp(-beta / 2)
    layers[layer - 1].backward = { secondMoment, logStd: Math.sqrt(beta), weightGradNorm: 1 }
    layers[layer - 1].theory.backward = { secondMoment: mean, weightGradNorm: 1, band: band(mean, beta) }
  }
}
