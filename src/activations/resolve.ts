/** From what a user writes to an activation record. */
import { finite, oneOf, options, wrongKind, wrongValue } from '../check'
import type { Activation, ActivationSpec, CustomActivation } from './activation'
import { elu, selu, softplus, squaredRelu } from './exponential'
import { gelu, geluTanh, hardswish, mish, quickGelu, silu } from './gated'
import { findKinks } from './kinks'
import { numericalDerivative } from './numerical-derivative'
import { abs, hardsigmoid, hardtanh, homogeneous, linear, relu, relu6 } from './piecewise-linear'
import { erf, sigmoid, sin, softsign, tanh } from './sigmoidal'

const PLAIN = [
  linear,
  relu,
  selu,
  gelu,
  geluTanh,
  silu,
  mish,
  hardswish,
  quickGelu,
  softplus,
  sigmoid,
  hardsigmoid,
  tanh,
  hardtanh,
  softsign,
  erf,
  sin,
  abs,
  relu6,
  squaredRelu,
]

interface Family {
  default: number
  create: (name: string, parameter: number) => Activation
}

const PARAMETRISED: Record<string, Family> = {
  'leaky-relu': { default: 0.01, create: (name, slope) => homogeneous(name, 'leaky-relu', slope, slope) },
  prelu: { default: 0.25, create: (name, slope) => homogeneous(name, 'prelu', slope, slope) },
  elu: { default: 1, create: elu },
}

/** Every name that `activation` knows; 'leaky-relu', 'prelu' and 'elu' also take a parameter, as in 'leaky-relu:0.2'. */
export const activationNames: readonly string[] = [...PLAIN.map((a) => a.name), ...Object.keys(PARAMETRISED)]

const ACTIVATION_KEYS = ['name', 'family', 'parameter', 'f', 'derivative', 'kinks', 'gain', 'negativeSlope']

/**
 * The record of an activation.
 * `spec` is a name ('gelu', 'leaky-relu:0.2'), a function of one number, a record `{ f, name?, derivative?, kinks? }`, or what this
 * function returned. `where` is the caller's name, for the errors.
 * @throws TypeError for anything else, RangeError for an unknown name (the nearest known one is offered), a parameter that is not
 * finite, or a function that is not finite on [-16, 16].
 */
export function activation(spec: ActivationSpec, where = 'activation'): Activation {
  if (typeof spec === 'string') return named(spec, where)
  if (typeof spec === 'function') return custom({ f: spec, name: spec.name }, where)
  if (typeof spec !== 'object' || spec === null || typeof spec.f !== 'function')
    return wrongKind(where, 'activation', 'a name, a function of one number or a record { f, derivative, kinks }', spec)
  return 'negativeSlope' in spec ? spec : custom(spec, where)
}

function named(spec: string, where: string): Activation {
  const colon = spec.indexOf(':')
  if (colon < 0) {
    const name = oneOf(where, 'activation', spec, activationNames)
    return PLAIN.find((a) => a.name === name) ?? PARAMETRISED[name].create(name, PARAMETRISED[name].default)
  }
  const name = oneOf(where, 'activation', spec.slice(0, colon), activationNames)
  const family = PARAMETRISED[name]
  if (family === undefined) return wrongValue(where, 'activation', `'${name}' without a parameter`, spec)
  const text = spec.slice(colon + 1).trim()
  const parameter = text === '' ? Number.NaN : Number(text)
  return family.create(`${name}:${finite(where, `the parameter of ${name}`, parameter)}`, parameter)
}

function custom(spec: CustomActivation, where: string): Activation {
  options(where, spec, ACTIVATION_KEYS)
  for (let z = -16; z <= 16; z++) {
    const value: unknown = spec.f(z)
    if (typeof value !== 'number') return wrongKind(where, 'activation', 'a function that returns a number', value)
    if (!Number.isFinite(value)) return wrongValue(where, `f(${z}) of the activation`, 'a finite number', value)
  }
  const name = spec.name || 'custom'
  const kinks = spec.kinks === undefined ? findKinks(spec.f) : checkedKinks(spec.kinks, where)
  const derivative = spec.derivative ?? numericalDerivative(spec.f, kinks)
  return { name, family: 'custom', parameter: null, f: spec.f, derivative, kinks, gain: null, negativeSlope: null }
}

function checkedKinks(kinks: readonly number[], where: string): number[] {
  if (!Array.isArray(kinks)) return wrongKind(where, 'kinks', 'an array of numbers', kinks)
  return kinks.map((z, i) => finite(where, `kinks[${i}]`, z)).sort((a, b) => a - b)
}
