import { oneOf, wrongValue } from '../check'

/** What a TensorFlow.js kernel belongs to: its shape alone does not tell a depthwise or a transposed kernel from a convolution's. */
export type Layer = 'dense' | 'embedding' | 'conv' | 'depthwise' | 'transposed'

const LAYERS = ['dense', 'embedding', 'conv', 'depthwise', 'transposed'] as const satisfies readonly Layer[]

/** The layouts of TensorFlow.js's kernels, by rank. */
const LAYOUTS: Readonly<Record<Layer, Readonly<Record<number, string>>>> = {
  dense: { 2: 'IO' },
  embedding: { 2: 'EO' },
  conv: { 3: 'WIO', 4: 'HWIO', 5: 'DHWIO' },
  depthwise: { 4: 'HWIM' },
  transposed: { 4: 'HWOI', 5: 'DHWOI' },
}

/** The layer's name, checked. @throws TypeError, RangeError */
export function checkedLayer(where: string, layer: unknown): Layer {
  return oneOf(where, 'layer', layer, LAYERS)
}

/** The layout of a layer's kernel: a matrix is a dense layer's unless said otherwise, a bias has none. @throws RangeError for a rank that the layer does not have */
export function layoutOf(where: string, layer: Layer | undefined, rank: number): string | undefined {
  if (layer === undefined && rank < 2) return undefined
  if (layer === undefined && rank > 2)
    return wrongValue(where, 'layer', `'conv', 'depthwise' or 'transposed' for a kernel of rank ${rank}`, layer)
  return LAYOUTS[layer ?? 'dense'][rank] ?? wrongValue(where, 'layer', `one with kernels of rank ${rank}`, layer)
}
