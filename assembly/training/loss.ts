// Losses of the last layer's outputs z: panels of units x 8, one column a sample. Each takes the gradient along: delta = dL/dz,
// L the mean over the batch, columns beyond the batch 0. In f64, samples ascending, rounded to f32 once; exp and log inside the module.

/**
 * labels: batch i32 in 0 .. units - 1; returns the sum over the batch of ln(sum of e^z_i) - z_label, delta = (softmax(z) - onehot)/batch.
 * The largest z of a sample is taken out first, so that nothing overflows.
 */
export function softmaxCrossEntropy(deltaPtr: usize, zPtr: usize, labelsPtr: usize, units: i32, batch: i32): f64 {
  assert(units >= 1 && batch >= 1)
  clearLastPanel(deltaPtr, units, batch)
  let loss: f64 = 0
  for (let b = 0; b < batch; b++) {
    const at = column(units, b)
    const z = zPtr + at
    const delta = deltaPtr + at
    const label = load<i32>(labelsPtr + ((<usize>b) << 2))
    const top = largest(z, units)
    let sum: f64 = 0
    for (let i = 0; i < units; i++) sum += Math.exp(<f64>load<f32>(z + ((<usize>i) << 5)) - top)
    loss += Math.log(sum) - (<f64>load<f32>(z + ((<usize>label) << 5)) - top)
    for (let i = 0; i < units; i++) {
      const share = Math.exp(<f64>load<f32>(z + ((<usize>i) << 5)) - top) / sum
      store<f32>(delta + ((<usize>i) << 5), <f32>((share - (i == label ? 1 : 0)) / <f64>batch))
    }
  }
  return loss
}

/** targets: batch x units f32, row-major; returns the sum over batch and units of (z - target)^2, delta = 2 (z - target)/(batch units). */
export function meanSquare(deltaPtr: usize, zPtr: usize, targetsPtr: usize, units: i32, batch: i32): f64 {
  assert(units >= 1 && batch >= 1)
  clearLastPanel(deltaPtr, units, batch)
  const scale = 2 / (<f64>batch * <f64>units)
  let loss: f64 = 0
  for (let b = 0; b < batch; b++) {
    const at = column(units, b)
    for (let i = 0; i < units; i++) {
      const row = at + ((<usize>i) << 5)
      const error = <f64>load<f32>(zPtr + row) - <f64>load<f32>(targetsPtr)
      loss += error * error
      store<f32>(deltaPtr + row, <f32>(scale * error))
      targetsPtr += 4
    }
  }
  return loss
}

/** labels: batch i32; samples whose label alone has the largest z. A tie, or NaN, is no hit. */
export function hits(zPtr: usize, labelsPtr: usize, units: i32, batch: i32): i32 {
  assert(units >= 1 && batch >= 1)
  let count = 0
  for (let b = 0; b < batch; b++) {
    const z = zPtr + column(units, b)
    const label = load<i32>(labelsPtr + ((<usize>b) << 2))
    const own = load<f32>(z + ((<usize>label) << 5))
    let below = 0
    for (let i = 0; i < units; i++) below += load<f32>(z + ((<usize>i) << 5)) < own ? 1 : 0
    count += below == units - 1 ? 1 : 0
  }
  return count
}

function largest(zPtr: usize, units: i32): f64 {
  let top = <f64>load<f32>(zPtr)
  for (let i = 1; i < units; i++) top = max(top, <f64>load<f32>(zPtr + ((<usize>i) << 5)))
  return top
}

/** Bytes to sample b in panels of units x 8. */
function column(units: i32, b: i32): usize {
  return ((<usize>(b >> 3) * <usize>units) << 5) + ((<usize>(b & 7)) << 2)
}

function clearLastPanel(panelsPtr: usize, units: i32, batch: i32): void {
  if ((batch & 7) != 0) memory.fill(panelsPtr + ((<usize>(batch >> 3) * <usize>units) << 5), 0, (<usize>units) << 5)
}
