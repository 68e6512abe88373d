import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { afterAll, expect, test } from 'vitest'
import { readCsv } from '../../src/io/csv'
import { evenkeel } from './command'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
const path = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

const NETWORK = ['--depth', '6', '--width', '32', '--backward', '-q']
const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu']

test('compare --csv has a row for each layer of each initialization, with the numbers of --json in full', async () => {
  const { stdout } = evenkeel(
    'compare',
    '--init',
    'he-normal,xavier-simple',
    ...NETWORK,
    '--json',
    '--csv',
    path('a.csv'),
  )
  const { runs } = JSON.parse(stdout)
  const [head, ...rows] = readFileSync(path('a.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  expect(rows).toHaveLength(12)
  const column = head.indexOf('forward_second_moment')
  expect(rows.map((row) => Number(row[column]))).toEqual(
    runs.flatMap((run: { layers: { forward: { secondMoment: number } }[] }) =>
      run.layers.map((l) => l.forward.secondMoment),
    ),
  )
  // a table of numbers is what a spreadsheet makes of it, the names of the first column apart
  expect(readCsv(rows.map((row) => row.slice(1).join(',')).join('\n'), 'a.csv').data.every(Number.isFinite)).toBe(true)
})

test('propagate --html opens in a browser without a request, an error or a refused style, in light and dark, with what was measured', async () => {
  const { stdout } = evenkeel('propagate', ...NETWORK, '--json', '--html', path('r.html'), '--svg', path('r.svg'))
  const browser = await chromium.launch({ executablePath: process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium', args })
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ colorScheme })
      const heard: string[] = []
      page.on('request', (request) => request.url().startsWith('file:') || heard.push(request.url()))
      page.on('pageerror', (error) => heard.push(error.message))
      page.on('console', (message) => heard.push(message.text()))
      await page.goto(`file://${path('r.html')}`)
      expect(await page.title()).toBe('A network of 6 ReLU layers of width 32')
      const other = colorScheme === 'light' ? 'dark' : 'light'
      for (const figure of [0, 1]) {
        expect(await page.locator(`.${colorScheme} svg`).nth(figure).isVisible()).toBe(true)
        expect(await page.locator(`.${other} svg`).nth(figure).isVisible()).toBe(false)
      }
      expect(await page.locator(`.${colorScheme} svg desc`).nth(1).textContent()).toContain('most of layer 6 is near')
      const data = JSON.parse((await page.locator('#data').textContent()) ?? '')
      expect(data.runs).toEqual([JSON.parse(stdout)])
      expect(await page.locator('pre').first().textContent()).toContain(`evenkeel propagate --depth 6 --width 32`)
      expect(heard).toEqual([])
      await page.close()
    }
  } finally {
    await browser.close()
  }
  expect(readFileSync(path('r.svg'), 'utf8')).toMatch(/^<svg /)
})

test('names from outside stand in the report as text', async () => {
  const name = path('<img src=x>.csv')
  const { writeFileSync } = await import('node:fs')
  writeFileSync(name, '1,2\n3,4\n')
  evenkeel('propagate', '--depth', '2', '--width', '4', '--input', name, '-q', '--html', path('x.html'))
  expect(readFileSync(path('x.html'), 'utf8')).not.toContain('<img')
})

test('a file that cannot be written is refused before the work, with exit code 3', async () => {
  const { code, stderr } = evenkeel('compare', ...NETWORK, '--html', path('no/such/r.html'))
  expect(code).toBe(3)
  expect(stderr).toMatch(/^error: cannot write .*no\/such\/r\.html/)
})
