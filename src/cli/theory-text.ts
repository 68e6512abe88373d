/** What `evenkeel theory` prints: numbers with their names, then what they mean. */

import type { Theory } from '../index'
import { plain } from '../report/number-text'
import type { Table } from '../report/table'
import type { CriticalLinePoint, DepthScales } from '../theory'
import { wrap } from './line-wrap'
import type { Terminal } from './terminal'

type Row = [name: string, value: number | string, meaning: string]

export function theoryText(found: Theory, io: Terminal): string {
  const title = `${found.activation}: <.> is the mean over z ~ N(0, q), q = ${plain(found.q)}; ${varianceText(found)}`
  return [
    io.style('bold', title),
    ...rowLines(
      [
        ['gain', found.gain, '1/sqrt<f²> at q = 1: keeps the second moment'],
        ['mean', found.mean, '<f>'],
        ['second moment', found.secondMoment, '<f²>'],
        ['derivative', found.derivativeSecondMoment, "<f'²>"],
        ['chi', found.chi, "factor of the gradient's second moment per layer"],
        ['q-slope', found.qSlope, 'factor of an error in q per layer'],
        ['stability', found.stability, ''],
        ['critical point', criticalText(found.criticalPoint), ''],
      ],
      io,
    ),
    '',
    ...wrap(found.note, io.columns),
  ].join('\n')
}

/** Where deep networks end up, whatever q the numbers above are at. */
export function settledText(scales: DepthScales, variances: Pick<Theory, 'sigmaW2' | 'sigmaB2'>, io: Terminal): string {
  return [
    io.style('bold', `Deep networks of it; ${varianceText(variances)}`),
    ...rowLines(
      [
        ['q*', scales.q, 'where their variance settles, from inputs of second moment 1'],
        ['chi at q*', scales.chi, "factor of the gradient's second moment per layer"],
        ['c*', scales.cosine, 'where the cosine of two inputs settles'],
        ['xi_q', scales.xiQ, 'layers by which an error in q shrinks by e'],
        ['xi_c', scales.xiC, 'layers by which the cosine nears c* by e'],
        ['gradient scale', scales.xiGradient, 'layers by which the gradient grows by e; negative: shrinks'],
      ],
      io,
    ),
  ].join('\n')
}

export function criticalTable(activation: string, line: readonly (CriticalLinePoint | null)[]): Table {
  return {
    title: `Critical line of ${activation}: chi = 1, gradients keep their size at any depth`,
    head: ['sigma_b²', 'sigma_w²', 'q*', 'q-slope', '1 - c over l layers'],
    rows: line
      .filter((point) => point !== null)
      .map(({ q, sigmaW2, sigmaB2, qSlope, decay }) => [
        plain(sigmaB2),
        sigmaW2.toPrecision(12),
        q.toPrecision(8),
        qSlope.toPrecision(6),
        decay === null ? '-' : `${decay.toPrecision(6)}/l`,
      ]),
  }
}

function rowLines(rows: readonly Row[], io: Terminal): string[] {
  return rows.map(([name, value, meaning]) => {
    const shown = typeof value === 'number' ? digits(value).padEnd(20) : value
    return `  ${name.padEnd(15)} ${shown}${io.style('dim', meaning)}`.trimEnd()
  })
}

// an odd function's mean comes out of the quadrature as 1e-17
function digits(value: number): string {
  if (Number.isNaN(value)) return '-'
  if (!Number.isFinite(value)) return 'infinite'
  return (Math.abs(value) < 1e-15 ? 0 : value).toPrecision(12)
}

function varianceText({ sigmaW2, sigmaB2 }: Pick<Theory, 'sigmaW2' | 'sigmaB2'>): string {
  const bias = sigmaB2 === 0 ? '' : `, biases of variance ${plain(sigmaB2)}`
  return `weights of variance ${plain(sigmaW2)}/fan_in${bias}`
}

function criticalText(point: Theory['criticalPoint']): string {
  return point === null ? 'none' : `${varianceText(point)}, q = ${plain(point.q)}`
}
