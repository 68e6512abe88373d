import { leakyRelu, leakyReluBackward } from '../../assembly/activation/leaky-relu'
import { relu, reluBackward } from '../../assembly/activation/relu'

const x: usize = memory.data(32, 16)
const grad: usize = memory.data(32, 16)

function put(ptr: usize, values: StaticArray<f32>): void {
  for (let i = 0; i < values.length; i++) store<f32>(ptr + ((<usize>i) << 2), values[i])
}

function at(ptr: usize, i: i32): f32 {
  return load<f32>(ptr + ((<usize>i) << 2))
}

describe('relu', () => {
  it('keeps what is positive, zeroes what is negative, and keeps NaN', () => {
    put(x, [-1, 2, f32.NaN, f32.NEGATIVE_INFINITY, f32.POSITIVE_INFINITY, 0, f32.MIN_VALUE, -f32.MIN_VALUE])
    relu(x, 8)
    expect(at(x, 0)).toBe(0)
    expect(at(x, 1)).toBe(2)
    expect(isNaN(at(x, 2))).toBe(true)
    expect(at(x, 3)).toBe(0)
    expect(at(x, 4)).toBe(f32.POSITIVE_INFINITY)
    expect(at(x, 5)).toBe(0)
    expect(at(x, 6)).toBe(f32.MIN_VALUE)
    expect(at(x, 7)).toBe(0)
  })

  it('lets a gradient through exactly where its output is positive', () => {
    put(x, [0, 2, 0, 3])
    put(grad, [5, 6, -7, -8])
    reluBackward(grad, x, 4)
    expect(at(grad, 0)).toBe(0)
    expect(at(grad, 1)).toBe(6)
    expect(at(grad, 2)).toBe(0)
    expect(at(grad, 3)).toBe(-8)
  })
})

describe('leakyRelu', () => {
  it('multiplies what is negative by the slope 0.25, forward and backward', () => {
    put(x, [-4, 2, -8, 1])
    put(grad, [16, 16, 32, 32])
    leakyRelu(x, 4, 0.25)
    leakyReluBackward(grad, x, 4, 0.25)
    expect(at(x, 0)).toBe(-1)
    expect(at(x, 1)).toBe(2)
    expect(at(x, 2)).toBe(-2)
    expect(at(grad, 0)).toBe(4)
    expect(at(grad, 1)).toBe(16)
    expect(at(grad, 2)).toBe(8)
    expect(at(grad, 3)).toBe(32)
  })
})
