import { integer, wrongKind, wrongValue } from '../check'

/** What a convolution reads beyond the border: zeros, the other side, the mirror image; or it stays within. */
export type Padding = 'zero' | 'circular' | 'reflect' | 'none'
export const PADDINGS = ['zero', 'circular', 'reflect', 'none'] as const

/** What a convolution reads along each spatial axis. */
export interface Window {
  from: readonly number[]
  to: readonly number[]
  kernel: readonly number[]
  stride: readonly number[]
  padding: Padding
  /** Zeros before and behind the values of each axis, where they are not those of the padding. */
  before?: readonly number[]
  behind?: readonly number[]
  /** Positions from one tap to the next; default 1. */
  dilation?: readonly number[]
}

/** @throws TypeError or RangeError naming the path */
export function windowOf(
  where: string,
  path: string,
  from: readonly number[],
  kernelOption: unknown,
  strideOption: unknown,
  padding: Padding,
): Window {
  const kernel = perAxis(where, `${path}.kernel`, kernelOption, from.length)
  const stride = perAxis(where, `${path}.stride`, strideOption, from.length)
  const to = from.map((size, axis) => {
    if (padding === 'none') {
      if (kernel[axis] > size)
        wrongValue(where, `${path}.kernel`, `at most ${size}, the input's size without padding`, kernel[axis])
      return Math.floor((size - kernel[axis]) / stride[axis]) + 1
    }
    const most = Math.floor(kernel[axis] / 2)
    const room = padding === 'reflect' ? size - 1 : size
    if (padding !== 'zero' && most > room)
      wrongValue(
        where,
        `${path}.kernel`,
        `at most ${2 * room + 1} to be padded by '${padding}' from a size of ${size}`,
        kernel[axis],
      )
    return Math.ceil(size / stride[axis])
  })
  return { from, to, kernel, stride, padding }
}

function perAxis(where: string, argument: string, value: unknown, axes: number): number[] {
  if (typeof value === 'number') return new Array<number>(axes).fill(integer(where, argument, value, 1))
  if (!Array.isArray(value) || value.length !== axes)
    return wrongKind(where, argument, `an integer >= 1, or ${axes} of them`, value)
  return value.map((n, i) => integer(where, `${argument}[${i}]`, n, 1))
}

/** Index along one axis that output position p reads at a tap; -1 for a zero of the padding. */
export function sourceIndex(window: Window, axis: number, p: number, tap: number): number {
  const { from, kernel, stride, padding, before, dilation } = window
  const size = from[axis]
  const usual = padding === 'none' ? 0 : Math.floor((kernel[axis] - 1) / 2)
  const i = p * stride[axis] + tap * (dilation?.[axis] ?? 1) - (before?.[axis] ?? usual)
  if (i >= 0 && i < size) return i
  if (padding === 'circular') return ((i % size) + size) % size
  if (padding === 'reflect') return i < 0 ? -i : 2 * (size - 1) - i
  return -1
}

/** For each output position (row-major) and tap (row-major) the position it reads, or -1. */
export function sourcePositions(window: Window): Int32Array {
  const taps = product(window.kernel)
  const positions = product(window.to)
  const table = new Int32Array(positions * taps)
  for (let p = 0; p < positions; p++) for (let t = 0; t < taps; t++) table[p * taps + t] = sourcePosition(window, p, t)
  return table
}

function sourcePosition(window: Window, p: number, tap: number): number {
  const { from, to, kernel } = window
  if (from.length === 1) return sourceIndex(window, 0, p, tap)
  const row = sourceIndex(window, 0, Math.floor(p / to[1]), Math.floor(tap / kernel[1]))
  const column = sourceIndex(window, 1, p % to[1], tap % kernel[1])
  return row < 0 || column < 0 ? -1 : row * from[1] + column
}

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1)
}
