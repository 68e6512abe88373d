import { wrongValue } from '../check'
import type { Draw } from '../initializers/draw'
import type { DenseEngine } from './dense-engine'
import { isRotationInvariant, LAW } from './law-engine'
import type { ExperimentConfig } from './result'
import type { NetworkSpec } from './spec'
import { WEIGHTS } from './weight-products'

/** The engine that a network runs on, and its name in the result. @throws RangeError when 'law' is asked for and cannot be had */
export function engineFor(
  where: string,
  spec: NetworkSpec,
  draws: readonly Draw[],
): { name: ExperimentConfig['engine']; engine: DenseEngine } {
  const possible = draws.every(isRotationInvariant)
  if (spec.engine === 'law' && !possible)
    wrongValue(
      where,
      'engine',
      `'weights' or 'auto' beside init '${spec.init}' (only independent normals of mean 0 can be integrated out)`,
      spec.engine,
    )
  // a larger batch sees all of the narrowest layer's weights: nothing is left to save there
  const narrowest = spec.widths.slice(0, -1).reduce((a, b) => Math.min(a, b))
  const law = spec.engine === 'law' || (spec.engine === 'auto' && possible && spec.batch <= narrowest)
  return law ? { name: 'law', engine: LAW } : { name: 'weights', engine: WEIGHTS }
}
