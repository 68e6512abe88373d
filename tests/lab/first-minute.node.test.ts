import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Experiment } from '../../src/index'
import { json } from '../cli/command'
import { afterChange, drag, type Lab, measured, startLab, type Visit } from './lab'

let lab: Lab
let visit: Visit
let page: Page
beforeAll(async () => {
  lab = await startLab()
  visit = await lab.open()
  page = visit.page
  await measured(page)
}, 60_000)
afterAll(() => lab?.close())

const drawn = () => page.locator('#signal svg').textContent()
const text = (selector: string) => page.locator(selector).innerText()
const download = async (id: string): Promise<{ name: string; bytes: Buffer }> => {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(id)])
  return { name: file.suggestedFilename(), bytes: readFileSync((await file.path())!) }
}

test('0 s: He, Glorot and simple Xavier through 50 ReLU layers of width 256, forward and backward, and a verdict in words', async () => {
  const chart = await drawn()
  for (const label of ['Forward', 'Backward', 'he-normal', 'xavier-normal', 'xavier-simple', '10⁻¹⁵'])
    expect(chart).toContain(label)
  expect(chart).toContain('50 ReLU layers of width 256')
  const verdict = await text('#verdict')
  expect(verdict).toContain('halves in every layer')
  expect(verdict).toContain('Multiply the weights by 1.414')
  expect(await page.locator('#verdict li.good').count()).toBe(1)
  // theory line and band under the symbols: three series in each of two panels
  await expect.poll(() => page.locator('#signal svg g.line path').count()).toBe(6)
  await expect.poll(() => page.locator('#signal svg g.area path').count()).toBe(6)
})

test('the CSV of the first screen has, to the last digit, what the shown command prints as JSON', async () => {
  const { name, bytes } = await download('#download-csv')
  expect(name).toBe('evenkeel-relu-50x256.csv')
  const [head, ...rows] = bytes
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  const [program, command, ...flags] = (await text('#command')).split(' ')
  expect([program, command]).toEqual(['evenkeel', 'compare'])
  const { runs } = json<{ runs: Experiment[] }>(command, ...flags)
  const wanted = runs.flatMap(({ config, layers }) =>
    layers.map(({ layer, forward, backward }) => [
      config.init,
      layer,
      forward.secondMoment,
      forward.cosine,
      forward.deadFraction,
      backward!.secondMoment,
      backward!.weightGradNorm,
    ]),
  )
  const column = (name: string) => head.indexOf(name)
  const found = rows.map((row) => [
    row[column('init')],
    ...['layer', 'forward_second_moment', 'cosine', 'dead_fraction', 'backward_second_moment', 'weight_grad_norm'].map(
      (name) => Number(row[column(name)]),
    ),
  ])
  expect(found).toEqual(wanted)
})

test('10 s: dragging the weights to 1 adds a line of the reader that lies on Xavier, and the address says so', async () => {
  await afterChange(page, () => drag(page, '#sigmaW-range', [1.3, 1.2, 1.1, 1]))
  const chart = await drawn()
  expect(chart).toContain('your σ = 1')
  await expect.poll(() => page.locator('#signal svg g.line path').count()).toBe(8)
  // 1/sqrt(256) is exact in f32, and so the same weights as xavier-simple: one verdict for the three
  expect(await page.locator('#verdict li').count()).toBe(2)
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('sw=1&')
})

test('10 s: dragging depth to 10 and width to 64 redraws both axes', async () => {
  await afterChange(page, async () => {
    await drag(page, '#depth-range', [40, 20, 10])
    await drag(page, '#width-range', [7, 6])
  })
  expect(await drawn()).toContain('10 ReLU layers of width 64')
  expect(await page.locator('#depth').inputValue()).toBe('10')
  expect(await page.locator('#width').inputValue()).toBe('64')
})

test('while dragging, what is shown is called a preview of 8 inputs with the weights integrated out; at rest nothing is', async () => {
  await page.evaluate(() => {
    const seen: [string | undefined, string][] = []
    Object.assign(globalThis, { seen })
    const signal = document.getElementById('signal')!
    new MutationObserver(() => seen.push([signal.dataset.stage, signal.textContent ?? ''])).observe(signal, {
      childList: true,
      attributes: true,
    })
  })
  await afterChange(page, () => drag(page, '#depth-range', [11, 12, 13, 12, 11, 10]))
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: [string, string][] }).seen)
  const previews = seen.filter(([stage, text]) => stage === 'preview' && text !== '').map(([, text]) => text)
  expect(previews.length).toBeGreaterThan(0)
  for (const text of previews) {
    expect(text).toContain('Preview: 8 inputs')
    expect(text).toContain('integrated out; all 64 inputs follow.')
    expect(text).toContain('the same 8 inputs')
  }
  const [stage, text] = seen[seen.length - 1]
  expect(stage).toBe('full')
  expect(text).not.toContain('Preview')
  expect(text).toContain('the same 64 inputs')
})

test('25 s: without an activation He doubles the signal in every layer and is told to use lecun-normal', async () => {
  await afterChange(page, () => page.selectOption('#activation', 'linear'))
  const verdict = await text('#verdict')
  expect(verdict).toContain('doubles in every layer')
  expect(verdict).toContain('lecun-normal')
})

test("40 s: TensorFlow.js's heNormal is one press away, and its button says that it is in", async () => {
  const button = page.locator('#presets button', { hasText: 'tfjs-4-he-normal' })
  await afterChange(page, () => button.click())
  expect(await button.getAttribute('aria-pressed')).toBe('true')
  expect(await drawn()).toContain('tfjs-4-he-normal')
})

test('55 s: the copied link opens the same state, and the copied code names it', async () => {
  await page.click('#copy-link')
  await expect.poll(() => text('#action-status')).toBe('Link copied.')
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const other = await lab.open(new URL(link).hash)
  await measured(other.page)
  expect(await other.page.locator('#command').innerText()).toBe(await text('#command'))
  expect(await other.page.locator('#verdict').innerText()).toBe(await text('#verdict'))
  expect(await other.faults()).toEqual([])
  await other.close()

  await page.click('#copy-code')
  await expect.poll(() => text('#action-status')).toBe('Code copied.')
  const code = await page.evaluate(() => navigator.clipboard.readText())
  expect(code).toContain("import { propagate } from 'evenkeel'")
  expect(code).toContain("activation: 'linear', depth: 10, width: 64")
})

test('55 s: the SVG is well-formed and the PNG is twice its size', async () => {
  const svg = await download('#download-svg')
  const size = await page.evaluate((source) => {
    const root = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement
    return [root.nodeName, Number(root.getAttribute('width')), Number(root.getAttribute('height'))]
  }, svg.bytes.toString())
  expect(size[0]).toBe('svg')
  const { name, bytes } = await download('#download-png')
  expect(name).toBe('evenkeel-linear-10x64.png')
  expect([...bytes.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10])
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([2 * Number(size[1]), 2 * Number(size[2])])
})

test('through all of this the page made no error, broke no policy and asked nobody else for anything', async () => {
  expect(await visit.faults()).toEqual([])
})
