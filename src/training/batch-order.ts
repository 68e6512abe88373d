import { fillUniform } from '../random/draw'

/**
 * The samples of each batch in turn: epochs end to end, each a permutation of all rows, so that a batch may span two of them. Fisher &
 * Yates with value i of stream `order.E` for place i of epoch E: the order depends on seed and rows alone.
 */
export function batchOrder(rows: number, batch: number, seed: bigint): () => Int32Array {
  let epoch = 0
  let order = permutation(rows, seed, epoch)
  let at = 0
  return () => {
    const indices = new Int32Array(batch)
    for (let b = 0; b < batch; b++) {
      if (at === rows) {
        order = permutation(rows, seed, ++epoch)
        at = 0
      }
      indices[b] = order[at++]
    }
    return indices
  }
}

function permutation(rows: number, seed: bigint, epoch: number): Int32Array {
  const uniforms = fillUniform(new Float32Array(rows), { seed, stream: `order.${epoch}` })
  const order = Int32Array.from({ length: rows }, (_, i) => i)
  for (let i = rows - 1; i > 0; i--) {
    const j = Math.min(i, Math.floor(uniforms[i] * (i + 1)))
    const moved = order[i]
    order[i] = order[j]
    order[j] = moved
  }
  return order
}
