/** The layers of a TensorFlow.js model one after another, as model.json has them beside the weights. */

import { printable } from './format-error'
import type { ModelChain, ModelStep } from './model-step'
import type { TensorUse } from './tensor-stream'
import { layerSteps } from './tfjs-layers'

/** A layer's class and what it is made with, both a stranger's. */
export interface TfjsLayer {
  kind: string
  name: string
  config: Readonly<Record<string, unknown>>
}

/** What the layers say: their order, and how each weight is used. */
export interface TfjsTopology {
  chain?: ModelChain
  uses?: Map<string, TensorUse>
}

type Json = Readonly<Record<string, unknown>>

/** Models within models that are followed. */
const MOST_NESTED = 8

/** Of the text of a model.json that has been read once: nothing of the topology is refused, what is not known makes no chain. */
export function tfjsTopology(text: string, weights: ReadonlySet<string>): TfjsTopology {
  const { modelTopology } = JSON.parse(text) as Json
  const topology = record(modelTopology)
  const model = topology.model_config === undefined ? topology : record(topology.model_config)
  if (model.class_name === undefined) return {}
  const found = chainOf(model, 0)
  if (typeof found === 'string') return { chain: { broken: found } }
  const steps: ModelStep[] = []
  const uses = new Map<string, TensorUse>()
  let unknown: string | null = null
  for (const layer of found) {
    const read = layerSteps(layer, (name) => weights.has(name))
    const own = read?.steps ?? []
    // what follows the last weight, as a softmax, is no part of the chain
    if (unknown !== null && own.some(({ kind }) => kind === 'weights')) return { chain: { broken: unknown }, uses }
    if (read === undefined) unknown ??= `its layer '${printable(layer.name)}', a ${printable(layer.kind)}, is not known`
    if (unknown === null) steps.push(...own)
    for (const [name, use] of read?.uses ?? []) uses.set(name, use)
  }
  const chain = steps.some(({ kind }) => kind === 'weights') ? { steps } : { broken: 'its layers take no weight' }
  return { chain, uses }
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

/** The layers of a model, those of models within it in their place; or why they are no chain. */
function chainOf(model: Json, nested: number): TfjsLayer[] | string {
  const config = Array.isArray(model.config) ? { layers: model.config } : record(model.config)
  const sequential = model.class_name === 'Sequential'
  if (!sequential && model.class_name !== 'Model' && model.class_name !== 'Functional')
    return `it is a ${printable(String(model.class_name).slice(0, 60))}`
  if (!Array.isArray(config.layers) || nested > MOST_NESTED) return 'its layers are not listed'
  const found: TfjsLayer[] = []
  let before: string | null = null
  for (const value of config.layers) {
    const layer = record(value)
    const own = record(layer.config)
    const name = String(layer.name ?? own.name).slice(0, 200)
    if (!sequential && before !== null && inboundOf(layer) !== before)
      return `its layer '${printable(name)}' takes other than what the one before gives`
    before = name
    const inner = own.layers === undefined ? null : chainOf(layer, nested + 1)
    if (typeof inner === 'string') return inner
    found.push(...(inner ?? [{ kind: String(layer.class_name).slice(0, 60), name, config: own }]))
  }
  return found
}

/** The one layer whose outputs a layer takes, and takes once. */
function inboundOf({ inbound_nodes: nodes }: Json): unknown {
  const once = Array.isArray(nodes) && nodes.length === 1 ? nodes[0] : null
  return Array.isArray(once) && once.length === 1 && Array.isArray(once[0]) ? once[0][0] : undefined
}
