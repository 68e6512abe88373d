import { exp } from '../../assembly/math/elementary'
import { expLanes, expMinusSquareLanes, expm1Lanes, log1pLanes } from '../../assembly/math/exponential'
import { normalTail } from '../../assembly/math/normal-tail'
import { erfLanes, logisticLanes, logisticSlopeLanes, scaledTailLanes, tanhLanes } from '../../assembly/math/sigmoidal'
import { cosLanes, sinLanes } from '../../assembly/math/sine'

/** One rounding to f32. */
const U: f64 = 5.9604644775390625e-8

/** The largest |found - wanted| / (U |wanted| + 2^-149) over x = from, from + step, ... with `steps` steps. */
function worst(found: (x: v128) => v128, wanted: (x: f64) => f64, from: f32, step: f32, steps: i32): f64 {
  let largest: f64 = 0
  for (let i = 0; i < steps; i++) {
    const x = from + step * <f32>i
    const exact = wanted(<f64>x)
    const error =
      abs(<f64>f32x4.extract_lane(found(f32x4.splat(x)), 3) - exact) / (U * abs(exact) + 1.401298464324817e-45)
    // NaN must fail too
    if (!(error <= largest)) largest = error
  }
  return largest
}

function lane0(x: v128): f32 {
  return f32x4.extract_lane(x, 0)
}

describe('expLanes', () => {
  it('is within 2.1 roundings of e^x from -104 to 88.7', () => {
    expect(worst(expLanes, (x) => exp(x), -104, 0.0037, 52000) <= 2.1).toBe(true)
  })

  it('is 0 at -infinity, infinite at 89 and beyond, and 1 at 0', () => {
    expect(lane0(expLanes(f32x4.splat(f32.NEGATIVE_INFINITY)))).toBe(0)
    expect(lane0(expLanes(f32x4.splat(89)))).toBe(f32.POSITIVE_INFINITY)
    expect(lane0(expLanes(f32x4.splat(f32.POSITIVE_INFINITY)))).toBe(f32.POSITIVE_INFINITY)
    expect(lane0(expLanes(f32x4.splat(0)))).toBe(1)
  })

  it('is within 2.5 roundings for -x^2 and -x^2/2, whose squares it does not round', () => {
    expect(
      worst(
        (x) => expMinusSquareLanes(x, 1),
        (x) => exp(-x * x),
        0,
        0.00031,
        33000,
      ) <= 2.5,
    ).toBe(true)
    expect(
      worst(
        (x) => expMinusSquareLanes(x, 0.5),
        (x) => exp(-0.5 * x * x),
        0,
        0.00043,
        33000,
      ) <= 2.5,
    ).toBe(true)
  })
})

describe('expm1Lanes', () => {
  it('is within 2.5 roundings of e^x - 1 from -50 to 0, near 0 too', () => {
    expect(worst(expm1Lanes, (x) => Math.expm1(x), -50, 0.00103, 48540) <= 2.5).toBe(true)
    expect(worst(expm1Lanes, (x) => Math.expm1(x), -0.7, 0.0000213, 32860) <= 2.5).toBe(true)
    expect(lane0(expm1Lanes(f32x4.splat(-1e-30)))).toBe(-1e-30)
  })
})

describe('log1pLanes', () => {
  it('is within 3.5 roundings of ln(1 + y) from 0 to 1', () => {
    expect(worst(log1pLanes, (x) => Math.log1p(x), 0, 0.0000307, 32572) <= 3.5).toBe(true)
    expect(lane0(log1pLanes(f32x4.splat(1e-30)))).toBe(1e-30)
  })
})

describe('sigmoidal functions', () => {
  it('logisticLanes is within 4.1 roundings from -104 to 40, its slope within 6.1', () => {
    expect(worst(logisticLanes, (x) => 1 / (1 + exp(-x)), -104, 0.0041, 35000) <= 4.1).toBe(true)
    expect(
      worst(logisticSlopeLanes, (x) => exp(-abs(x)) / ((1 + exp(-abs(x))) * (1 + exp(-abs(x)))), -104, 0.0041, 50000) <=
        6.1,
    ).toBe(true)
  })

  it('tanhLanes is within 5.7 roundings from -20 to 20, and odd', () => {
    expect(worst(tanhLanes, (x) => Math.tanh(x), -20, 0.00101, 39600) <= 5.7).toBe(true)
    expect(lane0(tanhLanes(f32x4.splat(-0.7)))).toBe(-lane0(tanhLanes(f32x4.splat(0.7))))
    expect(lane0(tanhLanes(f32x4.splat(f32.NEGATIVE_INFINITY)))).toBe(-1)
  })

  it('scaledTailLanes is within 18 roundings of Q(a) e^(a^2/2) from 0 to 14.6, and within 14 to 4', () => {
    expect(worst(scaledTailLanes, (x) => normalTail(x) * exp(0.5 * x * x), 0, 0.00113, 12920) <= 18).toBe(true)
    expect(worst(scaledTailLanes, (x) => normalTail(x) * exp(0.5 * x * x), 0, 0.00031, 12900) <= 14).toBe(true)
  })

  it('erfLanes is within 4.9 roundings of 1 - 2 Q(x sqrt 2) from 0.25 to 6, and of 2x/sqrt(pi) (1 - x^2/3) near 0', () => {
    expect(worst(erfLanes, (x) => 1 - 2 * normalTail(x * Math.SQRT2), 0.25, 0.00047, 12200) <= 4.9).toBe(true)
    expect(worst(erfLanes, (x) => 1.1283791670955126 * (x - (x * x * x) / 3), 0, 0.0000011, 9000) <= 4.9).toBe(true)
  })
})

describe('sinLanes and cosLanes', () => {
  it('are within 3.1 roundings of the f64 functions from -100 to 100', () => {
    expect(worst(sinLanes, (x) => Math.sin(x), -100, 0.00611, 32700) <= 3.1).toBe(true)
    expect(worst(cosLanes, (x) => Math.cos(x), -100, 0.00611, 32700) <= 3.1).toBe(true)
  })

  it('are so on both sides of 2^20, where the reduction changes, and at 3e38', () => {
    expect(worst(sinLanes, (x) => Math.sin(x), 1048070, 0.0625, 16000) <= 3.1).toBe(true)
    expect(worst(cosLanes, (x) => Math.cos(x), 1048070, 0.0625, 16000) <= 3.1).toBe(true)
    expect(worst(sinLanes, (x) => Math.sin(x), 3e38, 1e35, 300) <= 3.1).toBe(true)
  })

  it('are so in every binade from 2^20 to 2^127, for both signs', () => {
    let start: f32 = 1048576
    for (let e = 20; e < 128; e++) {
      const step = start / 211
      expect(worst(sinLanes, (x) => Math.sin(x), start, step, 210) <= 3.1).toBe(true)
      expect(worst(cosLanes, (x) => Math.cos(x), start, step, 210) <= 3.1).toBe(true)
      expect(worst(sinLanes, (x) => Math.sin(x), -start, -step, 210) <= 3.1).toBe(true)
      expect(worst(cosLanes, (x) => Math.cos(x), -start, -step, 210) <= 3.1).toBe(true)
      start *= 2
    }
  })

  it('are not a number for infinite x', () => {
    expect(isNaN(lane0(sinLanes(f32x4.splat(f32.POSITIVE_INFINITY))))).toBe(true)
    expect(isNaN(lane0(cosLanes(f32x4.splat(f32.NEGATIVE_INFINITY))))).toBe(true)
  })

  it('reduce every lane by itself: a huge one beside 1 changes no bit of sin 1', () => {
    const alone = lane0(sinLanes(f32x4.splat(1)))
    expect(lane0(sinLanes(f32x4.replace_lane(f32x4.splat(1), 2, 1e30)))).toBe(alone)
  })
})
