import { options as checkOptions, finite, withDefault, wrongValue } from '../check'
import type { Seed } from '../random/stream'
import type { Draw } from './draw'
import { type FanOptions, type Fans, fansOf } from './fans'
import { checkLayout, type Layout } from './layout'
import { materialise } from './materialise'
import { elements, type Shape } from './shape'

/** Options of every initializer. */
export interface CommonOptions {
  /** Integer 0 .. 2^64 - 1; default 0, a seed like any other. */
  seed?: Seed
  /** Name of the stream, such as 'layers.3.weight'; default ''. Two names never share values. */
  stream?: string
  /** What each axis is; moves values, never changes them. */
  layout?: Layout
  /** Filled and returned in place of a fresh array; its length must be the shape's. */
  out?: Float32Array
}

/** (shape, options?) => weights, row-major in the shape's order. */
export type Initializer<Options extends CommonOptions = CommonOptions> = (
  shape: Shape,
  options?: Options,
) => Float32Array

/** What is drawn, given the fans. */
export type Law = (fans: Omit<Fans, 'explain'>) => Draw

/** A family member without its name: which options it takes, and the law they give. */
export interface Kind {
  /** Options beyond the common ones. */
  readonly options: readonly string[]
  /** Whether the layout must be known: the law depends on the fans or the structure of the kernel. */
  readonly needsFans: boolean
  readonly law: (where: string, options: Readonly<Record<string, unknown>>) => Law
}

/** Greatest finite f32. */
const MAX_F32 = 3.4028234663852886e38

/** A finite number >= min that f32 can hold: no initializer makes an infinity. */
export function float32(where: string, argument: string, value: unknown, min?: number): number {
  const number = finite(where, argument, value, min)
  return Math.abs(number) <= MAX_F32 ? number : wrongValue(where, argument, `a number within f32 (${MAX_F32})`, number)
}

export const COMMON_OPTIONS = ['seed', 'stream', 'layout', 'out'] as const

/** What a law that needs no fans is given. */
const NO_FANS = { fanIn: 1, fanOut: 1, groups: 1, receptiveField: 1, layout: 'OI' }

/** The initializer of a kind; `where` is its name in errors. */
export function initializer<Options extends CommonOptions>(where: string, kind: Kind): Initializer<Options> {
  return (shape, options) => {
    const known = checkOptions<Options>(where, withDefault<object>(options, {}), [...COMMON_OPTIONS, ...kind.options])
    const { draw, layout } = plannedDraw(where, kind, shape, known)
    return materialise(where, draw, shape, { ...known, layout })
  }
}

/** The draw of a kind for a shape, and the layout the shape is read in; options already checked for unknown keys. */
export function plannedDraw(
  where: string,
  kind: Kind,
  shape: Shape,
  options: object,
): { draw: Draw; layout: Layout | undefined } {
  const law = kind.law(where, options as Record<string, unknown>)
  const { layout } = options as CommonOptions
  if (kind.needsFans) {
    const fans = fansOf(where, shape, options as FanOptions)
    return { draw: withinFloat32(where, law(fans)), layout: fans.layout }
  }
  elements(where, shape)
  const draw = withinFloat32(where, law(NO_FANS))
  return { draw, layout: layout === undefined ? undefined : checkLayout(where, layout, shape) }
}

/** Standard deviations that a value may be from the mean: 6.66 of Box-Muller, and at most 23 = ln 2^33 of a normal's one-sided tail. */
const FARTHEST = { normal: 6.67, truncatedNormal: 23 }
/** Above 1 by more than the rounding of a Haar matrix. */
const HAAR_ENTRY = 1.00001

/** The draw, refused when some of its values would be infinite in f32. */
function withinFloat32(where: string, draw: Draw): Draw {
  if (draw.distribution === 'normal' || draw.distribution === 'truncatedNormal') {
    const { mean, stddev } = draw
    if (Math.abs(mean) + FARTHEST[draw.distribution] * stddev > MAX_F32)
      wrongValue(where, 'stddev', `values within f32 (${MAX_F32})`, stddev)
  } else if (draw.distribution === 'orthogonal' || draw.distribution === 'deltaOrthogonal') {
    if (Math.abs(draw.gain) * HAAR_ENTRY > MAX_F32)
      wrongValue(where, 'gain', `values within f32 (${MAX_F32})`, draw.gain)
  }
  return draw
}
