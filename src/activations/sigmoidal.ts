/** Bounded, S-shaped activations, and the sine. */
import { plain } from './activation'
import { erf as errorFunction } from './erf'

/** 1/(1 + e^-z) without overflow. */
export function logistic(z: number): number {
  const e = Math.exp(-Math.abs(z))
  return z >= 0 ? 1 / (1 + e) : e / (1 + e)
}

export const sigmoid = plain('sigmoid', 1.8462285453386054, [], logistic, (z) => logistic(z) * logistic(-z))

export const tanh = plain('tanh', 1.5925374197228315, [], Math.tanh, (z) => 1 / Math.cosh(z) ** 2)

/** z/(1 + |z|). */
export const softsign = plain(
  'softsign',
  2.3375333631085398,
  [0],
  (z) => z / (1 + Math.abs(z)),
  (z) => 1 / (1 + Math.abs(z)) ** 2,
)

export const erf = plain(
  'erf',
  1.4671669504891387,
  [],
  errorFunction,
  (z) => (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z),
)

export const sin = plain('sin', 1.5208666231788148, [], Math.sin, Math.cos)
