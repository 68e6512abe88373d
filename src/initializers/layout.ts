import { wrongKind, wrongValue } from '../check'
import type { Shape } from './shape'

/**
 * What each axis of a stored weight is, one letter an axis, slowest first, as in 'OI', 'HWIO' or 'OIHW'.
 * O out, I in, D H W space; E independent copies (experts, packed matrices, rows of an embedding); M multiplier of a
 * depthwise kernel, in place of O ('HWIM': output channel i * M + m).
 */
export type Layout = string

/** The logical order: values of a stream are laid along these axes, the last one fastest. Stream. */
const LOGICAL_ORDER = 'EOIMDHW'
export const SPATIAL = 'DHW'

const LETTERS =
  "distinct letters of O (out), I (in), D H W (space), E (copies), M (depthwise multiplier), such as 'OIHW'"

/** The layout, checked against the rank: its letters are known and distinct, and name an O and an I, an I and an M, or an E and an O. */
export function checkLayout(where: string, layout: unknown, shape: Shape): Layout {
  if (typeof layout !== 'string') return wrongKind(where, 'layout', LETTERS, layout)
  const has = (letter: string) => layout.includes(letter)
  const distinct = new Set(layout).size === layout.length
  const known = [...layout].every((letter) => LOGICAL_ORDER.includes(letter))
  const named =
    (has('O') && !has('M') && (has('I') || layout === 'EO' || layout === 'OE')) || (has('I') && has('M') && !has('O'))
  if (!distinct || !known || !named) return wrongValue(where, 'layout', LETTERS, layout)
  if (shape.length < 2) return wrongValue(where, 'layout', `none for a shape of rank ${shape.length}`, layout)
  if (layout.length !== shape.length)
    return wrongValue(where, 'layout', `${shape.length} letters for a shape of rank ${shape.length}`, layout)
  return layout
}

/** Stored axis of each logical axis, slowest first. */
export function logicalAxes(layout: Layout): number[] {
  return [...LOGICAL_ORDER].map((letter) => layout.indexOf(letter)).filter((axis) => axis >= 0)
}

/** Size of the axis of this letter, 1 when the layout has none. */
export function sizeOf(letter: string, layout: Layout, shape: Shape): number {
  const axis = layout.indexOf(letter)
  return axis < 0 ? 1 : shape[axis]
}

/** Whether storage order is the logical order already. */
export function isLogical(axes: readonly number[]): boolean {
  return axes.every((axis, i) => axis === i)
}

/** out[stored position] = logical[logical position], for every coordinate; axes as of logicalAxes, rank >= 1. */
export function toStorage(logical: Float32Array, out: Float32Array, shape: Shape, axes: readonly number[]): void {
  eachRow(logical.length, shape, axes, (at, base, len, stride) => {
    for (let k = 0; k < len; k++) out[base + k * stride] = logical[at + k]
  })
}

/** out[logical position] = stored[stored position], the other way round. */
export function fromStorage(stored: Float32Array, out: Float32Array, shape: Shape, axes: readonly number[]): void {
  eachRow(stored.length, shape, axes, (at, base, len, stride) => {
    for (let k = 0; k < len; k++) out[at + k] = stored[base + k * stride]
  })
}

/** Every row along the last logical axis: where it begins in logical order, and in storage, where its values are `stride` apart. */
function eachRow(
  count: number,
  shape: Shape,
  axes: readonly number[],
  body: (at: number, base: number, len: number, stride: number) => void,
): void {
  const strides = axes.map((axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const sizes = axes.map((axis) => shape[axis])
  const last = axes.length - 1
  const index = new Array<number>(axes.length).fill(0)
  let base = 0
  for (let i = 0; i < count; i += sizes[last]) {
    body(i, base, sizes[last], strides[last])
    for (let axis = last - 1; axis >= 0; axis--) {
      base += strides[axis]
      if (++index[axis] < sizes[axis]) break
      base -= index[axis] * strides[axis]
      index[axis] = 0
    }
  }
}

/** A weight as `copies` stacks of outputs x inputs kernels; each row of outputs sums over `inputs` channels and all of `space`. */
export interface Kernel {
  copies: number
  outputs: number
  inputs: number
  space: readonly number[]
}

/** The weight in logical order: the shape [copies, outputs, inputs, ...space]. A depthwise layout has one input channel an output. */
export function kernelOf(layout: Layout, shape: Shape): Kernel {
  const depthwise = layout.includes('M')
  const inputs = sizeOf('I', layout, shape)
  return {
    copies: sizeOf('E', layout, shape),
    outputs: depthwise ? inputs * sizeOf('M', layout, shape) : sizeOf('O', layout, shape),
    inputs: depthwise ? 1 : inputs,
    space: [...SPATIAL].filter((letter) => layout.includes(letter)).map((letter) => sizeOf(letter, layout, shape)),
  }
}
