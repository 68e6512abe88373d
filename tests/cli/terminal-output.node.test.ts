import { expect, test } from 'vitest'
import type { Panel, Series } from '../../src/charts/panel'
import { wrap } from '../../src/cli/line-wrap'
import { matrixText } from '../../src/cli/matrix-text'
import { picture } from '../../src/cli/picture'
import { duration } from '../../src/cli/progress'
import { standardError } from '../../src/cli/sample-check'
import { type Host, terminal } from '../../src/cli/terminal'
import { textTable } from '../../src/cli/text-table'

function plainTerminal(columns: number, more: { isTTY?: boolean; NO_COLOR?: string; TERM?: string } = {}) {
  const { isTTY = false, ...env } = more
  const host = { stdout: { columns, isTTY }, stderr: {}, env } as unknown as Host
  return terminal(host, { color: true })
}

function powers(label: string, factor: number, count: number): Series {
  const points = Array.from({ length: count }, (_, i) => ({ x: i + 1, y: factor ** (i + 1) }))
  return { label, points, theory: [], band: [] }
}

const panel = (...series: Series[]): Panel => ({ title: 'Forward', yLabel: 'h²', xLabel: 'layer', series })

test('no line of a table or a picture is wider than the terminal, at 60, 80 and 120 columns', () => {
  const names = ['he-normal', 'xavier-normal', 'xavier-simple', 'truncated-kaiming-normal', 'normal:0.0123']
  const table = { title: 'T', head: ['layer', ...names], rows: [['1', ...names.map(() => '8.04e-10 (9.31e-10)')]] }
  for (const columns of [60, 80, 120]) {
    const io = plainTerminal(columns)
    const shown = [textTable(table, io), picture(panel(powers('a', 1, 50), powers('b', 0.5, 50)), io)].join('\n')
    for (const line of shown.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(columns)
  }
})

test('a table cut in two repeats its first column and loses no cell', () => {
  const head = ['layer', ...'abcdefgh'].map((name) => name.padStart(12, '.'))
  const text = textTable({ title: 'T', head, rows: [head.map((_, i) => `cell${i}`)] }, plainTerminal(60))
  for (let i = 0; i < head.length; i++) expect(text.split(`cell${i}`).length - 1).toBe(i === 0 ? 3 : 1)
})

test('the picture shows as many symbols as there are series, also where two are equal, and its ticks in powers of ten', () => {
  const text = picture(panel(powers('one', 1, 50), powers('two', 0.5, 50), powers('three', 0.5, 50)), plainTerminal(80))
  const graph = text.split('\n').slice(1, -1).join('\n')
  for (const symbol of ['●', '■', '▲']) expect(graph.split(symbol).length - 1).toBeGreaterThan(8)
  expect(text).toContain('10⁻¹⁵┤')
  expect(text).toMatch(/● one {3}■ two {3}▲ three$/)
})

test('values of 1 show the ticks 10⁻¹, 1 and 10¹ whole, and a long legend takes more lines', () => {
  const names = ['he-normal', 'he-uniform', 'truncated-kaiming-normal', 'kaiming-uniform', 'normal:0.0883883']
  const lines = picture(panel(...names.map((name) => powers(name, 1, 50))), plainTerminal(60)).split('\n')
  for (const tick of ['10¹', '1', '10⁻¹'])
    expect(
      lines.some((line) => line.trimStart().startsWith(`${tick}┤`)),
      tick,
    ).toBe(true)
  expect(lines.slice(-2).join('   ')).toBe(
    '● he-normal   ■ he-uniform   ▲ truncated-kaiming-normal   ◆ kaiming-uniform   + normal:0.0883883',
  )
})

test('2^-l goes down: the row of each of its symbols is below the one before it', () => {
  const lines = picture(panel(powers('two', 0.5, 50)), plainTerminal(80))
    .split('\n')
    .slice(1, -1)
  const places = lines.flatMap((line, row) => [...line].flatMap((c, column) => (c === '●' ? [{ row, column }] : [])))
  const byColumn = places.sort((a, b) => a.column - b.column)
  expect(byColumn.length).toBeGreaterThan(20)
  for (let i = 1; i < byColumn.length; i++) expect(byColumn[i].row).toBeGreaterThanOrEqual(byColumn[i - 1].row)
  expect(byColumn[byColumn.length - 1].row - byColumn[0].row).toBeGreaterThan(10)
})

test('a reversed picture has layer 50 at the left and 1 at the right', () => {
  const text = picture({ ...panel(powers('two', 0.5, 50)), reverse: true }, plainTerminal(80))
  expect(text.split('\n').at(-2)).toMatch(/^\s*50\s+40\s+30\s+20\s+10\s+1\s*$/)
})

test('a picture of zeros alone says so', () => {
  expect(
    picture(panel({ label: 'dead', points: [{ x: 1, y: 0 }], theory: [], band: [] }), plainTerminal(80)),
  ).toContain('nothing to draw')
})

test('colour needs a terminal, and gives way to NO_COLOR and TERM=dumb', () => {
  const red = (env: Parameters<typeof plainTerminal>[1]) => plainTerminal(80, env).style('red', 'x')
  expect(red({ isTTY: true })).toBe('\u001b[31mx\u001b[39m')
  for (const env of [{ isTTY: false }, { isTTY: true, NO_COLOR: '1' }, { isTTY: true, TERM: 'dumb' }])
    expect(red(env)).toBe('x')
})

test('a 2 x 3 matrix lines up in four digits; 21 rows or 200 columns are too many', () => {
  expect(matrixText([2, 3], Float32Array.of(1, -0.5, 0.25, 0, 10.125, -2), 80)).toBe(
    '   1.00  -0.50   0.25\n   0.00  10.13  -2.00',
  )
  expect(matrixText([3], Float32Array.of(1, 2, 3), 80)).toBe('  1.000  2.000  3.000')
  expect(matrixText([21, 1], new Float32Array(21), 80)).toBeUndefined()
  expect(matrixText([1, 200], new Float32Array(200), 80)).toBeUndefined()
})

test('the standard error of sigma is sigma/sqrt(2 n) for few values, and by their own kurtosis for many', () => {
  expect(standardError(new Float32Array(12), 1)).toBeCloseTo(1 / Math.sqrt(24), 12)
  // ±1 at even odds has kurtosis 1: its standard deviation is always 1
  const signs = Float32Array.from({ length: 1000 }, (_, i) => (i % 2 ? 1 : -1))
  expect(standardError(signs, 1)).toBeCloseTo(0, 12)
})

test('lines are broken between words, and a word that is longer than the line stands alone', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('a incomprehensibly b', 6)).toEqual(['a', 'incomprehensibly', 'b'])
})

test('a duration is told in seconds, minutes or hours', () => {
  expect([400, 45_000, 180_000, 7_560_000].map(duration)).toEqual(['1 s', '45 s', '3 min', '2.1 h'])
})
