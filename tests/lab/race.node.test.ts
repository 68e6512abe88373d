import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Race } from '../../src/training/result'
import { json } from '../cli/command'
import { drag, type Lab, startLab } from './lab'

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 60_000)
afterAll(() => lab?.close())

const TINY = '#v=1&depth=4&width=16&batch=8'
const trained = (page: Page) => page.waitForSelector('#race-verdict li', { timeout: 60_000 })

test('nothing trains before the click; then losses are drawn as they come, and at 30 layers He trains where simple Xavier does not', async () => {
  const { page, faults, close } = await lab.open(TINY)
  await page.locator('#training').scrollIntoViewIfNeeded()
  await page.waitForSelector('#signal[data-stage="full"] svg')
  expect(await page.locator('#race svg').count()).toBe(0)
  expect(await page.locator('#race-verdict').innerText()).toBe('')
  await page.click('#race-start')
  expect(await page.locator('#race-verdict').getAttribute('aria-busy')).toBe('true')
  await page.waitForFunction(() => document.querySelector('#race svg')?.textContent?.includes('30 layers in training'))
  await trained(page)
  expect(await page.locator('#race-verdict').getAttribute('aria-busy')).toBe('false')
  const [he, xavier] = await page.locator('#race-verdict li').all()
  expect(await he.getAttribute('class')).toBe('good')
  expect(await he.innerText()).toMatch(/^he-normal\n+trains at 3 of 4 rates/)
  expect(await xavier.getAttribute('class')).toBe('bad')
  expect(await xavier.innerText()).toMatch(/^xavier-simple\n+trains at none of 4 rates/)
  // the figure is drawn after the verdict
  await expect.poll(() => page.locator('#race svg g.line path').count()).toBe(8)
  expect(await faults()).toEqual([])
  await close()
}, 120_000)

test('by keyboard: depth 10 by the arrow keys, LSUV by the space bar, Enter trains; the table has what the shown command prints', async () => {
  const { page, faults, close } = await lab.open(TINY)
  await page.focus('#race-depth-range')
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft')
  expect(await page.locator('#race-depth').inputValue()).toBe('10')
  await page.focus('#race-inits input[value="lsuv"]')
  await page.keyboard.press('Space')
  await page.focus('#race-start')
  await page.keyboard.press('Enter')
  await trained(page)
  await page.click('#race-data summary')
  const [program, command, ...flags] = (await page.locator('#race-command').innerText()).split(' ')
  expect([program, command]).toEqual(['evenkeel', 'race'])
  const { runs, config } = json<Race>(command, ...flags)
  expect(config.depth).toBe(10)
  const table = await page.locator('#race-data table', { hasText: 'Accuracy on the' }).innerText()
  for (const { init, rates } of runs) {
    expect(table).toContain(init)
    for (const { accuracy } of rates) expect(table).toContain(accuracy.toFixed(3))
  }
  const layers = await page.locator('#race-data table', { hasText: 'Signal' }).innerText()
  for (const { signalBefore } of runs) expect(layers).toContain(signalBefore[9]!.toPrecision(3))
  await expect
    .poll(() => page.locator('#race-data table', { hasText: 'What lsuv did' }).locator('tbody tr').count())
    .toBe(10)
  expect(await faults()).toEqual([])
  await close()
}, 120_000)

test('Stop ends the training at once, says so and gives the focus back; another race runs after it', async () => {
  const { page, faults, close } = await lab.open(TINY)
  await drag(page, '#race-depth-range', [50])
  await page.click('#race-start')
  await page.waitForSelector('#race svg')
  await page.click('#race-stop')
  expect(await page.locator('#race-verdict').innerText()).toBe('Stopped.')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('race-start')
  expect(await page.locator('#race-stop').isDisabled()).toBe(true)
  await page.fill('#race-depth', '7')
  await page.locator('#race-depth').blur()
  // residual branches have two layers each
  expect(await page.locator('#race-depth').inputValue()).toBe('8')
  await page.click('#race-start')
  await trained(page)
  expect(await page.locator('#race-verdict').innerText()).toContain('At 8 layers')
  expect(await faults()).toEqual([])
  await close()
}, 120_000)

test('the last start cannot be taken away: a race of nobody answers nothing', async () => {
  const { page, close } = await lab.open(TINY)
  await page.uncheck('#race-inits input[value="xavier-simple"]')
  await page.locator('#race-inits input[value="he-normal"]').click()
  expect(await page.locator('#race-inits input:checked').count()).toBe(1)
  expect(await page.locator('#race-command').innerText()).toContain('--init he-normal ')
  await close()
})
