import { options as checkOptions, oneOf, wrongKind, wrongValue } from '../check'
import { CONSTANT, NORMAL, ONES, TRUNCATED_NORMAL, UNIFORM, ZEROS } from './distributions'
import type { Distribution, Draw } from './draw'
import { expectedStd } from './expected-std'
import { USE_OPTIONS } from './fans'
import { COMMON_OPTIONS, type CommonOptions, type Kind, plannedDraw } from './initializer'
import { kernelOf } from './layout'
import { materialise } from './materialise'
import * as scalings from './named'
import { type Preset, presets } from './presets'
import type { Shape } from './shape'
import { DELTA_ORTHOGONAL, DIRAC, type GainOptions, IDENTITY, ORTHOGONAL, SPARSE } from './structured'
import { type Scaling, type ScalingOptions, scaling } from './variance-scaling'

/** Every option a named initializer may take; which of them it does take depends on the name. */
export interface NamedOptions extends ScalingOptions, GainOptions {
  /** What multiplies the standard deviation, every singular value, or the ones, by the initializer; finite. */
  gain?: number
}

/** What a name stands for: a kind, the options its parameter or preset settles, and the options that are left to the caller. */
interface Named {
  kind: Kind
  settled: Readonly<Record<string, unknown>>
  free: readonly string[]
}

/** A name with a number after a colon: its label in help texts, and the options that the number settles. */
interface Parametrised {
  kind: Kind
  label: string
  settle: (value: number) => Readonly<Record<string, unknown>>
}

const PLAIN = new Map<string, Kind>([
  ...alike(['he-normal', 'kaiming-normal'], scalings.HE_NORMAL),
  ...alike(['he-uniform', 'kaiming-uniform'], scalings.HE_UNIFORM),
  ...alike(['xavier-normal', 'glorot-normal'], scalings.XAVIER_NORMAL),
  ...alike(['xavier-uniform', 'glorot-uniform'], scalings.XAVIER_UNIFORM),
  ...alike(['lecun-normal', 'xavier-simple'], scalings.LECUN_NORMAL),
  ...alike(['lecun-uniform'], scalings.LECUN_UNIFORM),
  ...alike(['truncated-he-normal', 'truncated-kaiming-normal'], scalings.TRUNCATED_HE_NORMAL),
  ...alike(['truncated-xavier-normal', 'truncated-glorot-normal'], scalings.TRUNCATED_XAVIER_NORMAL),
  ...alike(['truncated-lecun-normal'], scalings.TRUNCATED_LECUN_NORMAL),
  ['zeros', ZEROS],
  ['ones', ONES],
  ['identity', IDENTITY],
  ['dirac', DIRAC],
  ['orthogonal', ORTHOGONAL],
  ['delta-orthogonal', DELTA_ORTHOGONAL],
])

const PARAMETRISED = new Map<string, Parametrised>([
  ['normal', { kind: NORMAL, label: 'STD', settle: (stddev) => ({ stddev }) }],
  ['truncated-normal', { kind: TRUNCATED_NORMAL, label: 'STD', settle: (stddev) => ({ stddev }) }],
  ['uniform', { kind: UNIFORM, label: 'BOUND', settle: (bound) => ({ low: -bound, high: bound }) }],
  ['constant', { kind: CONSTANT, label: 'VALUE', settle: (value) => ({ value }) }],
  ['orthogonal', { kind: ORTHOGONAL, label: 'GAIN', settle: (gain) => ({ gain }) }],
  ['sparse', { kind: SPARSE, label: 'SPARSITY', settle: (sparsity) => ({ sparsity }) }],
])

const PRESETS = new Map<string, Preset>(presets.map((preset) => [preset.name, preset]))

/** Every name for initialize and the command line; a capital word stands for a number, as in 'normal:0.02'. */
export const initNames: readonly string[] = [
  ...PLAIN.keys(),
  ...[...PARAMETRISED].map(([name, { label }]) => `${name}:${label}`),
  ...PRESETS.keys(),
]

/**
 * The weights of a named initializer: initialize('he-normal', [64, 128], { seed: 42 }) is heNormal([64, 128], { seed: 42 }).
 * @param name one of initNames
 * @param options those of the initializer of that name; a preset takes the common ones and those of fans
 * @throws TypeError or RangeError for an unknown name (the nearest is offered), a bad shape or option
 */
export function initialize(name: string, shape: Shape, options: NamedOptions = {}): Float32Array {
  const { draw, known } = drawOf('initialize', name, shape, options)
  return materialise('initialize', draw, shape, known)
}

/** Standard deviation that a named initializer is to give a weight of this shape, about the mean of all its values. */
export function initStd(name: string, shape: Shape, options: NamedOptions = {}): number {
  const { draw, known } = drawOf('initStd', name, shape, options)
  return expectedStd(draw, kernelOf(known.layout ?? 'OI', shape))
}

/** Of these options, those that the initializer of the name takes. */
export function takenOptions(where: string, name: string, given: NamedOptions, argument = 'name'): NamedOptions {
  const taken: readonly string[] = [...COMMON_OPTIONS, ...named(where, argument, name).free]
  return Object.fromEntries(Object.entries(given).filter(([key]) => taken.includes(key)))
}

/** The draw of a named initializer for a shape: its distribution with every number filled in, and the options with the layout filled in. */
export function drawOf(
  where: string,
  name: string,
  shape: Shape,
  options: NamedOptions,
  argument = 'name',
): { draw: Draw; known: NamedOptions } {
  const { kind, settled, free } = named(where, argument, name)
  const known = checkOptions<NamedOptions>(where, options, [...COMMON_OPTIONS, ...free])
  const { draw, layout } = plannedDraw(where, kind, shape, { ...known, ...settled })
  return { draw, known: { ...known, layout } }
}

/** A named initializer as a function of the fans, for networks that draw dense layer by dense layer. */
export interface Recipe {
  readonly name: string
  readonly distribution: Distribution
  /** The distribution of a fanOut x fanIn matrix with every number filled in. */
  draw(fanIn: number, fanOut: number): Draw
  /** Standard deviation of the values of a fanOut x fanIn matrix. */
  stddev(fanIn: number, fanOut: number): number
}

/** The law of a named initializer for dense layers; options are those of the name but seed, stream, layout and out; errors name `where` and `argument`. */
export function recipe(
  name: string,
  options: Omit<NamedOptions, keyof CommonOptions> = {},
  where = 'recipe',
  argument = 'name',
): Recipe {
  const { kind, settled, free } = named(where, argument, name)
  const known = checkOptions<object>(where, options, free)
  const law = kind.law(where, { ...known, ...settled })
  const draw = (fanIn: number, fanOut: number) => law({ fanIn, fanOut, receptiveField: 1, groups: 1, layout: 'OI' })
  return {
    name,
    distribution: draw(1, 1).distribution,
    draw,
    stddev: (fanIn, fanOut) =>
      expectedStd(draw(fanIn, fanOut), { copies: 1, outputs: fanOut, inputs: fanIn, space: [] }),
  }
}

function named(where: string, argument: string, name: unknown): Named {
  if (typeof name !== 'string') return wrongKind(where, argument, `a name such as 'he-normal'`, name)
  const colon = name.indexOf(':')
  const base = colon < 0 ? name : name.slice(0, colon)
  const kind = PLAIN.get(base)
  const preset = PRESETS.get(base)
  const parametrised = PARAMETRISED.get(base)
  if (parametrised && (colon >= 0 || !kind)) {
    const settled = parametrised.settle(parameter(where, argument, name, base, parametrised.label))
    return { kind: parametrised.kind, settled, free: parametrised.kind.options.filter((key) => !(key in settled)) }
  }
  if ((kind || preset) && colon >= 0) return wrongValue(where, argument, `'${base}' without a number`, name)
  if (kind) return { kind, settled: {}, free: kind.options }
  if (preset) return ofPreset(where, preset)
  oneOf(where, argument, base, [...new Set([...PLAIN.keys(), ...PARAMETRISED.keys(), ...PRESETS.keys()])])
  throw new Error(`${where}: unreachable`)
}

function ofPreset(where: string, preset: Preset): Named {
  const { init, ...settled } = preset.weight
  const { kind, settled: more } = named(where, 'name', init)
  const free = kind.options.filter((key) => USE_OPTIONS.includes(key))
  return { kind, settled: { ...settled, ...more }, free }
}

/** The number after the colon, written as a decimal. */
function parameter(where: string, argument: string, name: string, base: string, label: string): number {
  const text = name.slice(base.length + 1)
  const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
  return decimal ? Number(text) : wrongValue(where, argument, `'${base}:${label}' with a number for ${label}`, name)
}

function alike(names: readonly string[], defaults: Scaling): [string, Kind][] {
  const kind = scaling(defaults)
  return names.map((name) => [name, kind])
}
