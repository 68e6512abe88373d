import { fillNormal, fillUniform } from '../random/draw'
import type { StreamOptions } from '../random/stream'
import type { Kernel } from './layout'

/** Of an outputs x inputs matrix, each column (all weights that leave one input) or each row (all that enter one output) loses the same count. */
export type SparseAxis = 'column' | 'row'

/** Normals of which a share is 0. */
export interface Sparsity {
  stddev: number
  sparsity: number
  axis: SparseAxis
}

/** ceil(sparsity n), as PyTorch's sparse_; Trap: 0.07 x 100 is 7.000000000000001, which is 7. */
export function zeroCount(sparsity: number, n: number): number {
  return Math.ceil(sparsity * n * (1 - 2 ** -50))
}

/** Uniforms drawn at a time for the positions of zeros. */
const BATCH = 65536

/**
 * logical: outputs x inputs normals of the stream, all overwritten, then zeros at positions of the stream `<stream>#zeros`:
 * the first zeroCount steps of a Fisher-Yates shuffle of each line, two 24-bit uniforms a step. Stream.
 */
export function fillSparse(logical: Float32Array, kernel: Kernel, law: Sparsity, source: StreamOptions): void {
  fillNormal(logical, { ...source, stddev: law.stddev })
  const byColumn = law.axis === 'column'
  const [lines, length] = byColumn ? [kernel.inputs, kernel.outputs] : [kernel.outputs, kernel.inputs]
  const [lineStep, step] = byColumn ? [1, kernel.inputs] : [kernel.inputs, 1]
  const zeros = zeroCount(law.sparsity, length)
  if (zeros === 0) return

  const positions = { ...source, stream: `${source.stream ?? ''}#zeros` }
  const batch = Math.max(1, Math.floor(BATCH / (2 * zeros)))
  const uniforms = new Float32Array(2 * zeros * Math.min(batch, lines))
  const order = new Uint32Array(length)
  for (let line = 0; line < lines; line++) {
    if (line % batch === 0) fillUniform(uniforms, { ...positions, offset: 2 * zeros * line })
    for (let i = 0; i < length; i++) order[i] = i
    for (let i = 0; i < zeros; i++) {
      const at = 2 * ((line % batch) * zeros + i)
      const u = uniforms[at] + uniforms[at + 1] * 2 ** -24
      const pick = i + Math.floor(u * (length - i))
      const chosen = order[pick]
      order[pick] = order[i]
      logical[line * lineStep + chosen * step] = 0
    }
  }
}
