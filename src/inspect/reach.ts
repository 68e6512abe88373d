/** What a kernel or a pooling window reads, its border as a file gives it. */

import { integer, oneOf, wrongKind, wrongValue } from '../check'
import type { Pads } from '../io/model-step'
import type { Window } from '../networks/window'

/** Sizes of a window and how it moves: one number for all axes, or one each. */
export interface Reach {
  kernel: number | readonly number[]
  /** Default 1. */
  stride?: number | readonly number[]
  /** Default none. */
  pads?: Pads
  /** Default 1. */
  dilation?: number | readonly number[]
  ceil?: boolean
}

const SAME = ['same-upper', 'same-lower'] as const

/** Places that all windows over a channel read: their table is in memory, and a stranger's file may ask for any. */
const MOST_READS = 1 << 26

/** @throws TypeError or RangeError naming what does not fit, by `path` */
export function reachOf(path: string, from: readonly number[], reach: Reach): Window {
  const each = (what: string, value: unknown, least: number) => perAxis(`${path}.${what}`, value, from.length, least)
  const kernel = each('kernel', reach.kernel, 1)
  const stride = each('stride', reach.stride ?? 1, 1)
  const dilation = each('dilation', reach.dilation ?? 1, 1)
  const span = kernel.map((taps, axis) => (taps - 1) * dilation[axis] + 1)
  const pads = padsOf(path, from, span, stride, reach.pads ?? 0)
  const to = from.map((size, axis) => {
    const [before, behind] = [pads[axis], pads[axis + from.length]]
    const free = size + before + behind - span[axis]
    if (free < 0) wrongValue('inspect', path, `a window of at most ${size + before + behind}`, span[axis])
    const fits = Math.floor(free / stride[axis]) + 1
    // one more where it begins within the input or the zeros before it
    const more = reach.ceil && free % stride[axis] > 0 && fits * stride[axis] < size + before
    return more ? fits + 1 : fits
  })
  const reads = [...to, ...kernel].reduce((a, b) => a * b, 1)
  if (reads > MOST_READS) wrongValue('inspect', path, `at most ${MOST_READS} reads of a channel`, reads)
  const border = { before: pads.slice(0, from.length), behind: pads.slice(from.length) }
  return { from, to, kernel, stride, padding: 'zero', ...border, dilation }
}

/** Zeros before, then behind, each axis. */
function padsOf(
  path: string,
  from: readonly number[],
  span: readonly number[],
  stride: readonly number[],
  pads: unknown,
): number[] {
  if (typeof pads !== 'string') return perAxis(`${path}.pads`, pads, 2 * from.length, 0)
  const upper = oneOf('inspect', `${path}.pads`, pads, SAME) === 'same-upper'
  const all = from.map((size, axis) =>
    Math.max(0, (Math.ceil(size / stride[axis]) - 1) * stride[axis] + span[axis] - size),
  )
  const before = all.map((zeros) => (upper ? Math.floor(zeros / 2) : Math.ceil(zeros / 2)))
  return [...before, ...all.map((zeros, axis) => zeros - before[axis])]
}

function perAxis(argument: string, value: unknown, count: number, least: number): number[] {
  if (typeof value === 'number') return new Array<number>(count).fill(integer('inspect', argument, value, least))
  if (!Array.isArray(value) || value.length !== count)
    return wrongKind('inspect', argument, `an integer >= ${least}, or ${count} of them`, value)
  return value.map((n, i) => integer('inspect', `${argument}[${i}]`, n, least, 1 << 24))
}
