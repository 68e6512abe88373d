import { type Panels, panelStride } from '../network/panels'
import type { Arena } from '../wasm/instance'
import { type Layer, unitsOf } from './document'
import { drawWeights } from './draw'
import type { LinearMap } from './layer-numbers'
import { sourcePositions } from './window'

type Conv = Extract<Layer, { kind: 'conv' }>

/** Values of patches held at once: they stay in a cache of the second level. */
const CHUNK = 65536

/** A convolution's weights and tables in linear memory, made once a run. */
export interface Convolution {
  layer: Conv
  positions: number
  /** Inputs of one output: input channels of a group times the kernel's size. */
  k: number
  /** Output channels of a group. */
  m: number
  /** groups x m x k. */
  weightsPtr: number
  /** groups x positions x k: row of the input that stands at that place of that patch. */
  patchesPtr: number
  chunk: number
}

/** A layer's weights as drawn for a seed. */
export function convolution(arena: Arena, layer: Conv, seed: bigint): Convolution {
  const weights = drawWeights(layer, seed)
  const ptr = arena.allocate(4 * weights.length)
  arena.f32(ptr, weights.length).set(weights)
  return convolutionAt(arena, layer, ptr)
}

/** W: outputs x inputs of a group x kernel, row-major at weightsPtr. */
export function convolutionMap(arena: Arena, layer: Conv, weightsPtr: number): LinearMap {
  const c = convolutionAt(arena, layer, weightsPtr)
  return {
    forward: (out, x) => convolve(arena, c, out, x),
    back: (grad, delta) => convolveBack(arena, c, grad, delta),
    gradient: (toPtr, x, delta) => weightGradient(arena, c, x, delta, toPtr),
    gradientSquare: (x, delta) => weightGradientSquare(arena, c, x, delta),
  }
}

function convolutionAt(arena: Arena, layer: Conv, weightsPtr: number): Convolution {
  const { groups, window, from, to } = layer
  const channels = from[0] / groups
  const taps = unitsOf(window.kernel)
  const [k, m, positions] = [channels * taps, to[0] / groups, unitsOf(window.to)]
  const patchesPtr = arena.allocate(4 * groups * positions * k)
  arena.i32(patchesPtr, groups * positions * k).set(patchRows(layer, channels, taps, positions))
  const chunk = Math.max(1, Math.min(positions, Math.floor(CHUNK / (8 * k))))
  return { layer, positions, k, m, weightsPtr, patchesPtr, chunk }
}

function patchRows({ groups, window }: Conv, channels: number, taps: number, positions: number): Int32Array {
  const source = sourcePositions(window)
  const space = unitsOf(window.from)
  const table = new Int32Array(groups * positions * channels * taps)
  let i = 0
  for (let g = 0; g < groups; g++)
    for (let p = 0; p < positions; p++)
      for (let c = 0; c < channels; c++)
        for (let t = 0; t < taps; t++) {
          const at = source[p * taps + t]
          table[i++] = at < 0 ? -1 : (g * channels + c) * space + at
        }
  return table
}

/** Calls `body` for every panel, group and stretch of positions. */
function eachChunk(
  c: Convolution,
  panels: number,
  body: (panel: number, group: number, from: number, len: number) => void,
): void {
  for (let panel = 0; panel < panels; panel++)
    for (let group = 0; group < c.layer.groups; group++)
      for (let at = 0; at < c.positions; at += c.chunk) body(panel, group, at, Math.min(c.chunk, c.positions - at))
}

const table = (c: Convolution, group: number, at: number) => c.patchesPtr + 4 * (group * c.positions + at) * c.k

/** z = the convolution of x. Each position's patch is a panel of k x 8 of its own, so the products land in z as it lies. */
export function convolve(arena: Arena, c: Convolution, z: Panels, x: Panels): void {
  const { kernels } = arena
  const { k, m, positions } = c
  arena.scratch(() => {
    const patches = arena.allocate(32 * k * c.chunk)
    eachChunk(c, x.panels, (panel, group, at, len) => {
      kernels.gatherRows(patches, x.ptr + panel * panelStride(x), table(c, group, at), len * k)
      const out = z.ptr + panel * panelStride(z) + 32 * (group * m * positions + at)
      const w = c.weightsPtr + 4 * group * m * k
      kernels.multiplyPanels(out, 32 * positions, 32, w, 4 * k, patches, 32 * k, m, k, 8 * len, 0)
    })
  })
}

/** grad = the transposed convolution of delta: patches' gradients, added where the patches were read. */
export function convolveBack(arena: Arena, c: Convolution, grad: Panels, delta: Panels): void {
  const { kernels } = arena
  const { k, m, positions } = c
  arena.scratch(() => {
    const patches = arena.allocate(32 * k * c.chunk)
    const deltas = arena.allocate(32 * m * c.chunk)
    const rows = arena.allocate(4 * m * positions)
    const transposed = arena.allocate(4 * m * k)
    // of one group: position after position, its channels
    const outputs = arena.i32(rows, m * positions)
    for (let p = 0; p < positions; p++) for (let o = 0; o < m; o++) outputs[p * m + o] = o * positions + p
    arena.f32(grad.ptr, 8 * grad.units * grad.panels).fill(0)
    eachChunk(c, delta.panels, (panel, group, at, len) => {
      if (at === 0) kernels.transpose(transposed, 4 * m, c.weightsPtr + 4 * group * m * k, 4 * k, m, k)
      const from = delta.ptr + panel * panelStride(delta) + 32 * group * m * positions
      kernels.gatherRows(deltas, from, rows + 4 * at * m, len * m)
      kernels.multiplyPanels(patches, 32, 32 * k, transposed, 4 * m, deltas, 32 * m, k, m, 8 * len, 0)
      kernels.scatterRows(grad.ptr + panel * panelStride(grad), patches, table(c, group, at), len * k)
    })
  })
}

/** |dL/dW|_F^2, summed over the batch. */
export function weightGradientSquare(arena: Arena, c: Convolution, x: Panels, delta: Panels): number {
  const { k, m, layer } = c
  return arena.scratch(() => {
    const len8 = Math.ceil((m * k) / 8) * 8
    const groups = Array.from({ length: layer.groups }, () => {
      const ptr = arena.allocate(4 * len8)
      arena.f32(ptr, len8).fill(0)
      return ptr
    })
    addWeightGradient(arena, c, x, delta, groups)
    return groups.reduce((sum, ptr) => sum + arena.kernels.dot(ptr, ptr, len8), 0)
  })
}

/** dL/dW, summed over the batch, groups x m x k at toPtr. */
function weightGradient(arena: Arena, c: Convolution, x: Panels, delta: Panels, toPtr: number): void {
  const { k, m, layer } = c
  arena.f32(toPtr, layer.groups * m * k).fill(0)
  const groups = Array.from({ length: layer.groups }, (_, group) => toPtr + 4 * group * m * k)
  addWeightGradient(arena, c, x, delta, groups)
}

/** Adds to each group's m x k delta's rows times the patches', a stretch of positions after the other. */
function addWeightGradient(arena: Arena, c: Convolution, x: Panels, delta: Panels, groups: readonly number[]): void {
  const { kernels } = arena
  const { k, m, positions } = c
  arena.scratch(() => {
    const patches = arena.allocate(32 * k * c.chunk)
    const rows = arena.allocate(32 * k * c.chunk)
    const panels = arena.allocate(32 * 8 * c.chunk * Math.ceil(k / 8))
    eachChunk(c, x.panels, (panel, group, at, len) => {
      kernels.gatherRows(patches, x.ptr + panel * panelStride(x), table(c, group, at), len * k)
      transposeRows(arena, rows, patches, len, k)
      kernels.packPanelsTransposed(panels, rows, 8 * len, k, 32 * len)
      const d = delta.ptr + panel * panelStride(delta) + 32 * (group * m * positions + at)
      kernels.multiplyPanels(groups[group], 4 * k, 32, d, 32 * positions, panels, 32 * 8 * len, m, 8 * len, k, 1)
    })
  })
}

/** Rows of 8: out k x len, from len x k. Trap: moved as doubles, two numbers that look like a NaN would not come out as they went in. */
function transposeRows(arena: Arena, outPtr: number, inPtr: number, len: number, k: number): void {
  const out = arena.i32(outPtr, 8 * k * len)
  const from = arena.i32(inPtr, 8 * k * len)
  for (let p = 0; p < len; p++)
    for (let i = 0; i < k; i++) for (let j = 0; j < 8; j++) out[8 * (i * len + p) + j] = from[8 * (p * k + i) + j]
}
