/** A dense network with biases in plain f64: its loss, and the gradient by every parameter. One sample at a time. */

export interface Layer {
  fanIn: number
  fanOut: number
  /** fanOut x fanIn. */
  weight: Float64Array
  bias: Float64Array
}

export interface Nonlinearity {
  f: (z: number) => number
  derivative: (z: number) => number
}

/** Of one sample's outputs: its loss, and dL/dz. */
export type SampleLoss = (z: Float64Array, sample: number) => { loss: number; delta: Float64Array }

export function crossEntropy(labels: ArrayLike<number>): SampleLoss {
  return (z, sample) => {
    const top = Math.max(...z)
    const powers = z.map((v) => Math.exp(v - top))
    const sum = powers.reduce((a, b) => a + b)
    const loss = Math.log(sum) + top - z[labels[sample]]
    return { loss, delta: powers.map((p, i) => p / sum - (i === labels[sample] ? 1 : 0)) }
  }
}

/** targets: samples x outputs. */
export function meanSquareLoss(targets: ArrayLike<number>): SampleLoss {
  return (z, sample) => {
    const errors = z.map((v, i) => v - targets[sample * z.length + i])
    return {
      loss: errors.reduce((sum, e) => sum + e * e, 0) / z.length,
      delta: errors.map((e) => (2 * e) / z.length),
    }
  }
}

/** x: samples x features; the mean loss and its gradient, laid out as the layers are. */
export function lossAndGradient(
  layers: readonly Layer[],
  { f, derivative }: Nonlinearity,
  x: ArrayLike<number>,
  samples: number,
  lossOf: SampleLoss,
): { loss: number; gradients: Layer[] } {
  const gradients = layers.map((layer) => ({
    ...layer,
    weight: new Float64Array(layer.weight.length),
    bias: new Float64Array(layer.bias.length),
  }))
  const features = layers[0].fanIn
  let total = 0
  for (let s = 0; s < samples; s++) {
    const h: Float64Array[] = [Float64Array.from({ length: features }, (_, i) => x[s * features + i])]
    const z: Float64Array[] = []
    layers.forEach(({ fanIn, weight, bias }, l) => {
      z.push(bias.map((b, i) => h[l].reduce((sum, v, j) => sum + weight[i * fanIn + j] * v, b)))
      h.push(l === layers.length - 1 ? z[l] : z[l].map(f))
    })
    const { loss, delta: outer } = lossOf(h[layers.length], s)
    total += loss / samples
    let delta = outer.map((d) => d / samples)
    for (let l = layers.length - 1; l >= 0; l--) {
      const { fanIn, fanOut, weight } = layers[l]
      for (let i = 0; i < fanOut; i++) {
        gradients[l].bias[i] += delta[i]
        for (let j = 0; j < fanIn; j++) gradients[l].weight[i * fanIn + j] += delta[i] * h[l][j]
      }
      if (l === 0) break
      const below = Float64Array.from({ length: fanIn }, (_, j) => {
        let sum = 0
        for (let i = 0; i < fanOut; i++) sum += weight[i * fanIn + j] * delta[i]
        return sum
      })
      delta = below.map((g, j) => g * derivative(z[l - 1][j]))
    }
  }
  return { loss: total, gradients }
}

/** Each layer's outputs' derivative along a direction in parameter space: J u, samples x outputs. */
export function tangent(
  layers: readonly Layer[],
  direction: readonly Layer[],
  { f, derivative }: Nonlinearity,
  x: ArrayLike<number>,
  samples: number,
): Float64Array {
  const features = layers[0].fanIn
  const outputs = layers[layers.length - 1].fanOut
  const result = new Float64Array(samples * outputs)
  for (let s = 0; s < samples; s++) {
    let h = Float64Array.from({ length: features }, (_, i) => x[s * features + i])
    let dh = new Float64Array(features)
    layers.forEach(({ fanIn, weight, bias }, l) => {
      const u = direction[l]
      const z = bias.map((b, i) => h.reduce((sum, v, j) => sum + weight[i * fanIn + j] * v, b))
      const dz = u.bias.map((b, i) =>
        h.reduce((sum, v, j) => sum + u.weight[i * fanIn + j] * v + weight[i * fanIn + j] * dh[j], b),
      )
      const last = l === layers.length - 1
      h = last ? z : z.map(f)
      dh = last ? dz : dz.map((d, i) => d * derivative(z[i]))
    })
    result.set(dh, s * outputs)
  }
  return result
}

/** parameters + by direction. */
export function moved(layers: readonly Layer[], direction: readonly Layer[], by: number): Layer[] {
  return layers.map((layer, l) => ({
    ...layer,
    weight: layer.weight.map((w, i) => w + by * direction[l].weight[i]),
    bias: layer.bias.map((b, i) => b + by * direction[l].bias[i]),
  }))
}

export function inner(a: readonly Layer[], b: readonly Layer[]): number {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, v, i) => sum + v * y[i], 0)
  return a.reduce((sum, layer, l) => sum + dot(layer.weight, b[l].weight) + dot(layer.bias, b[l].bias), 0)
}
