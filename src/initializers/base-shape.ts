import { integer, wrongKind, wrongValue } from '../check'
import { type WidthScaling, widthScaling } from './depth-scaling'
import { type Draw, scaled } from './draw'
import { expectedStd } from './expected-std'
import { kernelOf, type Layout } from './layout'
import { drawOf, type NamedOptions } from './names'
import type { Shape } from './shape'

/** A tensor's shape in the base model, null for an axis that does not grow with the width of the network. */
export type BaseShape = readonly (number | null)[]

/** The draw that a tensor has at its base shape, its sigma scaled to the width it has now, and mup's other multipliers. */
export function drawAtBase(
  where: string,
  init: string,
  shape: Shape,
  baseShape: BaseShape,
  options: NamedOptions,
): { draw: Draw; width: WidthScaling } {
  const layout = options.layout ?? (shape.length === 1 ? 'O' : 'OI')
  const sizes = baseSizes(where, shape, baseShape)
  const wider = (letter: string): number | null => {
    const axis = layout.indexOf(letter)
    return axis < 0 || baseShape[axis] === null ? null : shape[axis] / sizes[axis]
  }
  ;[...layout].forEach((letter, axis) => {
    if (letter !== 'I' && letter !== 'O' && baseShape[axis] !== null)
      wrongValue(where, `baseShape[${axis}]`, `null: only the in and the out axis grow with width`, baseShape[axis])
  })
  const width = widthScaling(wider('I'), wider('O'))
  const { draw } = drawOf(where, init, sizes, options)
  return { draw: scaled(draw, width.stddev * keptSigma(draw, layout, sizes, shape)), width }
}

/** What a draw is to be multiplied by for the sigma it has at the sizes `from`: that of an orthogonal matrix follows its shape. */
function keptSigma(draw: Draw, layout: Layout, from: Shape, to: Shape): number {
  if (draw.distribution !== 'orthogonal' && draw.distribution !== 'deltaOrthogonal') return 1
  const unit = { ...draw, gain: 1 }
  return expectedStd(unit, kernelOf(layout, from)) / expectedStd(unit, kernelOf(layout, to))
}

function baseSizes(where: string, shape: Shape, baseShape: unknown): number[] {
  if (!Array.isArray(baseShape)) return wrongKind(where, 'baseShape', 'an array of integers >= 1 or null', baseShape)
  if (baseShape.length !== shape.length)
    return wrongValue(where, 'baseShape.length', `${shape.length}, the rank of shape`, baseShape.length)
  return baseShape.map((size, axis) => (size === null ? shape[axis] : integer(where, `baseShape[${axis}]`, size, 1)))
}
