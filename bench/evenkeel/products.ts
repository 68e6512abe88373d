import { kernels } from '../../src/wasm/instance'
import { B_FROM, operand, sampled } from '../operands'
import { type Answer, checkedSample } from '../serve'
import type { Timing } from '../timing'
import { allocate, stored, view } from './memory'

/** a: m x k row-major, b: k x n laid out in panels beforehand. */
export function product([m, k, n]: number[], timing: Timing): Promise<Answer> {
  const a = stored(operand(m * k, 0))
  const b = stored(operand(k * n, B_FROM))
  const panels = allocate(Math.ceil(n / 8) * k * 32)
  const out = allocate(4 * m * n)
  kernels().packPanels(panels, b, k, n, 4 * n)
  const body = () => kernels().multiplyPanels(out, 4 * n, 32, a, 4 * k, panels, 32 * k, m, k, n, 0)
  return checkedSample(body, () => sampled(view(out, m * n)), timing)
}

/** The whole product of a and b, each as it is or transposed: its packing is timed too. */
export function matmul([m, k, n, transposeA, transposeB]: number[], timing: Timing): Promise<Answer> {
  const a = stored(operand(m * k, 0))
  const b = stored(operand(k * n, B_FROM))
  const work = allocate(kernels().matmulWorkBytes(m, k, n, transposeA))
  const out = allocate(4 * m * n)
  const body = () => kernels().matmul(out, a, b, work, m, k, n, transposeA, transposeB)
  return checkedSample(body, () => sampled(view(out, m * n)), timing)
}
