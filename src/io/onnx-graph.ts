/** What the operators of an ONNX graph say of its weights: which axis is which, and how a kernel is used. */

import type { ByteSource } from './byte-source'
import { type Budget, fields, numbers, text } from './protobuf'
import type { TensorUse } from './tensor-stream'

/** Fields of NodeProto and of AttributeProto in onnx.proto. */
const NODE = { input: 1, output: 2, opType: 4, attribute: 5 }
const ATTRIBUTE = { name: 1, integer: 3, integers: 8 }

/** An operator: names of what goes in and comes out, and its attributes that are integers. */
export interface OnnxNode {
  operator: string
  inputs: string[]
  outputs: string[]
  attributes: Map<string, number[]>
}

export function onnxNode(source: ByteSource, where: string, budget: Budget): OnnxNode {
  const node: OnnxNode = { operator: '', inputs: [], outputs: [], attributes: new Map() }
  for (const { number, bytes } of fields(source, where, budget)) {
    if (number === NODE.input) node.inputs.push(text(bytes, where))
    else if (number === NODE.output) node.outputs.push(text(bytes, where))
    else if (number === NODE.opType) node.operator = text(bytes, where)
    else if (number === NODE.attribute) addAttribute(node, bytes, where, budget)
  }
  return node
}

function addAttribute({ attributes }: OnnxNode, source: ByteSource, where: string, budget: Budget): void {
  let name = ''
  const values: number[] = []
  for (const field of fields(source, where, budget)) {
    if (field.number === ATTRIBUTE.name) name = text(field.bytes, where)
    if (field.number === ATTRIBUTE.integer || field.number === ATTRIBUTE.integers)
      values.push(...numbers(field, `${where}: attribute`))
  }
  attributes.set(name, values)
}

const SPACE = ['', 'W', 'HW', 'DHW']

/** A weight under the name by which an operator takes it, its axes turned round or not. */
interface Alias {
  weight: string
  turned: boolean
}

/** The use of every weight that an operator with weights takes, in the order of the operators; the rest are vectors, but for those called weights. */
export function onnxUses(nodes: readonly OnnxNode[], ranks: ReadonlyMap<string, number>): Map<string, TensorUse> {
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
  return uses
}

function usesOf(
  { operator, inputs, attributes }: OnnxNode,
  alias: (name: string) => Alias | undefined,
  ranks: ReadonlyMap<string, number>,
): [string, TensorUse][] {
  const of = (input: number, rank: (rank: number) => boolean, use: (space: string, turned: boolean) => TensorUse) => {
    const found = alias(inputs[input])
    const size = found && ranks.get(found.weight)!
    return size !== undefined && rank(size)
      ? [[found!.weight, use(SPACE[size - 2] ?? '', found!.turned)] as [string, TensorUse]]
      : []
  }
  const kernel = (rank: number) => rank >= 3 && rank <= 5
  const matrix = (rank: number) => rank === 2
  const dense =
    (outFirst: boolean) =>
    (_: string, turned: boolean): TensorUse => ({
      role: 'dense',
      layout: outFirst !== turned ? 'OI' : 'IO',
    })
  switch (operator) {
    case 'Conv':
      return of(1, kernel, (space) => ({ role: 'conv', layout: `OI${space}`, ...steps(attributes, space) }))
    case 'ConvTranspose':
      return of(1, kernel, (space) => ({
        ...{ role: 'conv', layout: `IO${space}`, transposed: true },
        ...steps(attributes, space),
      }))
    case 'Gemm':
      return of(1, matrix, dense(attributes.get('transB')?.[0] === 1))
    case 'MatMul':
      return [...of(1, matrix, dense(false)), ...of(0, matrix, dense(true))]
    case 'Gather':
      return of(0, matrix, () => ({ role: 'embedding', layout: 'EO' }))
    case 'RNN':
    case 'GRU':
    case 'LSTM':
      return [1, 2].flatMap((input) =>
        of(
          input,
          (rank) => rank === 3,
          () => ({ role: 'recurrent', layout: 'EOI' }),
        ),
      )
    default:
      return []
  }
}

function steps(attributes: ReadonlyMap<string, number[]>, space: string): Pick<TensorUse, 'groups' | 'stride'> {
  const [group] = attributes.get('group') ?? [1]
  const strides = attributes.get('strides') ?? []
  return {
    ...(group > 1 ? { groups: group } : {}),
    ...(strides.length === space.length && strides.some((step) => step > 1) ? { stride: strides } : {}),
  }
}
