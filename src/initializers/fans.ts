import { options as checkOptions, flag, integer, withDefault, wrongKind, wrongValue } from '../check'
import { checkLayout, type Layout, SPATIAL, sizeOf } from './layout'
import { elements, type Shape } from './shape'

/** How a weight is used, which its shape alone does not say. */
export interface FanOptions {
  /** What each axis is; 'OI' for rank 2 by default, to be declared for every higher rank. */
  layout?: Layout
  /** Groups of a convolution, >= 1; a depthwise layout ('HWIM') has as many as input channels. Default 1. */
  groups?: number
  /** A transposed convolution: each input value is spread over the kernel. Default false. */
  transposed?: boolean
  /** Steps of a convolution, one for all spatial axes or one each, >= 1. Default 1. */
  stride?: number | readonly number[]
}

/** Terms in the sums that a weight takes part in. */
export interface Fans {
  /** Terms in the sum that makes one output value: the forward pass keeps its variance when Var W = 1/fanIn. */
  fanIn: number
  /** Terms in the sum that makes the gradient of one input value, on average over positions when strided. */
  fanOut: number
  /** Product of the kernel's spatial sizes, 1 for a dense layer. */
  receptiveField: number
  groups: number
  layout: Layout
  /** Which axis gave which number, in words. */
  explain: string
}

/** The options of fans() beside the layout. */
export const USE_OPTIONS: readonly string[] = ['groups', 'transposed', 'stride']

/**
 * The fans of a weight, for dense, convolution, grouped, depthwise, transposed and strided kernels.
 * k = product of spatial sizes, g groups, s = product of strides. Convolution, I = channels per group, O = all channels:
 * fanIn = I k, fanOut = O k / (g s). Transposed, I = all channels, O = channels per group: fanIn = I k / (g s), fanOut = O k.
 * Depthwise ('HWIM'): fanIn = k, fanOut = M k / s. An embedding ('EO', one-hot input): fanIn = 1, fanOut = O.
 * @param shape sizes in storage order, rank >= 2
 * @throws TypeError or RangeError for a bad shape or option, and for rank >= 3 without a layout
 */
export function fans(shape: Shape, options: FanOptions = {}): Fans {
  return fansOf('fans', shape, checkOptions('fans', options, ['layout', ...USE_OPTIONS]))
}

/** fans() in the name of another function; options already checked for unknown keys. */
export function fansOf(where: string, shape: Shape, options: FanOptions): Fans {
  elements(where, shape)
  const layout = declaredLayout(where, shape, options.layout)
  const transposed = flag(where, 'transposed', withDefault(options.transposed, false))
  const space = [...SPATIAL].filter((letter) => layout.includes(letter))
  const field = space.reduce((product, letter) => product * sizeOf(letter, layout, shape), 1)
  const stride = strideProduct(where, options.stride, space.length)
  if (transposed && space.length === 0)
    wrongValue(where, 'transposed', `false for the layout '${layout}', which has no space`, true)

  const depthwise = layout.includes('M')
  const inputs = sizeOf('I', layout, shape)
  const outputs = depthwise ? inputs * sizeOf('M', layout, shape) : sizeOf('O', layout, shape)
  const groups = groupCount(where, options.groups, depthwise ? inputs : undefined, transposed ? inputs : outputs)

  const incoming: Factor[] = [['in', inputs, 1]]
  const outgoing: Factor[] = [['out', outputs, 1]]
  if (depthwise || (transposed && groups > 1)) incoming.push(['groups', groups, -1])
  if (depthwise || (!transposed && groups > 1)) outgoing.push(['groups', groups, -1])
  if (space.length > 0) for (const factors of [incoming, outgoing]) factors.push(['space', field, 1])
  if (stride > 1) (transposed ? incoming : outgoing).push(['stride', stride, -1])
  if (!layout.includes('I')) incoming.splice(0, incoming.length, ['one-hot row', 1, 1])

  const fanIn = product(incoming)
  const fanOut = product(outgoing)
  const explain = `${layout} [${shape.join(', ')}]: fanIn = ${spell(incoming)} = ${fanIn}, fanOut = ${spell(outgoing)} = ${fanOut}`
  return { fanIn, fanOut, receptiveField: field, groups, layout, explain }
}

/** Name, number, and 1 to multiply or -1 to divide by it. */
type Factor = [name: string, value: number, power: 1 | -1]

function product(factors: readonly Factor[]): number {
  return factors.reduce((result, [, value, power]) => (power === 1 ? result * value : result / value), 1)
}

function spell(factors: readonly Factor[]): string {
  return factors
    .map(([name, value, power], i) => `${i === 0 ? '' : power === 1 ? ' x ' : ' / '}${name} ${value}`)
    .join('')
}

function declaredLayout(where: string, shape: Shape, layout: unknown): Layout {
  if (shape.length < 2)
    return wrongValue(where, 'shape', 'at least 2 axes (a bias has no fans: use zeros, constant or normal)', shape)
  if (layout !== undefined) return checkLayout(where, layout, shape)
  return shape.length === 2 ? 'OI' : wrongKind(where, 'layout', `to be declared: ${readings(shape)}`, layout)
}

/** The two common readings of a kernel's shape, with the fans that each would give. */
function readings(shape: Shape): string {
  if (shape.length > 5) return `rank ${shape.length} has no common reading`
  const space = SPATIAL.slice(5 - shape.length)
  const read = [`OI${space}`, `${space}IO`].map((layout) => {
    const { fanIn, fanOut } = fansOf('fans', shape, { layout })
    return `'${layout}' (fanIn ${fanIn}, fanOut ${fanOut})`
  })
  return `[${shape.join(', ')}] reads as ${read.join(' or as ')}`
}

function strideProduct(where: string, stride: unknown, axes: number): number {
  if (stride === undefined) return 1
  if (axes === 0) return wrongValue(where, 'stride', 'none for a layout without space', stride)
  if (!Array.isArray(stride)) {
    const step = integer(where, 'stride', stride, 1)
    return Array.from({ length: axes }, () => step).reduce((a, b) => a * b, 1)
  }
  if (stride.length !== axes) return wrongValue(where, 'stride', `${axes} steps, one for each spatial axis`, stride)
  return stride.reduce<number>((result, step, i) => result * integer(where, `stride[${i}]`, step, 1), 1)
}

function groupCount(where: string, groups: unknown, depthwise: number | undefined, channels: number): number {
  if (groups === undefined) return depthwise ?? 1
  const count = integer(where, 'groups', groups, 1)
  if (depthwise !== undefined && count !== depthwise)
    return wrongValue(where, 'groups', `${depthwise}, the input channels of a depthwise layout`, count)
  if (channels % count !== 0)
    return wrongValue(where, 'groups', `a divisor of the ${channels} channels it splits`, count)
  return count
}
