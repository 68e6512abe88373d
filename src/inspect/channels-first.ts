/** Samples and flattened layers of models that have their channels last, as the passes take them: channels first. */

import type { Batch } from '../network/spec'
import { type Size, unitsOf } from '../networks/document'
import type { ChainNetwork, LayerValues } from './chain-network'

/** The batch, and the values of each layer, unchanged where channels come first already. */
export function channelsFirst(
  { input, weighted, channelsLast }: ChainNetwork,
  batch: Batch,
  values: readonly LayerValues[],
): { rows: Batch; values: readonly LayerValues[] } {
  if (!channelsLast) return { rows: batch, values }
  return {
    rows: { ...batch, data: turnedRows(Float32Array.from(batch.data), input) },
    values: values.map(({ weight, bias }, l) => {
      const { kind, from } = weighted[l]
      return kind === 'dense' && from.length > 1 ? { bias, weight: () => turnedRows(weight(), from) } : { weight, bias }
    }),
  }
}

/** Every row from [...space, channels] to [channels, ...space]. */
export function turnedRows(data: Float32Array, size: Size): Float32Array {
  const [channels, units] = [size[0], unitsOf(size)]
  const positions = units / channels
  const out = new Float32Array(data.length)
  for (let row = 0; row < data.length; row += units)
    for (let p = 0; p < positions; p++)
      for (let c = 0; c < channels; c++) out[row + c * positions + p] = data[row + p * channels + c]
  return out
}
