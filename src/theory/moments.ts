/** One-point moments of an activation: <.>_q is the expectation over z ~ N(0, q). */
import type { Activation } from '../activations/activation'
import { closedForm } from './closed-forms'
import { expectation } from './gaussian'

/** <phi>_q. */
export function mean({ f, kinks }: Activation, q: number): number {
  return expectation(f, q, kinks)
}

/** <phi^2>_q. */
export function secondMoment(activation: Activation, q: number): number {
  const closed = closedForm(activation)
  return closed ? closed.secondMoment(q) : expectation((z) => activation.f(z) ** 2, q, activation.kinks)
}

/** <phi^4>_q. */
export function fourthMoment({ f, kinks }: Activation, q: number): number {
  return expectation((z) => f(z) ** 4, q, kinks)
}

/** <phi'>_q. */
export function derivativeMean({ derivative, kinks }: Activation, q: number): number {
  return expectation(derivative, q, kinks)
}

/** <phi'^2>_q. */
export function derivativeSecondMoment(activation: Activation, q: number): number {
  const closed = closedForm(activation)?.derivativeSecondMoment
  return closed ? closed(q) : expectation((z) => activation.derivative(z) ** 2, q, activation.kinks)
}

const SMALL = 1e-300

/** d<phi^2>_q/dq = <z phi phi'>_q/q, which needs no second derivative (it equals <phi'^2 + phi phi''>); at q = 0 for phi(0) = 0. */
export function momentSlope(activation: Activation, q: number): number {
  const closed = closedForm(activation)?.momentSlope
  if (closed) return closed(q)
  if (q === 0) return (activation.derivative(SMALL) ** 2 + activation.derivative(-SMALL) ** 2) / 2
  return expectation((z) => z * activation.f(z) * activation.derivative(z), q, activation.kinks) / q
}
