import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { AxeResults, RunOptions } from 'axe-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { themes } from '../../src/charts/palette'
import type { Experiment } from '../../src/index'
import { brokenNetworks } from '../../src/lab/broken-networks'
import { evenkeel, json } from '../cli/command'
import { afterChange, type Lab, measured, startLab } from './lab'

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 60_000)
afterAll(() => lab?.close())

const SCREENS = [
  ['light', 1280],
  ['dark', 360],
  ['light', 360],
  ['dark', 1920],
] as const
const TINY = '#v=1&depth=4&width=16&batch=8'
const SMALL = '#v=1&depth=8&width=32&batch=16&sw=1.3&sb=0.2'

test('axe finds nothing in light and dark at 360 pixels, in light at 1280 and in dark at 1920, with every chart, table and answer open, and no page is wider than its screen', async () => {
  const { page, faults, close } = await lab.open(SMALL)
  await measured(page)
  await page.click('#quiz-buttons button:nth-child(7)')
  await page.waitForSelector('#quiz svg')
  await page.click('#race-start')
  await page.waitForSelector('#race-verdict li', { timeout: 60_000 })
  for (const id of ['race', 'cosine', 'zeros', 'histograms', 'fan', 'phase-chart']) {
    await page.locator(`#${id}`).scrollIntoViewIfNeeded()
    await page.waitForSelector(`#${id} svg`)
  }
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
  await page.waitForSelector('#signal-data table')
  // the page allows no eval: axe comes in by the debugger
  await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'))
  const found: string[] = []
  for (const [colorScheme, width] of SCREENS) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    await page.waitForSelector(`#signal rect[fill="${themes[colorScheme].background}"]`)
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
        resultTypes: ['violations'],
      }),
    )
    for (const { id, nodes } of violations)
      found.push(`${colorScheme} ${width}, ${id}: ${nodes.map(({ target }) => target).join(' ')}`)
  }
  for (const width of [360, 768, 1920]) {
    await page.setViewportSize({ width, height: 900 })
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wider > 0) found.push(`${width}: wider by ${wider} pixels`)
  }
  expect(found).toEqual([])
  expect(await faults()).toEqual([])
  await close()
}, 180_000)

test('a link to hours of work shows theory, computes nothing, and says how long it would take', async () => {
  const { page, close } = await lab.open('#v=1&depth=99999&width=1e9&batch=1e9&seeds=1e9&init=he-normal,<img>')
  await page.waitForSelector('#ask:not([hidden])')
  await page.waitForSelector('#signal[data-stage="theory"] svg')
  expect(await page.locator('#ask').innerText()).toMatch(/about \d+ minutes/)
  expect(await page.locator('#notes').innerText()).toContain("The link's depth is set to 200")
  expect(await page.locator('#command').innerText()).toContain('--depth 200 --width 1024 --batch 256')
  await expect.poll(() => page.locator('#signal svg g.dot path, #signal svg g.dot circle').count()).toBe(2)
  await close()
})

test('work over the limit runs when asked to, and is stopped by the next change', async () => {
  const { page, close } = await lab.open('#v=1&depth=200&width=1024&batch=256&seeds=64')
  await page.click('#ask-run')
  await afterChange(page, () => page.click('#reset'))
  expect(await page.locator('#signal svg').textContent()).toContain('50 ReLU layers of width 256')
  await close()
})

test('printed, the page has the charts below the fold that nobody has scrolled to', async () => {
  const { page, close } = await lab.open(TINY)
  await measured(page)
  const charts = page.locator('#zeros svg, #histograms svg')
  expect(await charts.count()).toBe(0)
  await page.pdf()
  expect(await charts.count()).toBe(2)
  await close()
})

test('a number box that is left empty shows its number again; that of your own weights takes them out', async () => {
  const { page, close } = await lab.open(`${TINY}&sw=1.2`)
  await measured(page)
  const depth = page.locator('#depth')
  const before = await depth.inputValue()
  for (const [id, shown] of [
    ['#depth', before],
    ['#sigmaW', ''],
  ]) {
    await page.fill(id, '')
    await page.locator(id).blur()
    await expect.poll(() => page.locator(id).inputValue()).toBe(shown)
  }
  await expect.poll(() => page.evaluate(() => location.hash)).not.toContain('sw=')
  await close()
})

test('a click in the phase diagram runs a network there, and the arrow keys move it by a cell', async () => {
  const { page, close } = await lab.open(TINY)
  await measured(page)
  const chart = page.locator('#phase-chart')
  await chart.scrollIntoViewIfNeeded()
  await page.waitForSelector('#phase-chart svg')
  await afterChange(page, () => chart.click({ position: { x: 300, y: 200 } }))
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/sw=\d/)
  const before = Number(await page.locator('#sigmaW').inputValue())
  await chart.focus()
  await afterChange(page, () => page.keyboard.press('ArrowRight'))
  const after = Number(await page.locator('#sigmaW').inputValue())
  // a cell is 0.1 of sigma^2; the number box holds three decimals of sigma
  expect(Math.abs(after ** 2 - before ** 2 - 0.1)).toBeLessThan(2 * after * 0.001)
  expect(await page.locator('#phase-status').innerText()).toContain('Your network: weights of variance')
  await close()
})

test('the eight broken networks show no name until their answer is opened, no answer is that all is well, and a shown command prints the same verdict', async () => {
  const { page, close } = await lab.open(TINY)
  for (const [i, { network, question, answer }] of brokenNetworks.entries()) {
    await page.click(`#quiz-buttons button:nth-child(${i + 1})`)
    await page.getByText(question).waitFor()
    expect(await page.locator('#quiz svg').textContent()).not.toContain(network.init)
    expect(await page.locator('#quiz .answer strong').isVisible()).toBe(false)
    await page.click('#quiz .answer summary')
    expect(await page.locator('#quiz .answer strong').innerText()).toBe(answer)
    // 'stable' is the one verdict without advice
    const verdict = await page.locator('#quiz .answer p').nth(1).innerText()
    expect(verdict).toMatch(/\. .+\.$/)
    if (network.width !== undefined) continue
    const command = await page.locator('#quiz .answer .command code').innerText()
    const { verdict: printed } = json<Experiment>(...command.split(' ').slice(1))
    expect(verdict).toBe(`${printed.text} ${printed.fix}`)
  }
  await close()
})

const get = (path: string, headers = {}) =>
  new Promise<{ status?: number; headers: Record<string, unknown> }>((resolve, reject) => {
    const { port } = new URL(lab.url)
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, headers: response.headers })
    })
      .on('error', reject)
      .end()
  })

test('the server gives the page with its policy and types, and nothing else to anyone', async () => {
  const page = await get('/')
  expect(page.status).toBe(200)
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'")
  expect(readFileSync('dist/lab/index.html', 'utf8')).toContain(policy.replace("; frame-ancestors 'none'", ''))
  expect((await get('/worker.js')).headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect((await get('/style.css')).headers['content-type']).toBe('text/css; charset=utf-8')
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/lab', '/.', '//'])
    expect((await get(path)).status, path).toBe(404)
  expect((await get('/', { host: 'evil.example' })).status).toBe(403)
})

test('the page and all it loads are under 250 KB gzipped', () => {
  const sizes = readdirSync('dist/lab').map((file) => gzipSync(readFileSync(`dist/lab/${file}`)).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000)
})

test('a port that is taken is bad usage, and the message names the way out', () => {
  const { code, stderr } = evenkeel('lab', '--port', new URL(lab.url).port)
  expect(code).toBe(2)
  expect(stderr).toContain('--port expected a free port')
  expect(stderr).toContain('--port 0')
})
