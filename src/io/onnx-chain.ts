/** The operators of an ONNX graph one after another, from its input on, where each takes what the one before gives. */

import type { ByteSource } from './byte-source'
import { printable } from './format-error'
import type { ModelChain, ModelStep } from './model-step'
import type { OnnxNode } from './onnx-graph'
import { type Operands, operatorSteps } from './onnx-operators'
import { fusedAt } from './onnx-patterns'
import type { TensorUse } from './tensor-stream'

export interface OnnxGraph {
  nodes: OnnxNode[]
  /** Names of its inputs; initializers may be among them. */
  inputs: string[]
  /** TensorProto of each initializer, by its name. */
  constants: Map<string, ByteSource>
}

/** Of one constant, one after another. */
const MOST_IDENTITIES = 8

/**
 * The steps from the graph's one input to its last weight and what follows it, or why there are none. `weight` gives the tensor behind a
 * name, `few` the numbers of a small constant.
 */
export function onnxChain(
  { nodes, inputs, constants }: OnnxGraph,
  uses: ReadonlyMap<string, TensorUse>,
  weight: (name: string) => string | undefined,
  few: (bytes: ByteSource) => number[] | undefined,
): ModelChain {
  const data = inputs.filter((name) => !constants.has(name))
  if (data.length !== 1) return { broken: `its graph has ${data.length} inputs` }
  const takers = new Map<string, OnnxNode[]>()
  const makers = new Map<string, OnnxNode>()
  for (const node of nodes) {
    for (const name of node.outputs) makers.set(name, node)
    // the size of a signal is asked for without changing it
    if (node.operator !== 'Shape')
      for (const name of new Set(node.inputs)) {
        const others = takers.get(name)
        // Trap: a stranger's graph may have half a million takers of one name
        if (others) others.push(node)
        else takers.set(name, [node])
      }
  }
  const numbers = (given: string): number[] | undefined => {
    let name = given
    let maker = makers.get(name)
    for (let i = 0; i < MOST_IDENTITIES && maker?.operator === 'Identity'; i++) {
      name = maker.inputs[0]
      maker = makers.get(name)
    }
    const bytes = constants.get(name) ?? maker?.tensors.get('value')
    const real = maker?.reals.get('value_float')
    return bytes ? few(bytes) : real === undefined ? maker?.attributes.get('value_ints') : [real]
  }
  const operands = { makers, numbers, weight, role: (name: string) => uses.get(name)?.role }
  return follow(data[0], takers, operands, nodes)
}

function follow(
  from: string,
  takers: ReadonlyMap<string, OnnxNode[]>,
  operands: Operands,
  nodes: readonly OnnxNode[],
): ModelChain {
  const steps: ModelStep[] = []
  const passed = new Set<string>()
  const places = new Map(nodes.map((node, i) => [node, i]))
  let at = from
  for (;;) {
    const next = takers.get(at) ?? []
    if (next.length === 0 || passed.has(at)) break
    passed.add(at)
    const fused = next.length > 1 ? fusedAt(at, nodes.slice(places.get(next[0])!), operands) : undefined
    const [node] = next
    const done = fused ?? (next.length === 1 ? operatorSteps(node, at, steps, operands) : undefined)
    if (done === undefined) {
      // what follows the last weight, as a softmax or a choice, is no part of the chain
      const rest = nodes.slice(places.get(node))
      if (!rest.some(({ inputs }) => inputs.some((name) => isWeight(name, operands)))) break
      const some = next.slice(0, 3).map(({ operator }) => `'${printable(operator.slice(0, 60))}'`)
      const names = `${some.join(' and ')}${next.length > 3 ? ` and ${next.length - 3} more` : ''}`
      return { broken: `its graph is no chain that is known: ${names} at '${printable(at.slice(0, 200))}'` }
    }
    steps.push(...done.steps)
    at = done.output
  }
  return steps.some(({ kind }) => kind === 'weights') ? { steps } : { broken: 'its graph takes no weight' }
}

function isWeight(name: string, { weight, role }: Operands): boolean {
  const own = weight(name)
  return own !== undefined && role(own) !== undefined && role(own) !== 'vector'
}
