/** The spectrum of the input-output Jacobian as numbers to read and as tables of text. */

import type { Estimate, Experiment, JacobianResult } from '../network/result'
import { short } from './number-text'
import { quantile } from './seed-statistics'
import type { Table } from './table'

/** What the singular values of all seeds say together. Float32 resolves, of the largest of a seed, 2^-23 times the longer side of J. */
export interface SpectrumSummary {
  greatest: number
  least: number
  /** Linear between the values. */
  quantiles: { share: number; value: number }[]
  /** How many float32 resolves, seed by seed: as NumPy's matrix_rank has it. */
  ranks: number[]
  /** The greatest over the least, seed by seed; null where float32 does not resolve the least. */
  conditionNumbers: (number | null)[]
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95]

/** Null where the Jacobian was not formed. */
export function spectrumSummary({ jacobian }: Pick<Experiment, 'jacobian'>): SpectrumSummary | null {
  if (jacobian?.singularValues === undefined) return null
  const all = jacobian.singularValues.flat().sort((a, b) => a - b)
  const longer = Math.max(jacobian.inputs, jacobian.outputs)
  const seeds = jacobian.singularValues.map((values) => {
    const resolved = values.filter((value) => value > values[0] * 2 ** -23 * longer)
    const last = values.length - 1
    return { rank: resolved.length, condition: resolved.length > last ? values[0] / values[last] : null }
  })
  return {
    greatest: all[all.length - 1],
    least: all[0],
    quantiles: SHARES.map((share) => ({ share, value: quantile(all, share) })),
    ranks: seeds.map(({ rank }) => rank),
    conditionNumbers: seeds.map(({ condition }) => condition),
  }
}

/** The experiment with what its singular values say together beside them. */
export function withSpectrum<E extends Pick<Experiment, 'jacobian'>>(experiment: E): E {
  const spectrum = spectrumSummary(experiment)
  return spectrum ? { ...experiment, jacobian: { ...experiment.jacobian, spectrum } } : experiment
}

/** The moments with their standard errors beside theory, and the singular values where there are any; none where nothing was asked for. */
export function jacobianTables(experiment: Pick<Experiment, 'jacobian'>): Table[] {
  const { jacobian } = experiment
  if (jacobian === undefined) return []
  const { probes, m1, m2, spread, theory } = jacobian
  const moments: Table = {
    title: 'Jacobian: moments of the spectrum of J Jᵀ',
    head: ['', probes > 0 ? 'probed' : 'exact', 'standard error', 'theory'],
    rows: [
      row('m1', m1, theory?.m1),
      row('m2', m2, theory?.spread == null ? undefined : theory.spread * theory.m1 ** 2),
      row('m2/m1²', { value: spread, standardError: null }, theory?.spread ?? undefined),
    ],
  }
  const summary = spectrumSummary(experiment)
  return summary ? [moments, spectrumTable(summary, jacobian)] : [moments]
}

function row(name: string, { value, standardError }: Estimate, wanted: number | undefined): string[] {
  const error = standardError === null ? '-' : short(standardError)
  return [name, short(value, 3), error, wanted === undefined ? '-' : short(wanted, 3)]
}

function spectrumTable(summary: SpectrumSummary, { inputs, outputs }: JacobianResult): Table {
  const { greatest, least, quantiles, ranks, conditionNumbers } = summary
  const sorted = conditionNumbers.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
  const condition = sorted[sorted.length >> 1]
  const [from, to] = [Math.min(...ranks), Math.max(...ranks)]
  const most = Math.min(inputs, outputs)
  return {
    title: 'Jacobian: singular values of J',
    head: ['', 'exact'],
    rows: [
      ['greatest', short(greatest, 3)],
      ...[...quantiles].reverse().map(({ share, value }) => [`${100 * share} % are below`, short(value, 3)]),
      ['least', short(least, 3)],
      ['condition number', Number.isFinite(condition) ? short(condition, 3) : 'beyond float32'],
      ['rank', `${from === to ? from : `${from} to ${to}`} of ${most}`],
    ],
  }
}
