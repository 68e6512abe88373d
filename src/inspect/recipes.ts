/** The laws a weight may have been drawn from: what libraries do, and what is done by mistake. */

import type { Activation } from '../activations/activation'
import type { FanOptions, Fans } from '../initializers/fans'
import { drawOf } from '../initializers/names'
import { presets } from '../initializers/presets'
import type { Shape } from '../initializers/shape'
import { type Law, type LawKind, lawOf, same, TRUNCATED } from './law'
import { misreadings } from './misreadings'
import type { TensorRole } from './tensor'

/** What went wrong in a weight that is no recipe's. */
export type RecipeMistake =
  | 'fans-swapped'
  | 'layout-misread'
  | 'field-missing'
  | 'groups-wrong'
  | 'transposed-fans'
  | 'truncation-uncorrected'
  | 'variance-as-std'
  | 'bound-as-std'

/** A law with the names it goes by. Laws that coincide are one candidate. */
export interface Candidate {
  names: string[]
  law: Law
  mistake: RecipeMistake | null
  /** A recipe that follows the fans with gain 1 or less: it makes up for no activation. */
  gainless: boolean
}

interface Base {
  name: string
  gain: number
  mode: 'fanIn' | 'fanAvg'
  kinds: readonly LawKind[]
}

const KINDS = ['normal', 'uniform', 'truncatedNormal'] as const
const PREFIX: Record<LawKind, string> = { normal: '', uniform: '', truncatedNormal: 'truncated-' }
const SUFFIX: Record<LawKind, string> = { normal: '-normal', uniform: '-uniform', truncatedNormal: '-normal' }

/** The families whose variance is gain^2/fan. PyTorch's default is a uniform of bound 1/sqrt(fanIn). */
const BASES: readonly Base[] = [
  { name: 'he', gain: Math.SQRT2, mode: 'fanIn', kinds: KINDS },
  { name: 'xavier', gain: 1, mode: 'fanAvg', kinds: KINDS },
  { name: 'lecun', gain: 1, mode: 'fanIn', kinds: KINDS },
]
const PYTORCH: Base = { name: 'pytorch', gain: Math.sqrt(1 / 3), mode: 'fanIn', kinds: ['uniform'] }

/** Laws that no fan sets: defaults of Keras, GPT-2, BERT, and of embeddings. */
const FIXED = ['normal:0.02', 'normal:0.01', 'normal:0.05', 'uniform:0.05', 'uniform:0.1', 'uniform:0.01', 'normal:1']

/** Libraries without convolutions or recurrent layers of this kind. */
const DENSE_ONLY = ['brain.js', 'tf-playground']

/** He by fanOut is a recipe of convolutions alone: elsewhere it is He with its fans swapped. */
const CONV_ONLY = ['torchvision-conv']

function fits(preset: string, role: TensorRole, { transposed = false }: FanOptions): boolean {
  if (DENSE_ONLY.includes(preset)) return role === 'dense'
  return !CONV_ONLY.includes(preset) || (role === 'conv' && !transposed)
}

/** nn.init.calculate_gain where it is not the gain that keeps the second moment. */
const PYTORCH_GAIN: Record<string, number> = { tanh: 5 / 3, selu: 3 / 4 }

/** Every candidate for a weight, right ones first; a mistake that gives a right recipe's law is not one. */
export function candidates(
  shape: Shape,
  use: FanOptions,
  fans: Fans,
  role: TensorRole,
  activation: Activation,
): Candidate[] {
  const found: Candidate[] = []
  const add = (name: string, law: Law, mistake: RecipeMistake | null, gainless = false) => {
    if (!(law.std > 0)) return
    const known = found.find((candidate) => same(candidate.law, law))
    if (known === undefined) found.push({ names: [name], law, mistake, gainless })
    else if (known.mistake === mistake && !known.names.includes(name)) {
      known.names.push(name)
      known.gainless ||= gainless
    }
  }
  if (role === 'embedding') {
    for (const name of FIXED) addNamed(name, shape, use, add)
    return found
  }
  for (const base of withGains(activation)) addBase(base, fans.fanIn, fans.fanOut, null, add)
  for (const { name } of presets) if (fits(name, role, use)) addNamed(name, shape, use, add)
  addBase(PYTORCH, fans.fanIn, fans.fanOut, null, add)
  if (role === 'recurrent') addRecurrent(shape, use, add)
  for (const name of FIXED) addNamed(name, shape, use, add)
  for (const { fanIn, fanOut, mistake } of misreadings(shape, use, fans))
    for (const base of [...BASES, PYTORCH]) addBase(base, fanIn, fanOut, mistake, add)
  for (const base of BASES) addSlips(base, fans, add)
  return found
}

type Add = (name: string, law: Law, mistake: RecipeMistake | null, gainless?: boolean) => void

function nameOf(base: Base, kind: LawKind): string {
  return base === PYTORCH ? 'pytorch-linear' : `${PREFIX[kind]}${base.name}${SUFFIX[kind]}`
}

function stdOf({ gain, mode }: Base, fanIn: number, fanOut: number): number {
  return gain / Math.sqrt(mode === 'fanIn' ? fanIn : (fanIn + fanOut) / 2)
}

function addBase(base: Base, fanIn: number, fanOut: number, mistake: RecipeMistake | null, add: Add): void {
  const std = stdOf(base, fanIn, fanOut)
  for (const kind of base.kinds) add(nameOf(base, kind), { kind, std }, mistake, base.gain === 1 || base === PYTORCH)
}

/** The three families, and those with the gain of the activation where it is another. */
function withGains({ name, family, gain }: Activation): Base[] {
  const gains = [gain, PYTORCH_GAIN[family]].filter((g) => g != null && Math.abs(g - 1) > 1e-12)
  const more = gains.flatMap((g) => {
    const title = `(gain ${Number(g!.toPrecision(4))} of ${name})`
    return [
      { name: `lecun ${title}`, gain: g!, mode: 'fanIn' as const, kinds: KINDS },
      { name: `xavier ${title}`, gain: g!, mode: 'fanAvg' as const, kinds: KINDS },
    ]
  })
  // LeCun with the gain sqrt 2 is He, whose name says it
  return [...BASES, ...more.filter(({ gain, mode }) => mode === 'fanAvg' || Math.abs(gain - Math.SQRT2) > 1e-12)]
}

/** A recipe of this library by name; a preset that does not correct the cut is a mistake of its library. */
function addNamed(name: string, shape: Shape, use: FanOptions, add: Add): void {
  const preset = presets.find((known) => known.name === name)
  const followsFans = preset !== undefined && !preset.weight.init.includes(':')
  const law = lawOf(drawOf('inspect', name, shape, followsFans ? use : {}).draw)
  const uncorrected = preset?.note.includes('without correcting') ? 'truncation-uncorrected' : null
  if (law !== undefined) add(name, law, uncorrected)
}

/** PyTorch draws a recurrent layer from U(-b, b), b = 1/sqrt(hidden); packed gates make the rows 1, 3 or 4 times hidden. */
function addRecurrent(shape: Shape, { layout }: FanOptions, add: Add): void {
  const rows = shape[layout!.indexOf('O')]
  for (const gates of [1, 3, 4])
    if (rows % gates === 0) add('pytorch-recurrent', { kind: 'uniform', std: Math.sqrt(gates / rows / 3) }, null)
}

/** What is done to the number itself: a cut not made up for, the variance or a bound taken for sigma. */
function addSlips(base: Base, { fanIn, fanOut }: Fans, add: Add): void {
  const std = stdOf(base, fanIn, fanOut)
  add(nameOf(base, 'truncatedNormal'), { kind: 'truncatedNormal', std: std * TRUNCATED.std }, 'truncation-uncorrected')
  add(nameOf(base, 'normal'), { kind: 'normal', std: std * std }, 'variance-as-std')
  add(nameOf(base, 'uniform'), { kind: 'uniform', std: std / Math.sqrt(3) }, 'bound-as-std')
}
