/** Why the second moment changes, in the words of the variance rule q = v M / 1 (weights of variance v/fanIn), and what would keep it. */

import type { Activation } from '../activations/activation'
import { activation, activationNames } from '../activations/resolve'
import type { ExperimentConfig, LayerResult } from '../network/result'
import { fourthMoment, momentSlope, secondMoment } from '../theory/moments'
import { plain } from './number-text'

/** fanIn times the variance of a weight: the least of some layers and the greatest. */
export type Scales = readonly [least: number, greatest: number]

/** The configuration's activation, or null for a user's own function. */
export function knownActivation(name: string): Activation | null {
  return activationNames.includes(name.split(':')[0]) ? activation(name) : null
}

/** <f^4>/<f^2>^2 - 1 at q = 1: the variance of one layer's second moment, times its width. A user's own function is taken for ReLU. */
export function layerKurtosis(name: string): number {
  const known = knownActivation(name)
  return known ? fourthMoment(known, 1) / secondMoment(known, 1) ** 2 - 1 : 5
}

/**
 * The weights' fanIn times variance, [least, greatest] over the layers, read back from theory's second moments:
 * of a homogeneous activation, M_l gain^2 = v_l M_(l-1) + bias^2. Null for any other activation, or beyond the range of doubles.
 */
export function weightScales(config: ExperimentConfig, layers: readonly LayerResult[]): Scales | null {
  const known = knownActivation(config.activation)
  if (known === null || known.negativeSlope === null || known.gain === null) return null
  const gain = known.gain
  let before = config.inputSecondMoment
  const scales = layers.map(({ theory }) => {
    const scale = (theory.forward.secondMoment * gain ** 2 - config.bias ** 2) / before
    before = theory.forward.secondMoment
    return scale
  })
  const usable = scales.filter((scale) => Number.isFinite(scale) && scale > 0)
  return usable.length ? [Math.min(...usable), Math.max(...usable)] : null
}

/** 'the weights have variance 1/fanIn and ReLU zeroes half the units'. */
export function cause(config: ExperimentConfig, layers: readonly LayerResult[]): string {
  return causeOf('the', weightScales(config, layers), config)
}

/** The same of weights with these least and greatest fanIn times variance, null for unknown ones: `whose` are 'the' or 'its'. */
export function causeOf(
  whose: string,
  scales: Scales | null,
  { init, activation }: { init: string; activation: string },
): string {
  if (scales === null) return `this is what ${init} weights do under ${activationTitle(activation)}`
  return `${whose} weights have variance ${scaleText(scales)} and ${activationText(activation)}`
}

/** What keeps the second moment: the factor for these weights where one does for all layers, and a recipe by name or by variance. */
export function remedy(config: ExperimentConfig, layers: readonly LayerResult[]): string {
  return remedyOf('the', weightScales(config, layers), config)
}

/** The same of weights with these least and greatest fanIn times variance. */
export function remedyOf(
  whose: string,
  scales: Scales | null,
  { activation, bias }: { activation: string; bias: number },
): string {
  const known = knownActivation(activation)
  if (known?.gain == null) return 'choose weights whose gain keeps the second moment of this activation'
  const wanted = known.gain ** 2
  const recipe = `${recipeName(known)}variance ${plain(wanted)}/fanIn`
  const uniform = scales !== null && scales[1] / scales[0] - 1 < 1e-3
  const start = bias > 0 ? `; start ${whose} biases at 0` : ''
  const use = `use ${recipe}${start}${unstableGain(known, wanted)}`
  return uniform ? `multiply ${whose} weights by ${plain(Math.sqrt(wanted / scales[0]))}, or ${use}` : use
}

/** A warning where the gain's own fixed point is unstable, as of GELU, SiLU, Mish and hardswish: the recipe alone does not hold. */
function unstableGain(known: Activation, wanted: number): string {
  const slope = wanted * momentSlope(known, 1)
  if (known.negativeSlope !== null || slope < 1) return ''
  return `, and normalise or add residual connections: that gain of ${activationTitle(known.name)} is an unstable fixed point, where an error in the second moment grows by ${plain(slope)} per layer`
}

function recipeName({ name, gain }: Activation): string {
  if (name === 'relu') return 'he-normal: '
  return gain === 1 ? 'lecun-normal: ' : 'weights of '
}

export function scaleText([least, greatest]: Scales): string {
  const [from, to] = [plain(least), plain(greatest)]
  return greatest / least - 1 < 1e-3 ? `${from}/fanIn` : `between ${from}/fanIn and ${to}/fanIn`
}

function activationText(name: string): string {
  if (name === 'relu') return 'ReLU zeroes half the units'
  const gain = knownActivation(name)?.gain ?? 1
  const kept = gain === 1 ? 'the second moment' : `${plain(1 / gain ** 2)} of the second moment`
  return `${activationTitle(name)} keeps ${kept}`
}

const TITLES: Record<string, string> = {
  relu: 'ReLU',
  'leaky-relu': 'leaky ReLU',
  prelu: 'PReLU',
  elu: 'ELU',
  selu: 'SELU',
  gelu: 'GELU',
  silu: 'SiLU',
}

/** A name as papers write it: 'leaky ReLU (0.2)' for 'leaky-relu:0.2'. */
export function activationTitle(name: string): string {
  const [family, parameter] = name.split(':')
  return parameter === undefined ? (TITLES[family] ?? family) : `${TITLES[family] ?? family} (${parameter})`
}
