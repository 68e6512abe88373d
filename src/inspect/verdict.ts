/** The verdict on a model's weights: the first fault that matters, with its cause and its fix. */

import { activation as resolve } from '../activations/resolve'
import type { Verdict } from '../network/result'
import { activationTitle, layerKurtosis } from '../report/cause'
import { factor, plain, short } from '../report/number-text'
import type { LayerReport } from './chain-report'
import { faultText } from './fault-text'
import type { Findings, TensorReport } from './inspection'
import type { Fault } from './judge'

/** Worst first; what only a deep chain suffers from comes after the chain has been followed. */
const FIRST: readonly Fault[] = ['not-finite', 'zeros', 'constant', 'dead-rows', 'duplicate']

/** The codes that fail a check: all but those that say that nothing is wrong, or nothing can be said. */
export function isAccused({ code }: Verdict): boolean {
  return code !== 'stable' && code !== 'no-recipe'
}

/**
 * 'not-finite', 'zeros', 'constant', 'dead-rows', 'duplicate': values that no initializer means;
 * a recipe's mistake ('fans-swapped', 'truncation-uncorrected', ...); 'forward-' or 'backward-' with 'vanishing' or 'exploding': the deeper half of the chain
 * changes the second moment by more than a factor e; 'gain-missing', where no chain was followed; 'no-recipe': nothing wrong, but no chain and no weight of a recipe; 'stable'.
 */
export function inspectVerdict(found: Findings): Verdict {
  const { tensors } = found
  const mistakes = [...new Set(tensors.flatMap(({ faults }) => faults))].filter((fault) => fault !== 'gain-missing')
  const ordered = [...FIRST, ...mistakes.filter((fault) => !FIRST.includes(fault))]
  for (const fault of ordered) {
    const accused = tensors.filter(({ faults }) => faults.includes(fault))
    if (accused.length) return ofFault(fault, accused, found)
  }
  const gainless = tensors.filter(({ faults }) => faults.includes('gain-missing'))
  // a chain that is even needs no gain, as after LSUV, whose first layer takes inputs of mean square 1
  const moot = gainless.length === 0 || found.chain.layers.length > 1
  return unstable(found) ?? (moot ? sound(found) : ofFault('gain-missing', gainless, found))
}

function ofFault(fault: Fault, accused: readonly TensorReport[], found: Findings): Verdict {
  const { text, fix } = faultText(accused[0], fault, found.activation)
  const more = accused.length - 1
  const others =
    more === 0 ? '' : ` So ${more === 1 ? 'is one other tensor' : `are ${more} others`}: ${listed(accused.slice(1))}.`
  return { code: fault, text: `${text}${others}`, fix }
}

function listed(tensors: readonly TensorReport[]): string {
  const names = tensors.slice(0, 3).map(({ name }) => `'${name}'`)
  return tensors.length > 3 ? `${names.join(', ')} and so on` : names.join(', ')
}

/** The way of a quantity along the chain: ln of it at each place, and which layer has a step's fault. */
interface Way {
  what: string
  code: 'forward' | 'backward'
  logs: number[]
  /** The layer that makes step i. */
  layers: readonly LayerReport[]
}

function unstable({ chain, activation }: Findings): Verdict | undefined {
  const { layers, input } = chain
  if (layers.length < 2) return undefined
  const up = (pick: (layer: LayerReport) => number) => [
    Math.log(input.secondMoment),
    ...layers.map((l) => Math.log(pick(l))),
  ]
  // the sum over units, all positions of them, is what a layer multiplies by chi
  const down = (pick: (layer: LayerReport) => number) => [...layers].reverse().map((l) => Math.log(pick(l)))
  const forward = { what: 'The second moment', code: 'forward', layers } as const
  const backward = {
    what: "The gradient's second moment",
    code: 'backward',
    layers: [...layers].reverse().slice(0, -1),
  } as const
  const [told, seen] = (['predicted', 'measured'] as const).map((key) => layers.every((layer) => layer[key] !== null))
  const kurtosis = layerKurtosis(activation)
  const spread = 4 * Math.sqrt(layers.reduce((sum, { outputs }) => sum + kurtosis / outputs, 0))
  const ways: [Omit<Way, 'logs'>, number[] | null, number[] | null][] = [
    [forward, told ? up((l) => l.predicted!.secondMoment) : null, seen ? up((l) => l.measured!.secondMoment) : null],
    [
      backward,
      told ? down((l) => l.outputs * l.positions * l.predicted!.gradient) : null,
      seen ? down((l) => l.size!.reduce((a, b) => a * b, l.measured!.gradient)) : null,
    ],
  ]
  for (const [way, theory, measured] of ways) {
    const found =
      (theory && broken({ ...way, logs: theory }, activation)) ??
      (measured && beyond(theory, measured, spread) ? broken({ ...way, logs: measured }, activation) : undefined)
    if (found) return found
  }
  return undefined
}

/** Whether what is measured is away from theory, or without one from an even signal, by more than the width's own scatter. */
function beyond(theory: number[] | null, measured: number[], spread: number): boolean {
  const expected = theory === null ? 0 : lateChange(theory)
  return Math.abs(lateChange(measured) - expected) > spread || measured.some((log) => !Number.isFinite(log))
}

function lateChange(logs: readonly number[]): number {
  return logs[logs.length - 1] - logs[Math.floor((logs.length - 1) / 2)]
}

function broken({ what, code, logs, layers }: Way, activation: string): Verdict | undefined {
  const change = lateChange(logs)
  const half = Math.floor((logs.length - 1) / 2)
  // few weights scatter: a chain of right ones must not be accused for it
  const scatter = Math.sqrt(layers.slice(half).reduce((sum, { logError }) => sum + logError ** 2, 0))
  if (Math.abs(change) <= 1 + 4 * scatter) return undefined
  const steps = logs.slice(1).map((log, i) => log - logs[i])
  const perLayer = Math.exp(change / (logs.length - 1 - half))
  const worst = steps.reduce((w, step, i) => ((change > 0 ? step > steps[w] : step < steps[w]) ? i : w), half)
  const layer = layers[worst]
  const total = Math.exp(logs[logs.length - 1] - logs[0])
  const verb = change > 0 ? 'grows' : 'shrinks'
  const gain = resolve(activation).gain
  const wanted =
    gain === null ? '' : `: variance ${plain(gain ** 2)}/fanIn, sigma ${short(gain / Math.sqrt(layer.fanIn), 4)}`
  return {
    code: `${code}-${change > 0 ? 'exploding' : 'vanishing'}`,
    text: `${what} is multiplied by ${factor(perLayer)} per layer in the deeper half (${short(total)} over the chain); it ${verb} most at '${layer.name}', whose weights have variance ${plain(layer.weightScale)}/fanIn under ${activationTitle(activation)}.`,
    fix: `Rescale '${layer.name}' and those like it to what keeps the second moment${wanted}; --rescale analytic does it, --fix he-normal draws anew.`,
  }
}

function sound({ tensors, chain }: Findings): Verdict {
  const weights = tensors.filter(({ layout }) => layout !== null)
  const named = weights.filter(({ recipe }) => recipe !== null)
  const recipes = [...new Set(named.map(({ recipe }) => recipe!.names[0]))]
  const which = recipes.length
    ? `${named.length} of ${weights.length} weights follow ${recipes.slice(0, 3).join(', ')}${recipes.length > 3 ? ' and others' : ''}`
    : `no recipe fits any of ${weights.length} weights: trained or custom`
  if (chain.layers.length < 2 && recipes.length === 0)
    return { code: 'no-recipe', text: `${sentence(which)}.`, fix: '' }
  if (chain.layers.length < 2)
    return { code: 'stable', text: `No fault found: ${which}; no chain of layers was followed.`, fix: '' }
  const last = chain.layers[chain.layers.length - 1]
  const signal = last.measured ?? last.predicted
  if (signal === null)
    return { code: 'stable', text: `No fault found: ${which}; a chain with norms is followed with a batch.`, fix: '' }
  return {
    code: 'stable',
    text: `The second moment stays even: ${short(signal.secondMoment / chain.input.secondMoment)} of the input's at '${last.name}'; ${which}.`,
    fix: '',
  }
}

function sentence(text: string): string {
  return text[0].toUpperCase() + text.slice(1)
}
