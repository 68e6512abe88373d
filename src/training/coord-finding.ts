import type { CoordRow, CoordVerdict, LayerRole } from './coord-result'
import type { CoordSpec } from './coord-spec'

/** Slopes this near to 0 count as flat: what finite widths and few seeds leave uncertain. */
const FLAT = 0.1

export function roleOf({ hiddenLayers }: Pick<CoordSpec, 'hiddenLayers'>, layer: number): LayerRole {
  if (layer === 1) return 'input'
  return layer <= hiddenLayers ? 'hidden' : 'readout'
}

/**
 * Where theory has the slope at step t of layer l = 1 .. hiddenLayers + 1, for an initializer of variance ~ 1/fan_in.
 * t = 1: 0, but -1/2 for muP's readout, a sum of `width` independent terms times 1/width.
 * Later, muP: 0 by construction, its readout between the -1/2 it starts with and the 0 of what it has learned.
 * Later, standard, between 0, where the steps are small beside the start, and the limit of large widths: Adam moves every weight by the
 * rate whatever its gradient, and each layer adds up `width` such moves along its input, so that layer l has l - 1. One step of SGD:
 * deltas fall as n^(-1/2) and a layer's product with its own input is n, so that a hidden layer has (l - 1)/2, and the readout, whose
 * delta does not fall, 1 and the slope of its input; after more steps the loss itself has grown, and there is no bound.
 */
export function expectedSlope(
  { parametrization, optimizer, hiddenLayers }: CoordSpec,
  step: number,
  layer: number,
): CoordRow['expected'] {
  const readout = layer === hiddenLayers + 1
  if (parametrization === 'mup') {
    if (step === 1) return readout ? [-0.5, -0.5] : [0, 0]
    return readout ? [-0.5, 0] : [0, 0]
  }
  if (step === 1) return [0, 0]
  if (optimizer.name === 'adam') return [0, layer - 1]
  if (step > 2) return [0, null]
  return [0, readout ? 1 + (hiddenLayers - 1) / 2 : (layer - 1) / 2]
}

/** half: of the slope's confidence interval. */
export function findingOf(slope: number, half: number, [low, high]: CoordRow['expected']): CoordRow['finding'] {
  if (slope - half > FLAT) return 'grows'
  if (slope + half >= -FLAT) return 'flat'
  // only muP's readout may fall
  const fits = slope + half >= low - FLAT && (high === null || slope - half <= high + FLAT)
  return low < 0 && fits ? 'expected' : 'shrinks'
}

/** What the slopes say together. */
export function coordVerdict(spec: CoordSpec, rows: readonly CoordRow[]): CoordVerdict {
  const worst = worstOf(rows)
  if (worst === undefined) return { code: 'width-stable', text: `${stableText(spec)}${readoutNote(rows)}`, fix: '' }
  const { step, finding } = worst
  const size = worst.slope === null ? withoutSlope(worst) : `goes as width^${worst.slope.toFixed(2)}`
  const when = step === 1 ? 'before any step' : `after ${step - 1} ${step === 2 ? 'step' : 'steps'}`
  const text = `${when[0].toUpperCase()}${when.slice(1)} mean |z| of ${layerName(worst)} ${size}: what is tuned at one width does not hold at another.${readoutNote(rows)}`
  const code = finding === 'grows' ? 'grows-with-width' : 'shrinks-with-width'
  return { code, text, fix: fixOf(spec, step) }
}

function withoutSlope({ sizes }: CoordRow): string {
  return sizes.includes(null) ? 'is not finite at some width' : 'is 0 at some width'
}

/** The steepest of the slopes that should not be, those of the first step before all others: later ones follow from them. */
function worstOf(rows: readonly CoordRow[]): CoordRow | undefined {
  const faults = rows.filter(({ finding }) => finding === 'grows' || finding === 'shrinks')
  const early = faults.filter(({ step }) => step === 1)
  const steepness = ({ slope }: CoordRow) => (slope === null ? Number.POSITIVE_INFINITY : Math.abs(slope))
  return (early.length > 0 ? early : faults).reduce<CoordRow | undefined>(
    (worst, row) => (worst === undefined || steepness(row) > steepness(worst) ? row : worst),
    undefined,
  )
}

/** 'input', 'hidden 2', 'readout'. */
export function layerName({ role, layer }: Pick<CoordRow, 'role' | 'layer'>): string {
  return role === 'hidden' ? `hidden ${layer}` : role
}

function stableText({ widths, steps }: CoordSpec): string {
  const after = steps === 1 ? 'before any step' : `through ${steps - 1} ${steps === 2 ? 'step' : 'steps'}`
  return `Every layer keeps its size from width ${widths[0]} to ${widths[widths.length - 1]} ${after}: what is tuned at one width holds at another.`
}

function readoutNote(rows: readonly CoordRow[]): string {
  const readout = rows.find(({ finding, step }) => finding === 'expected' && step === 1)
  return readout ? ` The readout's ${readout.slope!.toFixed(2)} at t = 1 is expected: muP starts it small.` : ''
}

function fixOf({ parametrization, optimizer: { name } }: CoordSpec, step: number): string {
  if (step === 1) return 'Take an initializer whose variance is a constant over fan_in, such as he-normal.'
  if (parametrization === 'mup') return 'Take a smaller learning rate: the steps leave the range where muP holds.'
  const rates = name === 'adam' ? 'those of hidden weights times base/width' : 'those of input weights times width/base'
  return `Take muP: the readout's output times base/width and learning rates by role (${rates}), or tune the learning rate at each width.`
}
