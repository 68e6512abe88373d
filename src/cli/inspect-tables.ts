/** An inspection as tables of text. */

import type { LayerReport } from '../inspect/chain-report'
import type { Inspection } from '../inspect/inspect'
import type { TensorReport } from '../inspect/inspection'
import type { LayerSignal } from '../inspect/predict-chain'
import { isAccused } from '../inspect/verdict'
import { printable } from '../io/format-error'
import { plain, short } from '../report/number-text'
import { layersShown, type Table } from '../report/table'
import { wrap } from './line-wrap'
import type { Terminal } from './terminal'

/** Tensors that are listed; a model has hundreds of vectors, of which those without a fault say nothing. */
const LISTED = 200

/** All layers of a chain that fits on a screen, else some. */
function shown(depth: number): number[] {
  return depth <= 24 ? Array.from({ length: depth }, (_, i) => i + 1) : layersShown(depth)
}

export function inspectionTables(inspection: Inspection): Table[] {
  const { tensors, chain } = inspection
  const listed = tensors.filter(({ layout, faults }) => layout !== null || faults.length > 0).slice(0, LISTED)
  const vectors = tensors.length - listed.length
  const title = `Weights${vectors > 0 ? `; ${vectors} other tensors are without a fault` : ''}`
  const weights: Table = {
    title,
    head: ['name', 'shape', 'role', 'fans', 'sigma', 'recipe', 'margin', 'note'],
    rows: listed.map(weightRow),
  }
  if (chain.layers.length === 0) return [weights]
  return [weights, chainTable(inspection)]
}

function weightRow(tensor: TensorReport): string[] {
  const { name, shape, role, layout, fanIn, fanOut, std, stdError, recipe } = tensor
  return [
    ...[name, shape.join('x'), layout === null ? role : `${role} ${layout}`],
    fanIn === null ? '-' : [fanIn, fanOut!].map((fan) => (Number.isInteger(fan) ? fan : plain(fan))).join('/'),
    Number.isFinite(std) ? `${short(std, 4)} ± ${short(stdError)}` : '-',
    ...[
      recipeText(tensor),
      recipe === null ? '-' : recipe.margin === null ? 'certain' : short(recipe.margin),
      noteText(tensor),
    ],
  ]
}

function recipeText({ recipe, distribution, faults }: TensorReport): string {
  if (recipe === null) return distribution
  const names = recipe.names.slice(0, 2).join(' = ')
  return faults.includes('gain-missing') || faults.length === 0 ? names : `${names}, wrongly`
}

function noteText({ faults, recipe, distribution, layout, duplicateOf }: TensorReport): string {
  if (faults.length)
    return faults.map((fault) => (fault === 'duplicate' ? `duplicate of ${duplicateOf}` : fault)).join(', ')
  if (recipe === null)
    return layout !== null && !['sparse', 'orthogonal'].includes(distribution)
      ? 'no recipe fits; trained or custom'
      : ''
  return recipe.orElse.length ? `or ${recipe.orElse.slice(0, 2).join(', ')}` : ''
}

function chainTable({ chain, activation }: Inspection): Table {
  const measured = chain.layers[0].measured !== null
  const value = (x: number | null) => (x === null ? '-' : short(x, 3))
  // theory does not follow every chain
  const told = chain.layers[0].predicted !== null
  const shownOf = ({ measured: found, predicted }: LayerReport) =>
    measured ? (told ? [found, predicted] : [found]) : [predicted]
  const beside = (layer: LayerReport, pick: (signal: LayerSignal) => number | null) =>
    shownOf(layer).map((signal) => value(signal && pick(signal)))
  const heads = ['mean of h²', 'cosine', 'gradient'].flatMap((head) => (measured && told ? [head, 'theory'] : [head]))
  const batch =
    chain.inputSize && chain.inputSize.length > 1 ? `samples of ${chain.inputSize.join(' x ')}` : 'the batch'
  const theory = `Signal under ${activation}: ${measured ? `measured with ${batch}, beside theory` : 'theory'} from the variances found`
  return {
    title: measured && !told ? `Signal measured with ${batch}, with the norms and pooling of the model` : theory,
    head: ['layer', 'name', 'fanIn Var(w)', ...heads],
    rows: shown(chain.layers.length).map((number) => {
      const layer = chain.layers[number - 1]
      return [
        ...[String(number), layer.name, short(layer.weightScale, 3)],
        ...beside(layer, ({ secondMoment }) => secondMoment),
        ...beside(layer, ({ cosine }) => cosine),
        ...beside(layer, ({ gradient }) => gradient),
      ]
    }),
  }
}

/** What was changed: sigma and recipe before and after, and the signal along the chain. */
export function changeTables(before: Inspection, after: Inspection, names: readonly string[]): Table[] {
  const find = ({ tensors }: Inspection, name: string) => tensors.find((tensor) => tensor.name === name)!
  const changed: Table = {
    title: `Changed ${names.length} of ${before.tensors.length} tensors`,
    head: ['name', 'sigma before', 'after', 'recipe before', 'after'],
    rows: names.map((name) => {
      const [from, to] = [find(before, name), find(after, name)]
      return [name, short(from.std, 4), short(to.std, 4), recipeText(from), recipeText(to)]
    }),
  }
  if (after.chain.layers.length === 0 || before.chain.layers.length !== after.chain.layers.length) return [changed]
  const signal = ({ measured, predicted }: LayerReport) => measured ?? predicted
  const layers: Table = {
    title: 'Mean of h² and gradient along the chain',
    head: ['layer', 'h² before', 'after', 'gradient before', 'after'],
    rows: shown(after.chain.layers.length).map((number) => {
      const [from, to] = [before, after].map(({ chain }) => signal(chain.layers[number - 1]))
      return [
        String(number),
        ...[from?.secondMoment, to?.secondMoment, from?.gradient, to?.gradient].map((x) =>
          x === undefined ? '-' : short(x, 3),
        ),
      ]
    }),
  }
  return [changed, layers]
}

export function verdictLines({ verdict }: Inspection, io: Terminal): string {
  const head = io.style(isAccused(verdict) ? 'red' : 'green', verdict.code)
  const body = [verdict.text, verdict.fix && `Fix: ${verdict.fix}`].filter(Boolean)
  return [head, ...body.flatMap((text) => wrap(text, io.columns - 2).map((line) => `  ${line}`))].join('\n')
}

/** The same with every name of a stranger's file made printable. */
export function forTerminal<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T
  if (Array.isArray(value)) return value.map(forTerminal) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forTerminal(item)])) as T
}
