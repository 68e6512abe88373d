import { kernels } from '../../src/wasm/instance'
import { operand } from '../operands'
import { type Answer, checkedSample } from '../serve'
import type { Timing } from '../timing'
import { allocate, stored } from './memory'

/** max(x, 0) of len numbers in place; the result counts those that are wrong. */
export function relu([len]: number[], timing: Timing): Promise<Answer> {
  const x = operand(len, 0)
  const ptr = stored(x)
  const wrong = () =>
    new Float32Array(kernels().memory.buffer, ptr, len).filter((y, i) => y !== Math.max(x[i], 0)).length
  return checkedSample(
    () => kernels().relu(ptr, len),
    () => [wrong()],
    timing,
  )
}

/** Sum and sum of squares of len numbers; the result is their relative errors. */
export function moments([len]: number[], timing: Timing): Promise<Answer> {
  const x = operand(len, 0)
  const ptr = stored(x)
  const result = allocate(24)
  let [sum, absolute, squares] = [0, 0, 0]
  for (const value of x) {
    sum += value
    absolute += Math.abs(value)
    squares += value * value
  }
  const errors = () => {
    const [s, q] = new Float64Array(kernels().memory.buffer, result, 2)
    return [(s - sum) / absolute, (q - squares) / squares]
  }
  return checkedSample(() => kernels().moments(result, ptr, len), errors, timing)
}
