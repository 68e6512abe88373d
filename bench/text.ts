import type { Environment } from './environment'
import type { FullRow, Summary } from './rows'
import { ceilingSpeed } from './rows'

/** The environment, a fact a line. */
export function environmentText(e: Environment): string {
  return [
    `${e.date}, commit ${e.commit}`,
    `${e.cpu}, ${e.os}`,
    `Node ${e.node}, V8 ${e.v8}, one thread${e.wide ? ', wide mode: evenkeel and the peers named wide with the revectorizer' : ''}`,
    ...Object.entries(e.peers).map(([name, version]) => `${name}: ${version}`),
    ...Object.entries(e.missing).map(([name, reason]) => `${name}: not measured, ${reason}`),
  ].join('\n')
}

export function ceilingText(ceiling: Summary): string {
  const [median, best] = [ceiling.median, ceiling.least].map((seconds) => ceilingSpeed(seconds).toFixed(1))
  return `Ceiling, f32 mul + add in 128-bit registers: median ${median} GFLOP/s, best ${best}, rounds differ by ${percent(ceiling.spread)}`
}

/** One row in one line: median, best, spread, then how many times as fast as the ceiling and each peer. */
export function rowText(row: FullRow): string {
  const value = `${figure(row.value)} ${row.unit}`
  const own = `${row.name.padEnd(10)} ${row.case.padEnd(30)} ${value.padStart(19)}`
  const steadiness = `  best ${figure(row.best).padEnd(6)} spread ${percent(row.spread).padEnd(5)} quiet ${row.quiet}/${row.visits} `
  const ratios = Object.entries(row.ratios).map(([name, ratio]) => `${name} ${times(ratio)}`)
  return `${own}${steadiness} ${ratios.join(' · ')}`
}

/** Three significant digits. */
export function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

export function times(ratio: number): string {
  return `${ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)}x`
}

export function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`
}
