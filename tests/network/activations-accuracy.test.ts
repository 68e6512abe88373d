import { expect, test } from 'vitest'
import { activation, activationNames } from '../../src/activations/resolve'
import { activationKernel } from '../../src/network/activation-kernel'
import { inArena } from '../../src/wasm/instance'

/** One rounding to f32. */
const U = 2 ** -24
const HUGE = 2 ** 128

type Bound = number | ((z: number) => number)

interface Row {
  name: string
  /** Largest error of f in units of U |f(z)|. */
  value: Bound
  /** Largest error of f' in units of U |f'(z)|; with `gated` of U times the larger of its terms gate and z gate', gate = f(z)/z. */
  slope: Bound
  gated?: boolean
}

/** |the logistic's argument| of the tanh form of GELU. */
const tanhArgument = (z: number) => Math.abs(1.5957691216 * (z + 0.044715 * z ** 3))

// as derived in assembly/math and assembly/activation
const ROWS: Row[] = [
  { name: 'abs', value: 0, slope: 0 },
  { name: 'leaky-relu:-0.5', value: 0, slope: 0 },
  { name: 'prelu:-2.7109375', value: 1, slope: 0 },
  { name: 'hardtanh', value: 0, slope: 0 },
  { name: 'relu6', value: 0, slope: 0 },
  { name: 'hardsigmoid', value: 2, slope: 1 },
  { name: 'squared-relu', value: 1, slope: 0 },
  { name: 'elu', value: 3.5, slope: 3.1 },
  { name: 'elu:-0.3125', value: 3.5, slope: 3.1 },
  { name: 'selu', value: 6.5, slope: 6.1 },
  { name: 'softplus', value: 6.6, slope: 4.1 },
  { name: 'sigmoid', value: 4.1, slope: 6.1 },
  { name: 'tanh', value: 5.7, slope: 6.1 },
  { name: 'softsign', value: 2, slope: 5 },
  { name: 'erf', value: 4.9, slope: 4.5 },
  { name: 'sin', value: 3.1, slope: 3.1 },
  { name: 'silu', value: 5.1, slope: 13.2, gated: true },
  {
    name: 'quick-gelu',
    value: (z) => 5.1 + 2 * Math.abs(1.702 * z),
    slope: (z) => 13.2 + 4 * Math.abs(1.702 * z),
    gated: true,
  },
  { name: 'gelu', value: 22.3, slope: 30, gated: true },
  {
    name: 'gelu-tanh',
    value: (z) => 5.1 + 5 * tanhArgument(z),
    slope: (z) => 18.2 + 10 * tanhArgument(z),
    gated: true,
  },
  { name: 'mish', value: 11, slope: 45, gated: true },
  { name: 'hardswish', value: 3, slope: 2 },
]

/** -20 .. 20 by 1/512, -128 .. 128 by 1/32, powers of two from 2^-149 to 2^127 times 1 and 1.4999, and 16384 bit patterns of seed 1. */
function finiteInputs(): number[] {
  const z: number[] = [0, -0]
  for (let i = -10240; i <= 10240; i++) z.push(i / 512)
  for (let i = -4096; i <= 4096; i++) z.push(i / 32)
  for (let e = -149; e <= 127; e++) for (const m of [1, -1, 1.4999, -1.4999]) z.push(Math.fround(m * 2 ** e))
  const word = new Uint32Array(1)
  const float = new Float32Array(word.buffer)
  for (let i = 0, state = 1; i < 16384; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    word[0] = state ^ (state >>> 15)
    if (Number.isFinite(float[0])) z.push(float[0])
  }
  return z
}

/** f(z) and f'(z) as the kernels have them; the slopes through a gradient of -1. */
function run(name: string, z: readonly number[]): { values: Float32Array; slopes: number[] } {
  return inArena((arena) => {
    const kernel = activationKernel('test', name)
    const len = Math.ceil(z.length / 4) * 4
    const [zPtr, gradPtr] = [arena.allocate(4 * len), arena.allocate(4 * len)]
    arena.f32(zPtr, len).fill(0).set(z)
    arena.f32(gradPtr, len).fill(-1)
    kernel.backward(arena.kernels, gradPtr, zPtr, len)
    const slopes = Array.from(arena.f32(gradPtr, z.length), (g) => -g)
    kernel.forward(arena.kernels, zPtr, len)
    return { values: arena.f32(zPtr, z.length).slice(), slopes }
  })
}

/** What the roundings of numbers below 2^-126 may add. */
const underflow = (z: number) => (1 + Math.min(Math.abs(z), 128)) ** 3 * 2 ** -149

/** The error in units of what is allowed; 0 where both are beyond f32, on the same side. */
function excess(found: number, wanted: number, scale: number, bound: Bound, z: number): number {
  if (Math.abs(wanted) >= HUGE * (1 - 2 * U) && found === Math.sign(wanted) * Number.POSITIVE_INFINITY) return 0
  const allowed = (typeof bound === 'number' ? bound : bound(z)) * U * scale + underflow(z)
  return Math.abs(found - wanted) / allowed
}

/** [the largest excess, the z where it is]; NaN counts as infinitely wrong. */
function worst(z: readonly number[], excessAt: (i: number) => number): [number, number] {
  let [largest, at] = [0, 0]
  z.forEach((value, i) => {
    const e = excessAt(i)
    if (!(e <= largest)) [largest, at] = [Number.isNaN(e) ? Number.POSITIVE_INFINITY : e, value]
  })
  return [largest, at]
}

test('every activation but the linear and the rectified has its row here', () => {
  const covered = new Set(ROWS.map(({ name }) => name.split(':')[0]))
  expect(activationNames.filter((name) => !covered.has(name))).toEqual(['linear', 'relu'])
})

test.each(ROWS)('$name: the kernel is within its bound of the f64 record at 46,000 z, subnormal to 2^127', (row) => {
  const z = finiteInputs()
  const { f, derivative } = activation(row.name)
  const { values, slopes } = run(row.name, z)
  const [value, atValue] = worst(z, (i) => excess(values[i], f(z[i]), Math.abs(f(z[i])), row.value, z[i]))
  expect(value, `f at ${atValue}`).toBeLessThanOrEqual(1)
  const [slope, atSlope] = worst(z, (i) => {
    const wanted = derivative(z[i])
    const gate = row.gated && z[i] !== 0 ? f(z[i]) / z[i] : 0
    const scale = Math.max(Math.abs(wanted), Math.abs(gate), Math.abs(wanted - gate))
    return excess(slopes[i], wanted, scale, row.slope, z[i])
  })
  expect(slope, `f' at ${atSlope}`).toBeLessThanOrEqual(1)
})

test.each(ROWS)(
  '$name: infinite z give the limits of f and its derivative, NaN stays NaN beside finite lanes',
  ({ name }) => {
    const { f, derivative } = activation(name)
    const { values, slopes } = run(name, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1])
    const beside = run(name, [1, 1, 1, 1])
    // at 1e30 every function has reached its limit or is on its way to infinity; the sine has none
    const limit = (w: number) => (name === 'sin' ? Number.NaN : Math.abs(w) > 1e29 ? w * 1e300 : Math.fround(w) + 0)
    expect([values[0] + 0, values[1] + 0]).toEqual([limit(f(1e30)), limit(f(-1e30))])
    expect([slopes[0] + 0, slopes[1] + 0]).toEqual([limit(derivative(1e30)), limit(derivative(-1e30))])
    expect([values[2], slopes[2]]).toEqual([Number.NaN, Number.NaN])
    expect([values[3], slopes[3]]).toEqual([beside.values[0], beside.slopes[0]])
  },
)

test('a value does not depend on its lane or its neighbours: every activation, 46,000 z in another order', () => {
  const z = finiteInputs()
  const order = z.map((_, i) => (i * 7919) % z.length)
  for (const { name } of ROWS) {
    const straight = run(name, z)
    const mixed = run(
      name,
      order.map((i) => z[i]),
    )
    const wrong = order.filter((i, at) => !Object.is(mixed.values[at], straight.values[i]))
    expect([name, wrong.length]).toEqual([name, 0])
  }
})
