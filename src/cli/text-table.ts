/** Tables of text that fit the terminal: numbers at the right, columns that do not fit in a table below. */

import Table from 'cli-table3'
import type { Table as TableData } from '../report/table'
import type { Terminal } from './terminal'

const GAP = 2
const NO_BORDERS = Object.fromEntries(
  ['top', 'bottom', 'mid', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
)

/** The table under its title, cut into several if its columns are wider than the terminal. */
export function textTable(table: TableData, terminal: Terminal): string {
  const blocks = columnGroups(table, terminal.columns).map((columns) => block(table, columns, terminal))
  return `${terminal.style('bold', table.title)}\n${blocks.join('\n\n')}`
}

function block({ head, rows }: TableData, columns: readonly number[], terminal: Terminal): string {
  const table = new Table({
    chars: { ...NO_BORDERS, middle: ' '.repeat(GAP), 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(() => 'right'),
  })
  table.push(columns.map((i) => terminal.style('dim', head[i])))
  for (const row of rows) table.push(columns.map((i) => row[i]))
  return table.toString()
}

/** Groups of columns that fit, each led by column 0. */
function columnGroups({ head, rows }: TableData, width: number): number[][] {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)))
  const groups: number[][] = []
  let used = Number.POSITIVE_INFINITY
  for (let i = 1; i < head.length; i++) {
    if (used + GAP + widths[i] > width) {
      groups.push([0])
      used = widths[0]
    }
    groups[groups.length - 1].push(i)
    used += GAP + widths[i]
  }
  return groups.length ? groups : [[0]]
}
