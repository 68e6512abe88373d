/** The weights of a 64 x 128 layer as He et al. 2015 have them, and W x for a batch of 32 inputs of ones. */
export function heTimesOnes(kernels, seed) {
  const { memory, mark, release, allocate, streamKey, draw, matmul, matmulWorkBytes } = kernels
  const [m, k, n] = [64, 128, 32]
  const NORMAL = 1
  const name = new TextEncoder().encode('fc1.weight')

  const start = mark()
  const namePtr = allocate(name.length) >>> 0
  const weightsPtr = allocate(4 * m * k) >>> 0
  const inputsPtr = allocate(4 * k * n) >>> 0
  const outputsPtr = allocate(4 * m * n) >>> 0
  const workPtr = allocate(matmulWorkBytes(m, k, n, false)) >>> 0

  // views come after the last allocation: it may grow the memory, and growing detaches them
  new Uint8Array(memory.buffer, namePtr, name.length).set(name)
  new Float32Array(memory.buffer, inputsPtr, k * n).fill(1)
  const key = streamKey(namePtr, name.length, seed)
  draw(weightsPtr, 0n, m * k, key, NORMAL, 0, Math.sqrt(2 / k), 0, 0)
  matmul(outputsPtr, weightsPtr, inputsPtr, workPtr, m, k, n, false, false)

  // results are copied out before their memory is released
  const weights = new Float32Array(memory.buffer, weightsPtr, m * k).slice()
  const outputs = new Float32Array(memory.buffer, outputsPtr, m * n).slice()
  release(start)
  return { weights, outputs }
}
