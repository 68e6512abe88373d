// N(0, 1) restricted to [lower, upper] by inversion, version truncated-normal-1: one word a value, the same work in any tail.
//   u = (word + 1/2) / 2^32;  x is the point below which the restricted law has mass u.  Stream: u, and the branch of each interval.

import { exp, log } from '../math/elementary'
import { normalTail, normalTailInverse } from '../math/normal-tail'

/** Beyond this bound the tail's logarithm is solved for, as the tail itself would underflow. */
const FAR: f64 = 30
/** The density may change by this share over an interval that is taken as flat. */
const FLAT: f64 = 1e-7

// the interval [low, high], high > 0, of the present call, and its tails
let low: f64 = 0
let high: f64 = 0
/** Q(high), and what of the law lies below low (low < 0) or above it (low >= 0). */
let above: f64 = 0
let outside: f64 = 0
/** farMills(low) and Q(high)/Q(low), for low >= FAR. */
let millsAtLow: f64 = 0
let ratio: f64 = 0

/** out: len f32, words in place of values on entry; value = shift + scale x, x in [lower, upper], lower < upper, either may be infinite. */
export function truncatedFromWords(outPtr: usize, len: i32, lower: f64, upper: f64, shift: f64, scale: f64): void {
  assert(len >= 0 && lower < upper && scale >= 0)
  // an interval below 0 is the mirror image of one above
  const mirrored = upper <= 0
  prepare(mirrored ? -upper : lower, mirrored ? -lower : upper)
  const sign: f64 = mirrored ? -1 : 1
  const least = <f32>(shift + scale * lower)
  const most = <f32>(shift + scale * upper)
  for (let end = outPtr + ((<usize>len) << 2); outPtr < end; outPtr += 4) {
    const u = (<f64>load<u32>(outPtr) + 0.5) * 2.3283064365386963e-10
    const x = sign * quantile(mirrored ? 1 - u : u)
    // rounding to f32 must not leave the interval
    store<f32>(outPtr, max(least, min(most, <f32>(shift + scale * x))))
  }
}

function prepare(from: f64, to: f64): void {
  low = from
  high = to
  if (low >= FAR) {
    millsAtLow = farMills(low)
    ratio = high == Infinity ? 0 : exp(((low - high) * (low + high)) / 2) * (farMills(high) / millsAtLow)
  } else {
    above = normalTail(high)
    outside = normalTail(Math.abs(low))
  }
}

/** The point of [low, high] below which the restricted law has mass u. */
function quantile(u: f64): f64 {
  if ((high - low) * max(high, -low) < FLAT) return low + u * (high - low)
  if (low >= FAR) return farQuantile(u)
  if (low >= 0) return inverse(outside - u * (outside - above))
  // each side from its own tail: nothing cancels
  const mass = 1 - outside - above
  const left = outside + u * mass
  return left < 0.5 ? -inverse(left) : inverse(above + (1 - u) * mass)
}

function inverse(q: f64): f64 {
  return normalTailInverse(min(0.5, q))
}

/** Q(x) = Q(low) (1 - u (1 - ratio)), in logarithms: x^2 = low^2 - 2 ln(...) + 2 ln(mills(x)/mills(low)), by iteration. */
function farQuantile(u: f64): f64 {
  const square = low * low - 2 * log(1 - u * (1 - ratio))
  let x = Math.sqrt(square)
  // each step is 1/x^2 <= 1/900 of the last
  for (let i = 0; i < 5; i++) x = Math.sqrt(square + 2 * log(farMills(x) / millsAtLow))
  return min(max(x, low), high)
}

/** millsRatio by its asymptotic series; relative error 945/x^10 < 2e-12 for x >= 30. Abramowitz & Stegun 26.2.12. */
function farMills(x: f64): f64 {
  const t = 1 / (x * x)
  return (1 - t * (1 - t * (3 - t * (15 - t * 105)))) / x
}
