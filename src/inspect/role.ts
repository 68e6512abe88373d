/** What a tensor is for and what its axes are, as declared or as its name, its shape and the habits of its format tell. */

import type { TensorFacts, TensorRole } from './tensor'

/** The habit of a file's framework: PyTorch and the formats that hold its models, or TensorFlow's. */
export type Convention = 'out-in' | 'in-out'

export interface Reading {
  role: TensorRole
  /** Null for a tensor without fans. */
  layout: string | null
  groups: number
  transposed: boolean
  /** Why: 'declared', or what it was inferred from, in words. */
  why: string
}

const EMBEDDING = /(^|[._/])(\w*embed\w*|wte|wpe|tok_embeddings?)([._/]|$)/i
const RECURRENT = /weight_(ih|hh)_l\d|recurrent_kernel/i
const TRANSPOSED = /transpose|deconv|upconv|convt(?![a-z])/i
const DEPTHWISE = /depthwise|dwconv|(^|[._/])dw([._/\d]|$)/i
const SPATIAL = ['', 'W', 'HW', 'DHW']

/** The reading of a tensor; rank above 5 is left a vector, as it has no common reading. */
export function readTensor(facts: TensorFacts, convention: Convention): Reading {
  const { shape, name } = facts
  const declared: string[] = []
  const inferred: string[] = []
  const role = pick(facts.role, declared, 'role', () => inferRole(facts, inferred))
  const none = { role, layout: null, groups: 1, transposed: false }
  if (role === 'vector' || shape.length < 2) return { ...none, role: 'vector', why: because(declared, inferred) }
  const transposed = pick(facts.transposed, declared, 'transposed', () => {
    const says = role === 'conv' && TRANSPOSED.test(name)
    if (says) inferred.push('transposed from its name')
    return says
  })
  const layout = pick(facts.layout, declared, 'layout', () =>
    inferLayout(role, shape.length, convention, transposed, name, inferred),
  )
  const groups = pick(facts.groups, declared, 'groups', () => inferGroups(layout, facts, inferred))
  return { role, layout, groups, transposed, why: because(declared, inferred) }
}

function pick<T>(given: T | undefined, declared: string[], what: string, infer: () => T): T {
  if (given === undefined) return infer()
  declared.push(what)
  return given
}

function because(declared: readonly string[], inferred: readonly string[]): string {
  const said = declared.length ? [`${declared.join(', ')} declared`] : []
  return [...said, ...inferred].join('; ')
}

function inferRole({ name, shape, layout }: TensorFacts, inferred: string[]): TensorRole {
  const say = (role: TensorRole, why: string) => {
    inferred.push(`${role} from ${why}`)
    return role
  }
  if (shape.length < 2) return say('vector', `its ${shape.length === 1 ? 'one axis' : 'single value'}`)
  if (shape.length > 5) return say('vector', `its ${shape.length} axes, which have no common reading`)
  if (layout === 'EO' || layout === 'OE') return say('embedding', 'its layout')
  if (shape.length === 2 && EMBEDDING.test(name)) return say('embedding', 'its name')
  if (shape.length === 2 && RECURRENT.test(name)) return say('recurrent', 'its name')
  return shape.length === 2 ? say('dense', 'its two axes') : say('conv', `its ${shape.length} axes`)
}

function inferLayout(
  role: TensorRole,
  rank: number,
  convention: Convention,
  transposed: boolean,
  name: string,
  inferred: string[],
): string {
  const habit = convention === 'out-in' ? "PyTorch's habit" : "TensorFlow's habit"
  const say = (layout: string, why: string) => {
    inferred.push(`${layout} from ${why}`)
    return layout
  }
  if (role === 'embedding') return say('EO', 'a table of rows')
  const space = SPATIAL[rank - 2]
  if (convention === 'out-in') return say(transposed ? `IO${space}` : `OI${space}`, habit)
  if (DEPTHWISE.test(name) && rank > 2) return say(`${space}IM`, 'its name')
  return say(transposed ? `${space}OI` : `${space}IO`, habit)
}

function inferGroups(layout: string, { shape, name }: TensorFacts, inferred: string[]): number {
  if (layout.includes('M')) return shape[layout.indexOf('I')]
  const [inputs, outputs] = [shape[layout.indexOf('I')], shape[layout.indexOf('O')]]
  if (inputs !== 1 || outputs === 1 || !DEPTHWISE.test(name)) return 1
  inferred.push(`${outputs} groups from its name and its single input channel`)
  return outputs
}
