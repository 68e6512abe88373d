/** What the operators of an ONNX graph say of its weights: which axis is which, and how a kernel is used. */

import type { ByteSource } from './byte-source'
import type { Pads } from './model-step'
import { type Budget, fields, numbers, text } from './protobuf'
import type { TensorUse } from './tensor-stream'

/** Fields of NodeProto and of AttributeProto in onnx.proto. */
const NODE = { input: 1, output: 2, opType: 4, attribute: 5 }
const ATTRIBUTE = { name: 1, real: 2, integer: 3, text: 4, tensor: 5, integers: 8 }

/** An operator: names of what goes in and comes out, and its attributes that are integers, texts, numbers or tensors. */
export interface OnnxNode {
  operator: string
  inputs: string[]
  outputs: string[]
  attributes: Map<string, number[]>
  texts: Map<string, string>
  reals: Map<string, number>
  tensors: Map<string, ByteSource>
}

export function onnxNode(source: ByteSource, where: string, budget: Budget): OnnxNode {
  const attributes = { attributes: new Map(), texts: new Map(), reals: new Map(), tensors: new Map() }
  const node: OnnxNode = { operator: '', inputs: [], outputs: [], ...attributes }
  for (const { number, bytes } of fields(source, where, budget)) {
    if (number === NODE.input) node.inputs.push(text(bytes, where))
    else if (number === NODE.output) node.outputs.push(text(bytes, where))
    else if (number === NODE.opType) node.operator = text(bytes, where)
    else if (number === NODE.attribute) addAttribute(node, bytes, where, budget)
  }
  return node
}

function addAttribute(node: OnnxNode, source: ByteSource, where: string, budget: Budget): void {
  const all = [...fields(source, where, budget)]
  const last = (number: number) => all.findLast((field) => field.number === number)?.bytes
  const name = last(ATTRIBUTE.name)
  const key = name ? text(name, where) : ''
  const whole = all.filter(({ number }) => number === ATTRIBUTE.integer || number === ATTRIBUTE.integers)
  node.attributes.set(
    key,
    whole.flatMap((field) => numbers(field, `${where}: attribute`)),
  )
  const [real, words, tensor] = [last(ATTRIBUTE.real), last(ATTRIBUTE.text), last(ATTRIBUTE.tensor)]
  if (real?.size === 4) node.reals.set(key, float(real))
  if (words && words.size > 0 && words.size <= LONGEST_WORD) node.texts.set(key, text(words, where))
  if (tensor) node.tensors.set(key, tensor)
}

/** Texts of attributes that are read: the rest, as documentation, is stepped over. */
const LONGEST_WORD = 64

function float(bytes: ByteSource): number {
  const four = bytes.read(0, 4)
  return new DataView(four.buffer, four.byteOffset, 4).getFloat32(0, true)
}

const SPACE = ['', 'W', 'HW', 'DHW']

/** A weight under the name by which an operator takes it, its axes turned round or not. */
export interface Alias {
  weight: string
  turned: boolean
}

/** The use of every weight that an operator with weights takes, in the order of the operators; the rest are vectors, but for those called weights. */
export function onnxUses(
  nodes: readonly OnnxNode[],
  ranks: ReadonlyMap<string, number>,
): { uses: Map<string, TensorUse>; aliases: ReadonlyMap<string, Alias> } {
  const aliases = new Map<string, Alias>([...ranks.keys()].map((weight) => [weight, { weight, turned: false }]))
  const uses = new Map<string, TensorUse>()
  for (const node of nodes) {
    const [first] = node.inputs
    const alias = aliases.get(first)
    // what exporters put between a weight and its operator
    if (alias && node.operator === 'Identity') aliases.set(node.outputs[0], alias)
    if (alias && node.operator === 'Transpose' && ranks.get(alias.weight) === 2)
      aliases.set(node.outputs[0], { ...alias, turned: alias.turned !== (node.attributes.get('perm')?.[0] !== 0) })
    for (const [name, use] of usesOf(node, (name) => aliases.get(name), ranks)) if (!uses.has(name)) uses.set(name, use)
  }
  // what is called a weight may reach its operator by ways that are not followed: its name and shape are left to tell
  for (const name of ranks.keys()) if (!uses.has(name) && !/weight/i.test(name)) uses.set(name, { role: 'vector' })
  return { uses, aliases }
}

/** What an operator takes a weight of some rank for; `space` are the letters of its axes but two, `turned` says that they were exchanged. */
interface Taken {
  input: number
  fits(rank: number): boolean
  use(space: string, turned: boolean): TensorUse
}

function usesOf(
  node: OnnxNode,
  alias: (name: string) => Alias | undefined,
  ranks: ReadonlyMap<string, number>,
): [string, TensorUse][] {
  const taken = Object.hasOwn(TAKEN, node.operator) ? TAKEN[node.operator](node) : []
  return taken.flatMap(({ input, fits, use }) => {
    const found = alias(node.inputs[input])
    if (found === undefined) return []
    const rank = ranks.get(found.weight)!
    return fits(rank) ? [[found.weight, use(SPACE[rank - 2] ?? '', found.turned)] as [string, TensorUse]] : []
  })
}

const kernel = (rank: number) => rank >= 3 && rank <= 5
const matrix = (rank: number) => rank === 2
const dense = (input: number, outFirst: boolean): Taken => ({
  input,
  fits: matrix,
  use: (_, turned) => ({ role: 'dense', layout: outFirst !== turned ? 'OI' : 'IO' }),
})
const norm = () => [1, 2, 3, 4].map((input): Taken => ({ input, fits: () => true, use: () => ({ role: 'vector' }) }))
const recurrent = () =>
  [1, 2].map(
    (input): Taken => ({ input, fits: (rank) => rank === 3, use: () => ({ role: 'recurrent', layout: 'EOI' }) }),
  )
const convolution = (use: Taken['use']): Taken[] => [{ input: 1, fits: kernel, use }]

const TAKEN: Record<string, (node: OnnxNode) => Taken[]> = {
  Conv: (node) =>
    convolution((space) => ({
      ...{ role: 'conv', layout: `OI${space}` },
      ...steps(node.attributes, space),
      ...border(node, space),
    })),
  ConvTranspose: ({ attributes }) =>
    convolution((space) => ({
      ...{ role: 'conv', layout: `IO${space}`, transposed: true },
      ...steps(attributes, space),
    })),
  Gemm: ({ attributes }) => [dense(1, attributes.get('transB')?.[0] === 1)],
  MatMul: () => [dense(1, false), dense(0, true)],
  Gather: () => [{ input: 0, fits: matrix, use: () => ({ role: 'embedding', layout: 'EO' }) }],
  BatchNormalization: norm,
  LayerNormalization: norm,
  RMSNormalization: norm,
  SimplifiedLayerNormalization: norm,
  RNN: recurrent,
  GRU: recurrent,
  LSTM: recurrent,
}

function steps(attributes: ReadonlyMap<string, number[]>, space: string): Pick<TensorUse, 'groups' | 'stride'> {
  const [group] = attributes.get('group') ?? [1]
  const strides = attributes.get('strides') ?? []
  return {
    ...(group > 1 ? { groups: group } : {}),
    ...(strides.length === space.length && strides.some((step) => step > 1) ? { stride: strides } : {}),
  }
}

/** What a kernel reads beyond the border, and how far its taps are apart. */
export function border(
  { attributes, texts }: OnnxNode,
  { length }: { length: number },
): { pads: Pads; dilation?: number[] } {
  const dilation = attributes.get('dilations') ?? []
  const spread = dilation.length === length && dilation.some((step) => step > 1) ? { dilation } : {}
  const auto = { SAME_UPPER: 'same-upper', SAME_LOWER: 'same-lower' } as const
  const word = texts.get('auto_pad') ?? ''
  if (word in auto) return { pads: auto[word as keyof typeof auto], ...spread }
  const given = attributes.get('pads') ?? []
  const none = word === 'VALID' || given.length !== 2 * length
  return { pads: none ? new Array<number>(2 * length).fill(0) : given, ...spread }
}
