/** The fans that people compute by mistake. */

import { type FanOptions, type Fans, fansOf } from '../initializers/fans'
import { SPATIAL, sizeOf } from '../initializers/layout'
import type { Shape } from '../initializers/shape'
import type { RecipeMistake } from './recipes'

export interface Misreading {
  fanIn: number
  fanOut: number
  mistake: RecipeMistake
}

/** Every wrong pair of fans for this weight that is known to be computed somewhere. */
export function misreadings(shape: Shape, use: FanOptions, fans: Fans): Misreading[] {
  const { fanIn, fanOut, groups, receptiveField: field } = fans
  const swapped = use.transposed ? 'transposed-fans' : 'fans-swapped'
  const found: Misreading[] = [{ fanIn: fanOut, fanOut: fanIn, mistake: swapped }]
  if (use.transposed) found.push(...ofShape(shape, fans.layout))
  if (groups > 1)
    for (const [into, out] of [
      [groups, 1],
      [1, groups],
      [groups, groups],
    ])
      found.push({ fanIn: fanIn * into, fanOut: fanOut * out, mistake: 'groups-wrong' })
  if (field > 1) found.push({ fanIn: fanIn / field, fanOut: fanOut / field, mistake: 'field-missing' })
  if (shape.length > 2) found.push(...otherHabit(shape, use, fans))
  return found
}

/** PyTorch takes a transposed kernel (in, out/groups, ...) for (out, in, ...). */
function ofShape(shape: Shape, layout: string): Misreading[] {
  const field = [...SPATIAL].reduce((product, letter) => product * sizeOf(letter, layout, shape), 1)
  const [inputs, outputs] = [sizeOf('I', layout, shape), sizeOf('O', layout, shape)]
  return [{ fanIn: outputs * field, fanOut: inputs * field, mistake: 'transposed-fans' }]
}

/** A kernel of one framework read in the other's order of axes. */
function otherHabit(shape: Shape, use: FanOptions, { layout }: Fans): Misreading[] {
  const space = SPATIAL.slice(5 - shape.length)
  const other = layout.startsWith('O') || layout.startsWith('I') ? `${space}IO` : `OI${space}`
  if (use.transposed || other === layout) return []
  const { fanIn, fanOut } = fansOf('inspect', shape, { layout: other })
  return [{ fanIn, fanOut, mistake: 'layout-misread' }]
}
