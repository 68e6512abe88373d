/** Experiments as tables of text: few enough layers to read, measured beside theory. */

import type { Experiment, LayerResult } from '../network/result'
import { short } from './number-text'

export interface Table {
  title: string
  head: string[]
  rows: string[][]
}

/** The layers worth a row: 1, 2, 3, 5, 10, then at most ten even steps, and the last. */
export function layersShown(depth: number): number[] {
  const step = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].find((s) => depth / s <= 10) ?? 20_000
  const steps = Array.from({ length: Math.floor(depth / step) }, (_, i) => (i + 1) * step)
  const shown = [1, 2, 3, 5, 10, ...steps, depth].filter((layer) => layer <= depth)
  return [...new Set(shown)].sort((a, b) => a - b)
}

/** Layers down, initializers across: forward with theory in brackets, backward where measured, and the share of zeros. */
export function comparisonTables(experiments: readonly Experiment[]): Table[] {
  const backward = experiments.every(({ config }) => config.backward)
  const table = (title: string, cell: (layer: LayerResult) => string): Table => ({
    title,
    head: ['layer', ...experiments.map(({ config }) => config.init)],
    rows: layersShown(experiments[0].config.depth).map((layer) => [
      String(layer),
      ...experiments.map(({ layers }) => cell(layers[layer - 1])),
    ]),
  })
  return [
    table('Forward: mean of h² after each layer (theory)', ({ forward, theory }) =>
      withTheory(forward.secondMoment, theory.forward.secondMoment),
    ),
    ...(backward
      ? [
          table('Backward: mean of (dL/dz)² at each layer (theory)', ({ backward, theory }) =>
            backward ? withTheory(backward.secondMoment, theory.backward.secondMoment) : '',
          ),
        ]
      : []),
    table('Share of activations that are 0', ({ forward }) => forward.zeroFraction.toFixed(3)),
    ...(saturates(experiments[0])
      ? [
          table(
            `${SATURATED} (theory)`,
            ({ forward: f, theory: { forward: t } }) => `${share(f.saturatedFraction)} (${share(t.saturatedFraction)})`,
          ),
        ]
      : []),
  ]
}

/** Layers down, everything measured across; the way back in a second table. */
export function experimentTables({ config, layers }: Experiment): Table[] {
  const shown = layersShown(config.depth).map((layer) => layers[layer - 1])
  const forward: Table = {
    title: 'Forward',
    head: ['layer', 'mean of h²', 'theory', '95 % of seeds', 'mean', 'std', 'zeros', 'dead', 'cosine', 'theory'],
    rows: shown.map(({ layer, forward: f, theory: { forward: t } }) => [
      String(layer),
      short(f.secondMoment, 3),
      short(t.secondMoment, 3),
      `${short(t.band[0])} .. ${short(t.band[1])}`,
      short(f.mean, 3),
      short(f.std, 3),
      f.zeroFraction.toFixed(3),
      f.deadFraction.toFixed(3),
      f.cosine === null ? '-' : f.cosine.toFixed(4),
      t.cosine === null ? '-' : t.cosine.toFixed(4),
    ]),
  }
  const saturation: Table = {
    title: SATURATED,
    head: ['layer', 'measured', 'theory'],
    rows: shown.map(({ layer, forward: f, theory: { forward: t } }) => [
      String(layer),
      share(f.saturatedFraction),
      share(t.saturatedFraction),
    ]),
  }
  const there = saturates({ layers }) ? [forward, saturation] : [forward]
  if (!config.backward) return there
  const backward: Table = {
    title: 'Backward',
    head: ['layer', 'mean of (dL/dz)²', 'theory', '95 % of seeds', '|dL/dW|', 'theory'],
    rows: shown.map(({ layer, backward: b, theory: { backward: t } }) => [
      String(layer),
      b ? short(b.secondMoment, 3) : '-',
      short(t.secondMoment, 3),
      `${short(t.band[0])} .. ${short(t.band[1])}`,
      b ? short(b.weightGradNorm, 3) : '-',
      short(t.weightGradNorm, 3),
    ]),
  }
  return [...there, backward]
}

export const SATURATED = "Share of activations in saturation: |f'| below 0.059 of its largest"

/** Whether any layer has flat ends. */
export function saturates({
  layers,
}: {
  layers: readonly { forward: { saturatedFraction: number | null } }[]
}): boolean {
  return layers.some(({ forward }) => forward.saturatedFraction !== null)
}

/** Three decimals; '-' for none. */
export function share(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}

function withTheory(measured: number, theory: number): string {
  return `${short(measured, 3)} (${short(theory, 3)})`
}
