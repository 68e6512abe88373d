import type { Environment } from './environment'
import type { FullRow, Summary } from './rows'
import { ceilingText, environmentText, figure, percent, times } from './text'

/** What follows this heading is written by hand and kept. */
const BY_HAND = '## What is slower, and why'

/** bench/RESULTS.md of one run; `before` is the present file, for what was written by hand. */
export function resultsMarkdown(
  environment: Environment,
  ceiling: Summary,
  rows: readonly FullRow[],
  before: string,
): string {
  const names = [...new Set(rows.map((row) => row.name))]
  const kept = before.indexOf(BY_HAND)
  const head = [
    '# Results of the bench',
    "Written by `npm run bench -- --write`. Values are medians over all samples; +- is how far the medians of the rounds lie apart. A peer's column holds its own value, and how many times as fast evenkeel is: below 1 it is slower. These ratios, and those to the ceiling, are medians over visits: in one visit all do the same work one after the other, so that a machine that drifts drifts for all. Of visits before or after which the register-only loop ran below 0.9 of its best, somebody else had the core's other half: they are left out where quiet ones remain (column quiet).",
    environmentText(environment)
      .split('\n')
      .map((line) => `- ${line}`)
      .join('\n'),
    `${ceilingText(ceiling)}.`,
  ]
  const tables = names.map((name) => `## ${name}\n\n${table(rows.filter((row) => row.name === name))}`)
  const rest = kept < 0 ? `${BY_HAND}\n` : before.slice(kept)
  return [...head, ...tables, slower(rows), rest].join('\n\n')
}

function table(rows: readonly FullRow[]): string {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))]
  const bounded = rows.some((row) => row.ratios.ceiling !== undefined)
  const header = [
    'case',
    `evenkeel, ${rows[0].unit}`,
    'best',
    '+-',
    'quiet',
    ...(bounded ? ['of the ceiling'] : []),
    ...peers,
  ]
  const body = rows.map((row) => [
    row.case,
    figure(row.value),
    figure(row.best),
    percent(row.spread),
    `${row.quiet} of ${row.visits}`,
    ...(bounded ? [row.ratios.ceiling?.toFixed(2) ?? ''] : []),
    ...peers.map((peer) => (row.peers[peer] ? `${figure(row.peers[peer].value)} (${times(row.ratios[peer])})` : '')),
  ])
  return [header, header.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Every pair in which a peer is the faster, the worst first. */
function slower(rows: readonly FullRow[]): string {
  const pairs = rows.flatMap((row) =>
    Object.entries(row.ratios)
      .filter(([name, ratio]) => name !== 'ceiling' && ratio < 1)
      .map(([name, ratio]) => ({ row, name, ratio })),
  )
  const lines = pairs
    .sort((a, b) => a.ratio - b.ratio)
    .map(({ row, name, ratio }) => `- ${row.name} ${row.case}: ${times(ratio)} the speed of ${name}`)
  return `## Slower than a peer\n\n${lines.join('\n') || 'Nothing.'}`
}
