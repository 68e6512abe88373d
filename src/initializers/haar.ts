import { fillNormal } from '../random/draw'
import type { StreamOptions } from '../random/stream'
import { type Arena, inArena } from '../wasm/instance'

/** Which normals a matrix is made of: those of a stream from `offset` on. */
export interface HaarSource extends StreamOptions {
  offset: number
}

/** Rows times panels that one kernel call reflects: a millisecond's work, so that engines switch to optimised code between calls. */
const CALL = 16384

/**
 * out: rows x cols, all overwritten: gain times a matrix with orthonormal columns (rows when there are fewer), Haar-distributed.
 * Version haar-1, Stewart 1980, "The efficient generation of random orthogonal matrices", SIAM J. Numer. Anal. 17: with
 * n = max(rows, cols) and k = min(rows, cols), Q = H_0 ... H_(k-1) D is the Q of the QR factorisation of an n x k Gaussian matrix, its
 * columns multiplied by the signs of R's diagonal; H_j is the Householder reflector of the n - j normals that are left of column j
 * under the reflectors before it, which are independent of them and can be drawn in its place.
 * Stream: element i >= j of vector j is value offset + j n + i.
 */
export function fillHaar(out: Float32Array, rows: number, cols: number, gain: number, source: HaarSource): void {
  const n = Math.max(rows, cols)
  const k = Math.min(rows, cols)
  inArena((arena) => {
    const { kernels } = arena
    const panels = Math.ceil(k / 8)
    const q = reflected(arena, n, k, source)
    kernels.scale(q, 8 * n * panels, gain)
    const ptr = arena.allocate(4 * n * k)
    if (rows >= cols) kernels.unpackPanels(ptr, q, n, k, 4 * k)
    else
      for (let p = 0; p < panels; p++)
        kernels.transpose(ptr + 32 * p * n, 4 * n, q + 32 * p * n, 32, n, Math.min(8, k - 8 * p))
    out.set(arena.f32(ptr, n * k))
  })
}

/** Address of the n x k matrix Q in panels of n x 8 (assembly/linalg/panels.ts). */
function reflected(arena: Arena, n: number, k: number, source: HaarSource): number {
  const { kernels } = arena
  const panels = Math.ceil(k / 8)
  const block = Math.min(k, kernels.REFLECTOR_BLOCK.value)
  const group = Math.min(panels, Math.ceil(CALL / n))
  const q = arena.allocate(32 * n * panels)
  return arena.scratch(() => {
    const vt = arena.allocate(32 * block * Math.ceil(n / 8))
    const v = arena.allocate(4 * block * n)
    const t = arena.allocate(4 * block * block)
    const w = arena.allocate(64 * block * group)
    const normals = new Float32Array(block * n)
    arena.f32(q, 8 * n * panels).fill(0)
    // the last block first: each one then meets only the rows and columns that it changes
    for (let first = Math.floor((k - 1) / block) * block; first >= 0; first -= block) {
      const count = Math.min(block, k - first)
      const drawn = normals.subarray(0, count * n)
      fillNormal(drawn, { ...source, offset: source.offset + first * n })
      padRows(arena, vt, drawn, n)
      kernels.reflectors(q, vt, v, t, n, first, count)
      for (let p = first / 8; p < panels; p += group)
        kernels.reflect(q + 32 * p * n, Math.min(group, panels - p), vt, v, t, w, n, first, count)
    }
    return q
  })
}

/** Rows of n at ptr, n rounded up to 8 apart, zeros between them. */
function padRows(arena: Arena, ptr: number, rows: Float32Array, n: number): void {
  const stride = 8 * Math.ceil(n / 8)
  const count = rows.length / n
  const to = arena.f32(ptr, count * stride).fill(0)
  for (let i = 0; i < count; i++) to.set(rows.subarray(i * n, (i + 1) * n), i * stride)
}
