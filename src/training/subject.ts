/** What a race trains: a chain of dense layers by its size, or the network of a document; and its contenders. */

import { integer, withDefault, wrongKind, wrongValue } from '../check'
import { type ActivationKernel, activationKernel } from '../network/activation-kernel'
import { checkedDocument } from '../networks/check-document'
import { flat } from '../networks/cost'
import { type Layer, type NetworkDocument, unitsOf } from '../networks/document'
import { type Contender, chainContender, lsuvSettings, named } from './contender'
import { type Dataset, outputsOf } from './dataset'
import { startDocument, weightedLayers } from './document-model'
import { type BranchScaling, branchScaling } from './document-scaling'
import type { RaceOptions } from './spec'

export interface Subject {
  inits: Contender[]
  /** Of a chain: [features, width, ..., outputs]; of a document the values of one sample before and after each layer. */
  widths: number[]
  /** Null for a document, whose layers have their own. */
  activation: ActivationKernel | null
  network: NetworkDocument | null
  /** Of a document, in the order of the signals; null for a chain. */
  layers: { path: string; kind: Layer['kind'] }[] | null
}

const USUAL = ['he-normal', 'xavier-simple']
/** The contender of a document whose layers name their initializers themselves. */
export const AS_WRITTEN = 'as-written'

/** @throws TypeError or RangeError naming the option */
export function subject(where: string, o: RaceOptions, data: Dataset): Subject {
  return o.network === undefined ? chain(where, o, data) : document(where, o, o.network, data)
}

function chain(where: string, o: RaceOptions, data: Dataset): Subject {
  const depth = integer(where, 'depth', withDefault(o.depth, 30), 2, 10_000)
  const width = integer(where, 'width', withDefault(o.width, 128), 1, 1 << 16)
  const activation = activationKernel(where, withDefault(o.activation, 'relu'))
  const widths = [data.columns, ...new Array<number>(depth - 1).fill(width), outputsOf(data)]
  const inits = namesOf(where, o, USUAL).map((name, i) =>
    chainContender(where, `inits[${i}]`, name, widths, activation),
  )
  return { inits, widths, activation, network: null, layers: null }
}

function document(where: string, o: RaceOptions, network: NetworkDocument, data: Dataset): Subject {
  for (const key of ['depth', 'width', 'activation'] as const)
    if (o[key] !== undefined) wrongValue(where, key, 'none beside network, which settles it', o[key])
  const { input, layers } = checkedDocument(where, network, USUAL[0])
  if (unitsOf(input) !== data.columns)
    wrongValue(where, 'network.input', `${data.columns} values, the columns of the data`, input)
  const { to } = layers[layers.length - 1]
  if (unitsOf(to) !== outputsOf(data))
    wrongValue(where, 'network.layers', `an output of ${outputsOf(data)} values, as the data has`, to)
  if (weightedLayers(layers).length === 0) wrongValue(where, 'network.layers', 'a layer with weights', 'none')
  const open = takesInit(where, network, layers)
  const inits = namesOf(where, o, open ? USUAL : [AS_WRITTEN]).map((name, i) =>
    name === AS_WRITTEN && !open
      ? { name, start: starter({ layers }) }
      : documentContender(where, `inits[${i}]`, name, network, open),
  )
  const rows = flat(layers)
  return {
    inits,
    widths: [data.columns, ...rows.map(({ to }) => unitsOf(to))],
    activation: null,
    network,
    layers: rows.map(({ path, kind }) => ({ path: path.replace(/^network\./, ''), kind })),
  }
}

/** Whether any layer leaves its initializer to the race. */
function takesInit(where: string, network: NetworkDocument, layers: readonly Layer[]): boolean {
  const others = weightedLayers(checkedDocument(where, network, USUAL[1]).layers)
  return weightedLayers(layers).some(({ init }, i) => init !== others[i].init)
}

function documentContender(
  where: string,
  argument: string,
  given: unknown,
  network: NetworkDocument,
  open: boolean,
): Contender {
  const { name, method, init } = named(where, argument, given)
  const structure = method !== null && name.split(':')[0] === 'residual'
  if (structure || (method !== null && method.lsuv === 'post-activation'))
    wrongValue(where, argument, `${METHODS_OF_DOCUMENTS} beside network, whose branches are its own`, name)
  if (!open && (method === null || name.includes(':')))
    wrongValue(
      where,
      argument,
      `'${AS_WRITTEN}' or ${DEPTH_METHODS} for a network whose layers all name their initializer`,
      name,
    )
  const { layers } = checkedDocument(where, network, init)
  if (method?.residual) return { name, start: starter(branchScaling(where, name, method.residual, layers)) }
  return { name, start: starter({ layers }, method !== null) }
}

const DEPTH_METHODS = "'lsuv', 'residual-scaled', 'fixup' or 'skip-init'"
const METHODS_OF_DOCUMENTS = `an initializer, ${DEPTH_METHODS}`

function starter(
  { layers, ...scaling }: Pick<BranchScaling, 'layers'> & Partial<BranchScaling>,
  lsuv = false,
): Contender['start'] {
  const settings = lsuvSettings('pre-activation')
  const branches = { learned: false, factors: new Map(), ...scaling }
  return (arena, seed, samples) => startDocument(arena, layers, seed, lsuv ? { settings, samples } : null, branches)
}

function namesOf(where: string, o: RaceOptions, usual: readonly string[]): readonly unknown[] {
  const inits: unknown = withDefault(o.inits, usual)
  if (!Array.isArray(inits)) return wrongKind(where, 'inits', 'an array of names of initializers', inits)
  if (inits.length === 0 || new Set(inits).size < inits.length)
    wrongValue(where, 'inits', 'at least one name, none twice', inits)
  return inits
}
