/** What a layer does to the correlation of two inputs. Correlations are carried as e = 1 - c, which keeps its digits as c -> 1. */
import type { Activation } from '../activations/activation'
import { closedForm } from './closed-forms'
import { pairExpectation } from './gaussian'
import { gaussianNodes, hermiteSeries, hermiteSum, valuesAt } from './hermite'
import { secondMoment } from './moments'

// a smooth function at moderate q needs no more than the first of them
const ORDERS = [80, 160, 240]
const ORDER = 240
const TOLERANCE = 1e-14
// ten digits are left at this e
const CLEAR = 1e-6

/** Two-point moments of an activation at one q, as functions of e in [0, 2]. */
export interface PairMoments {
  /** <phi^2> - <phi(u) phi(v)> = <(phi(u) - phi(v))^2>/2. */
  gap: (e: number) => number
  /** <phi'(u) phi'(v)>. */
  derivativePair: (e: number) => number
}

/** A function's Hermite coefficients at one q; `complete` when what follows the last one matters not even at c = 1. */
interface Expansion {
  coefficients: Float64Array
  complete: boolean
}

function expand(f: (z: number) => number, q: number, kinks: readonly number[]): Expansion {
  const nodes = gaussianNodes(q, kinks)
  const values = valuesAt(nodes, f)
  let coefficients: Float64Array = new Float64Array(0)
  for (const order of ORDERS) {
    coefficients = hermiteSeries(nodes, values, order)
    // weighted by k, as near c = 1; geometric decay (a smooth f) has no more beyond the end than in the last eighth
    const weighted = coefficients.map((a, k) => a * Math.sqrt(k))
    const last = hermiteSum(weighted, weighted, 1, order - order / 8)
    if (last <= TOLERANCE * hermiteSum(weighted, weighted, 1)) return { coefficients, complete: true }
  }
  return { coefficients, complete: false }
}

/** sum a_k^2 (1 - c^k), each term to full relative precision. */
function gapSum(a: Float64Array, e: number): number {
  const logCosine = Math.log1p(-e)
  let sum = 0
  for (let k = 1; k < a.length; k++) sum += a[k] ** 2 * (e < 1 ? -Math.expm1(k * logCosine) : 1 - (1 - e) ** k)
  return sum
}

function lazy<T>(compute: () => T): () => T {
  let value: T | undefined
  return () => {
    value ??= compute()
    return value
  }
}

/**
 * The pair moments of an activation at variance q > 0: in closed form where there is one, else by Hermite series where that converges
 * to 14 digits (a smooth function at moderate q; any function when |c|^240 is small), else by two-dimensional quadrature.
 */
export function pairMoments(activation: Activation, q: number): PairMoments {
  const { f, derivative, kinks } = activation
  const closed = closedForm(activation)
  const values = lazy(() => expand(f, q, kinks))
  const slopes = lazy(() => expand(derivative, q, kinks))
  const square = lazy(() => secondMoment(activation, q))
  const distant = (e: number) => Math.abs(1 - e) ** ORDER <= TOLERANCE
  const gap = (e: number) => {
    // a difference of two numbers that are e apart
    if (closed?.pair && e > CLEAR) return square() - closed.pair(q, e)
    const { coefficients, complete } = values()
    if (complete) return gapSum(coefficients, e)
    if (distant(e)) return square() - hermiteSum(coefficients, coefficients, 1 - e)
    return pairExpectation((u, v) => (f(u) - f(v)) ** 2 / 2, q, e, kinks)
  }
  const derivativePair = (e: number) => {
    const { coefficients, complete } = slopes()
    if (complete || distant(e)) return hermiteSum(coefficients, coefficients, 1 - e)
    return pairExpectation((u, v) => derivative(u) * derivative(v), q, e, kinks)
  }
  return {
    gap: closed?.gap ? (e) => closed.gap!(q, e) : gap,
    derivativePair: closed?.derivativePair ? (e) => closed.derivativePair!(q, e) : derivativePair,
  }
}
