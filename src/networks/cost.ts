/** What a run takes, estimated before it starts. */

import { recipe } from '../initializers/names'
import { GROUP } from '../network/jacobian-probes'
import { type Layer, type Size, unitsOf } from './document'
import type { RunSpec } from './run'
import type { NetworkSpec } from './spec'

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

/** Columns that a Jacobian is sent through with. */
function jacobianColumns({ layers, jacobian }: Pick<NetworkSpec, 'layers' | 'jacobian'>): number {
  return jacobian === 'exact' ? unitsOf(layers[layers.length - 1].to) : jacobian > 0 ? GROUP : 0
}

/** The same, of a seed's Jacobian; 0 where none is asked for. */
export function jacobianBytes(spec: Pick<NetworkSpec, 'input' | 'layers' | 'jacobian'>): number {
  const batch = jacobianColumns(spec)
  return batch === 0 ? 0 : bytesOf({ ...spec, batch, backward: true })
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

/** What measuring one value takes, in multiplications and additions of a product; normalizing it, in JavaScript, takes four times as much. */
const MEASURED = 100

/** Multiplications and additions of one seed, its Jacobian included. */
export function workOf(spec: NetworkSpec): number {
  const { layers, batch, backward, jacobian } = spec
  const columns = jacobianColumns(spec)
  const own = passWork(layers, batch, backward ? 3 : 1)
  if (columns === 0) return own
  // there and back for each 8 directions, or once for all units
  const ways = jacobian === 'exact' ? 2 : 2 * Math.ceil(jacobian / GROUP)
  return own + passWork(layers, columns, 1 + ways)
}

/** Of a batch so many ways through, drawing the weights counted as 50 each. */
function passWork(layers: readonly Layer[], batch: number, ways: number): number {
  const products = 2 * batch * ways
  return flat(layers).reduce((sum, layer) => {
    const norm = layer.kind === 'layerNorm' || layer.kind === 'rmsNorm' || layer.kind === 'batchNorm'
    const own = sum + MEASURED * unitsOf(layer.to) * batch * (norm ? 5 : 1)
    if (layer.kind === 'dense') return own + layer.to[0] * unitsOf(layer.from) * (products + 50)
    if (layer.kind === 'conv') return own + inputsOf(layer) * (unitsOf(layer.to) * products + layer.to[0] * 50)
    return own
  }, 0)
}
