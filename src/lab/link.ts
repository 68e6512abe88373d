/** A state as the fragment of an address, and back: every field by its own rule, nothing believed. */

import { activationNames, initNames } from '../index'
import { allInits, clamp, INITIAL, type LabState, LIMITS, MOST_INITS, type NumberField } from './state'

const VERSION = '1'
const LONGEST = 2000
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i
const KEYS: Record<NumberField, string> = {
  depth: 'depth',
  width: 'width',
  batch: 'batch',
  seed: 'seed',
  seeds: 'seeds',
  sigmaW: 'sw',
  sigmaB: 'sb',
}

/** '#v=1&act=relu&depth=50...': reads back as the same state. */
export function fragment(state: LabState): string {
  const parameters: [string, string][] = [
    ['v', VERSION],
    ['act', state.activation],
    ['init', state.inits.join(',')],
  ]
  for (const field of Object.keys(KEYS) as NumberField[]) {
    const value = state[field]
    if (value !== null) parameters.push([KEYS[field], String(value)])
  }
  return `#${parameters.map(([key, value]) => `${key}=${value}`).join('&')}`
}

export interface Link {
  state: LabState
  /** What of the link was not taken as it stood, in words. */
  notes: string[]
}

/** The state of a fragment; null when it is not one of a state (an anchor of the page, or nothing). */
export function parseFragment(hash: string): Link | null {
  const text = hash.replace(/^#/, '')
  if (!text.includes('=')) return null
  if (text.length > LONGEST) return { state: INITIAL, notes: ['The link is too long to be one of this page.'] }
  const parameters = new URLSearchParams(text)
  const notes: string[] = []
  const state: LabState = {
    ...INITIAL,
    ...numbers(parameters, notes),
    activation: activationOf(parameters.get('act'), notes),
    inits: initsOf(parameters.get('init'), notes),
  }
  return { state: allInits(state).length > 0 ? state : { ...state, inits: INITIAL.inits }, notes }
}

function numbers(parameters: URLSearchParams, notes: string[]): Partial<LabState> {
  const found: Partial<Record<NumberField, number>> = {}
  for (const field of Object.keys(KEYS) as NumberField[]) {
    const text = parameters.get(KEYS[field])
    if (text === null) continue
    const wanted = DECIMAL.test(text) ? Number(text) : Number.NaN
    if (Number.isNaN(wanted)) {
      notes.push(`The link's ${KEYS[field]} is not a number.`)
      continue
    }
    const value = clamp(field, wanted)
    if (value !== wanted) {
      const { min, max } = LIMITS[field]
      notes.push(`The link's ${KEYS[field]} is set to ${value}: this page goes from ${min} to ${max}.`)
    }
    found[field] = value
  }
  return found
}

function activationOf(text: string | null, notes: string[]): string {
  if (text === null) return INITIAL.activation
  if (isActivation(text)) return text
  notes.push('The link names no activation of this page: ReLU is taken.')
  return INITIAL.activation
}

function initsOf(text: string | null, notes: string[]): string[] {
  if (text === null) return [...INITIAL.inits]
  const names = [...new Set(text.split(','))].filter((name) => name !== '')
  const known = names.filter(isInit)
  if (known.length < names.length) notes.push('The link names initializations this page does not have.')
  if (known.length > MOST_INITS) notes.push(`Only the first ${MOST_INITS} initializations of the link are taken.`)
  return known.slice(0, MOST_INITS)
}

/** A known name, its parameter (where it takes one) a number in [0, 1]. */
function isActivation(text: string): boolean {
  const [name, parameter, ...rest] = text.split(':')
  if (!activationNames.includes(name) || rest.length > 0) return false
  if (parameter === undefined) return true
  return ['leaky-relu', 'prelu', 'elu'].includes(name) && within(parameter, 0, 1)
}

/** A known name; a law with a number takes one in [0, 10]. */
function isInit(text: string): boolean {
  const [name, parameter, ...rest] = text.split(':')
  if (rest.length > 0) return false
  if (parameter === undefined) return initNames.includes(name)
  return PARAMETRISED.includes(name) && within(parameter, 0, 10)
}

const PARAMETRISED = ['normal', 'truncated-normal', 'uniform', 'constant']

function within(text: string, min: number, max: number): boolean {
  return text.length <= 24 && DECIMAL.test(text) && Number(text) >= min && Number(text) <= max
}
