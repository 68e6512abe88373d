/** What a run takes, estimated before it starts. */

import { recipe } from '../initializers/names'
import { type Layer, type Size, unitsOf } from './document'
import type { RunSpec } from './run'

/** Branches before their residual, as they are measured. */
export function flat(layers: readonly Layer[]): Layer[] {
  return layers.flatMap((layer) => (layer.kind === 'residual' ? [...flat(layer.layers), layer] : [layer]))
}

/** Weights of one output: input channels of a group times the kernel's size. */
function inputsOf(layer: Extract<Layer, { kind: 'conv' }>): number {
  return (layer.from[0] / layer.groups) * unitsOf(layer.window.kernel)
}

/** Bytes of linear memory that a run holds at once, work memory apart. */
export function bytesOf({ input, layers, batch, backward }: Omit<RunSpec, 'rescale'>): number {
  const columns = 8 * Math.ceil(batch / 8)
  const values = (size: Size) => 4 * unitsOf(size) * columns
  // on the way back every layer has its output and its gradient; without, two buffers of each branch take turns
  const kept = (branch: readonly Layer[]): number =>
    backward
      ? flat(branch).reduce((sum, layer) => sum + 2 * values(layer.to) + weightBytes(layer, true), 0)
      : 2 * branch.reduce((most, { to }) => Math.max(most, values(to)), 0) +
        branch.reduce(
          (most, layer) => Math.max(most, layer.kind === 'residual' ? kept(layer.layers) : weightBytes(layer, false)),
          0,
        )
  return 4 * unitsOf(input) * (batch + columns) + kept(layers)
}

/** A convolution keeps its weights and what is read where; a dense layer makes its weights when it needs them, some kinds all at once. */
function weightBytes(layer: Layer, backward: boolean): number {
  if (layer.kind === 'conv') {
    const k = inputsOf(layer)
    return 4 * k * (layer.to[0] + layer.groups * unitsOf(layer.window.to))
  }
  if (layer.kind !== 'dense' || backward) return 0
  const whole = !['normal', 'uniform'].includes(recipe(layer.init).distribution)
  return whole ? 4 * layer.to[0] * unitsOf(layer.from) : 0
}

/** Multiplications and additions of one seed, drawing the weights counted as 50 each. */
export function workOf({ layers, batch, backward }: RunSpec): number {
  const passes = 2 * batch * (backward ? 3 : 1)
  return flat(layers).reduce((sum, layer) => {
    if (layer.kind === 'dense') return sum + layer.to[0] * unitsOf(layer.from) * (passes + 50)
    if (layer.kind === 'conv') return sum + inputsOf(layer) * (unitsOf(layer.to) * passes + layer.to[0] * 50)
    // sums over values, in JavaScript for norms
    return sum + unitsOf(layer.to) * passes
  }, 0)
}
