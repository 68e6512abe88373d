/** All tensors together: each judged, those of one seed found, and the chain of layers followed. */

import type { Activation } from '../activations/activation'
import { oneOf, wrongKind, wrongValue } from '../check'
import { type Chain, chainOf } from './chain'
import { type ChainReport, chainReport } from './chain-report'
import { duplicates } from './duplicates'
import { judge, type TensorJudgement } from './judge'
import type { ModelValues } from './measure-chain'
import { checkInspectOptions, type InspectOptions } from './options'
import type { TensorSummary } from './summary'
import type { TensorRole } from './tensor'

/** One tensor: what it is and what its values say. */
export interface TensorReport extends Omit<TensorJudgement, 'fans'> {
  name: string
  shape: number[]
  dtype: string
  role: TensorRole
  layout: string | null
  groups: number
  transposed: boolean
  /** How role, layout and groups are known, in words. */
  why: string
  fanIn: number | null
  fanOut: number | null
  nans: number
  infinities: number
  /** An earlier tensor with the same draws. */
  duplicateOf: string | null
}

export interface Findings {
  activation: string
  tensors: TensorReport[]
  chain: ChainReport
}

/** The chance that a model of right recipes is accused, shared out over its weights. */
const FALSE_ALARM = 0.001
/** The findings of tensors that have been read; `values` gives those of a layer of the chain, and is asked only for a batch. */
export function findings(summaries: readonly TensorSummary[], options: InspectOptions, values: ModelValues): Findings {
  const { activation } = checkInspectOptions(options)
  const { judgements, chain } = judgedChain(summaries, options, activation)
  const twins = duplicates(summaries)
  const tensors = summaries.map((summary, i) => tensorReport(summary, judgements[i], twins[i]))
  return { activation: activation.name, tensors, chain: chainReport(chain, activation, options, values) }
}

/** Every tensor's judgement, and the chain: which of its layers is the last tells which weights an activation follows. */
export function judgedChain(
  summaries: readonly TensorSummary[],
  { layers: names, steps }: Pick<InspectOptions, 'layers' | 'steps'>,
  activation: Activation,
): { judgements: TensorJudgement[]; chain: Chain } {
  const weights = summaries.filter(({ reading }) => reading.layout !== null).length
  const level = FALSE_ALARM / Math.max(1, weights)
  const judged = (hidden: (name: string) => boolean) =>
    summaries.map((summary) => judge(summary, activation, hidden(summary.facts.name), level))
  const first = judged(() => true)
  const weightSteps = steps?.filter((step) => step.kind === 'weights')
  if (names !== undefined) checkNames('layers', names, summaries, first)
  if (weightSteps !== undefined) {
    const named = weightSteps.map(({ name }) => name)
    checkNames('steps', named, summaries, first)
  }
  const chain = chainOf(summaries, first, names ?? weightSteps)
  const last = chain.layers[chain.layers.length - 1]?.name
  // a single weight may be of any layer
  if (chain.layers.length < 2) return { judgements: first, chain }
  const output = summaries.findIndex(({ facts }) => facts.name === last)
  return { judgements: first.map((j, i) => (i === output ? judge(summaries[i], activation, false, level) : j)), chain }
}

function checkNames(
  option: 'layers' | 'steps',
  names: readonly string[],
  summaries: readonly TensorSummary[],
  judgements: readonly TensorJudgement[],
): void {
  if (!Array.isArray(names)) wrongKind('inspect', 'layers', 'an array of names', names)
  const weights = summaries.filter(({ reading }, i) => judgements[i].fans !== null && isLayer(reading.role))
  const known = weights.map(({ facts }) => facts.name)
  if (names.length === 0) wrongValue('inspect', 'layers', 'at least one name', names)
  names.forEach((name, i) => {
    oneOf('inspect', `${option}[${i}]`, name, known)
  })
}

function isLayer(role: TensorRole): boolean {
  return role === 'dense' || role === 'conv'
}

function tensorReport(summary: TensorSummary, judgement: TensorJudgement, twin: string | null): TensorReport {
  const { facts, reading, statistics, dtype } = summary
  const { fans, faults, ...found } = judgement
  const regular = ['zeros', 'constant', 'identity'].includes(found.distribution)
  return {
    ...{ name: facts.name, shape: [...facts.shape], dtype, ...reading },
    ...{ fanIn: fans?.fanIn ?? null, fanOut: fans?.fanOut ?? null },
    ...found,
    faults: twin === null || regular ? faults : [...faults, 'duplicate'],
    ...{ nans: statistics.nans, infinities: statistics.infinities, duplicateOf: regular ? null : twin },
  }
}
