import { flag, integer, oneOf, options, wrongKind, wrongValue } from '../check'
import { checkLayout, type Layout } from '../initializers/layout'
import { DTYPES, type Dtype } from '../initializers/precision'
import { elements, type Shape } from '../initializers/shape'
import type { Pads } from '../io/model-step'

/** What a tensor is for. 'vector' is a bias, a scale or a shift: it has no fans. */
export type TensorRole = 'dense' | 'conv' | 'recurrent' | 'embedding' | 'vector'

export const ROLES = ['dense', 'conv', 'recurrent', 'embedding', 'vector'] as const satisfies readonly TensorRole[]

/** Values of a tensor, or a stretch of them, row-major. */
export type Values = Float32Array | Float64Array

/** What is known of a tensor beside its values; all but name and shape may be left to be inferred. */
export interface TensorFacts {
  name: string
  /** Sizes in storage order; empty for one number. */
  shape: Shape
  role?: TensorRole
  layout?: Layout
  /** Groups of a convolution, >= 1. */
  groups?: number
  transposed?: boolean
  /** Steps of a convolution, one for all spatial axes or one each. */
  stride?: number | readonly number[]
  /** Zeros that a convolution reads beyond the border, where a batch is sent through it; default as `padding` of the options says. */
  pads?: Pads
  /** Positions from one tap of a convolution to the next, one number for all spatial axes or one each; default 1. */
  dilation?: number | readonly number[]
  /** The precision that the values were rounded to before they were widened; default that of the array. */
  dtype?: Dtype
}

/** A tensor to be inspected: its facts, and its values whole (`data`) or in stretches of any length (`chunks`). */
export interface InspectTensor extends TensorFacts {
  data?: Values
  chunks?: Iterable<Values>
}

const KEYS = [
  'name',
  'shape',
  'role',
  'layout',
  'groups',
  'transposed',
  'stride',
  'pads',
  'dilation',
  'dtype',
  'data',
  'chunks',
]

/** The facts, each checked. @throws TypeError or RangeError in the name of `where` */
export function checkFacts(where: string, tensor: InspectTensor): number {
  options(where, tensor, KEYS)
  if (typeof tensor.name !== 'string') wrongKind(where, 'name', 'a string', tensor.name)
  const count = elements(where, tensor.shape)
  if (tensor.role !== undefined) oneOf(where, 'role', tensor.role, ROLES)
  if (tensor.layout !== undefined) checkLayout(where, tensor.layout, tensor.shape)
  if (tensor.groups !== undefined) integer(where, 'groups', tensor.groups, 1)
  if (tensor.transposed !== undefined) flag(where, 'transposed', tensor.transposed)
  if (tensor.dtype !== undefined) oneOf(where, 'dtype', tensor.dtype, DTYPES)
  return count
}

/** The values in stretches: `chunks`, or `data` as one. */
export function chunksOf(where: string, { data, chunks }: InspectTensor, count: number): Iterable<Values> {
  if ((data === undefined) === (chunks === undefined))
    return wrongKind(where, 'tensor', 'one of data and chunks', data === undefined ? data : 'both')
  if (chunks !== undefined) return chunks
  checkValues(where, data)
  if (data!.length !== count) wrongValue(where, 'data.length', `${count}, as the shape says`, data!.length)
  return [data!]
}

export function checkValues(where: string, data: unknown): asserts data is Values {
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    wrongKind(where, 'data', 'a Float32Array or a Float64Array', data)
}
