import type { ByteSource } from './byte-source'
import { malformed } from './format-error'
import { type OnnxGraph, onnxChain } from './onnx-chain'
import { onnxNode, onnxUses } from './onnx-graph'
import { fewNumbers, onnxTensor } from './onnx-tensor'
import { type Budget, fields, text } from './protobuf'
import type { TensorStream, WeightFile } from './tensor-stream'

/** Fields of ModelProto and of GraphProto in onnx.proto; the last one that there is of either. */
const GRAPH = 7
const MODEL_FIELDS = 30
const NODE = 1
const INITIALIZER = 5
const INPUT = 11
/** Of ValueInfoProto. */
const VALUE_NAME = 1
/** Of a whole file: a graph of 50,000 operators has about 20 each. */
const MOST_FIELDS = 1 << 20

/**
 * The initializers of an ONNX model, in the order in which its operators take them, their values read a stretch at a time; those that are
 * not float, float16, bfloat16 or double are passed over, and so are the weights of subgraphs. What the operators say of each is in `uses`.
 * `open` gives a file of external data by its location.
 * @throws FormatError for what is no ONNX model, or whose values are more or fewer than its shapes say
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
export function streamOnnx(source: ByteSource, open: (path: string) => ByteSource, where = 'onnx'): WeightFile {
  const file: WeightFile = { tensors: [], passedOver: [] }
  const found = new Map<string, TensorStream>()
  const graph: OnnxGraph = { nodes: [], inputs: [], constants: new Map() }
  const { nodes } = graph
  const budget = { left: MOST_FIELDS }
  for (const { number, bytes } of fields(graphOf(source, where, budget), where, budget)) {
    if (number === NODE) nodes.push(onnxNode(bytes, `${where}: node ${nodes.length}`, budget))
    if (number === INPUT) graph.inputs.push(valueName(bytes, `${where}: input`, budget))
    if (number !== INITIALIZER) continue
    const read = onnxTensor(bytes, open, `${where}: initializer`, budget)
    graph.constants.set('tensor' in read ? read.tensor.name : read.passedOver.name, bytes)
    if ('passedOver' in read) file.passedOver.push(read.passedOver)
    else if (found.has(read.tensor.name))
      malformed(where, 'initializer', 'each name once', `'${read.tensor.name}' twice`)
    else found.set(read.tensor.name, read.tensor)
  }
  const ranks = new Map([...found].map(([name, { shape }]) => [name, shape.length]))
  const { uses, aliases } = onnxUses(nodes, ranks)
  const names = new Set([...uses.keys(), ...found.keys()])
  const known = (name: string) => aliases.get(name)?.weight
  const few = (bytes: ByteSource) => fewNumbers(bytes, `${where}: constant`, budget)
  const chain = onnxChain(graph, uses, known, few)
  return { ...file, tensors: [...names].map((name) => found.get(name)!), uses, chain }
}

function valueName(source: ByteSource, where: string, budget: Budget): string {
  const name = [...fields(source, where, budget)].find(({ number }) => number === VALUE_NAME)
  return name ? text(name.bytes, where) : ''
}

function graphOf(source: ByteSource, where: string, budget: Budget): ByteSource {
  let graph: ByteSource | null = null
  for (const { number, wire, bytes } of fields(source, where, budget)) {
    if (number > MODEL_FIELDS) malformed(where, 'content', 'an ONNX model', `a field of number ${number}`)
    if (number === GRAPH && wire === 2) graph = bytes
  }
  return graph ?? malformed(where, 'content', 'an ONNX model with a graph', 'none')
}
