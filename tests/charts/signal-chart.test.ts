import { beforeAll, expect, test } from 'vitest'
import type { Panel, Series } from '../../src/charts/panel'
import { type SignalChart, signalChart } from '../../src/charts/signal-chart'
import { svgText } from '../../src/charts/svg-text'
import { someDocument } from './document'

let document: Document
beforeAll(async () => {
  document = await someDocument()
})

const layers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

/** factor^l at layers 1..count, a band of a factor 2 about it. */
function powers(label: string, factor: number, count: number): Series {
  const values = layers(count).map((x) => ({ x, y: factor ** x }))
  return {
    label,
    note: `${factor} per layer`,
    points: values.map(({ x, y }) => ({ x, y, low: y / 1.1, high: y * 1.1 })),
    theory: values,
    band: values.map(({ x, y }) => ({ x, low: y / 2, high: y * 2 })),
  }
}

function chart(...series: Series[]): SignalChart {
  const panel: Panel = { title: 'Forward', yLabel: 'mean of h²', xLabel: 'layer', series }
  return { title: 'A title', subtitle: 'A subtitle', caption: 'A caption', panels: [panel] }
}

const draw = (data: SignalChart, options = {}) => signalChart(data, { document, ...options })
const text = (svg: Element) => [...svg.querySelectorAll('text')].map((node) => node.textContent)

/** The translation of every mark that Plot draws as a symbol, labels' swatches (one for each series) left out. */
function symbolPlaces(svg: Element, series: number): { x: number; y: number }[] {
  const groups = [...svg.querySelectorAll('g[aria-label="dot"]')].slice(0, series)
  return groups.flatMap((group) =>
    [...group.querySelectorAll('path, circle')].map((node) => {
      const [x, y] = (node.getAttribute('transform') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? [
        Number(node.getAttribute('cx')),
        Number(node.getAttribute('cy')),
      ]
      return { x, y }
    }),
  )
}

test('two series of 8 layers have one band, one theory line, 8 symbols and 8 whiskers each', () => {
  const svg = draw(chart(powers('he-normal', 1, 8), powers('xavier-simple', 0.5, 8)))
  expect(svg.querySelectorAll('g[aria-label="area"] path')).toHaveLength(2)
  expect(svg.querySelectorAll('g[aria-label="line"] path')).toHaveLength(2)
  expect(symbolPlaces(svg, 2)).toHaveLength(16)
  expect(text(svg)).toEqual(expect.arrayContaining(['he-normal', 'xavier-simple', '1 per layer', '0.5 per layer']))
})

test('2^-l falls on a straight line: equal steps down for equal steps to the right', () => {
  const places = symbolPlaces(draw(chart(powers('xavier-simple', 0.5, 8))), 1)
  const dx = places[1].x - places[0].x
  const dy = places[1].y - places[0].y
  expect(dx).toBeGreaterThan(0)
  expect(dy).toBeGreaterThan(0)
  for (let i = 1; i < places.length; i++) {
    expect(places[i].x - places[i - 1].x).toBeCloseTo(dx, 6)
    expect(places[i].y - places[i - 1].y).toBeCloseTo(dy, 6)
  }
})

test('a reversed panel draws layer 8 at the left and layer 1 at the right', () => {
  const data = chart(powers('xavier-simple', 0.5, 8))
  const places = symbolPlaces(draw({ ...data, panels: [{ ...data.panels[0], reverse: true }] }), 1)
  for (let i = 1; i < places.length; i++) expect(places[i].x).toBeLessThan(places[i - 1].x)
})

test('the y axis of 2^-50 is labelled in powers of ten, every third from 10⁻¹⁵ to 1', () => {
  const labels = text(draw(chart(powers('he-normal', 1, 50), powers('xavier-simple', 0.5, 50))))
  expect(labels.filter((label) => label === '1' || /^10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/.test(label ?? ''))).toEqual([
    '10⁻¹⁵',
    '10⁻¹²',
    '10⁻⁹',
    '10⁻⁶',
    '10⁻³',
    '1',
    '1', // the first layer on the x axis
  ])
})

test('two equal series of 50 layers share no symbol place, so both are seen', () => {
  const svg = draw(chart(powers('xavier-normal', 0.5, 50), powers('xavier-simple', 0.5, 50)))
  const places = symbolPlaces(svg, 2).map(({ x }) => x.toFixed(3))
  expect(places.length).toBeGreaterThan(10)
  expect(new Set(places).size).toBe(places.length)
})

test('series differ in colour, in dash and in symbol', () => {
  const svg = draw(chart(powers('a', 1, 4), powers('b', 0.9, 4), powers('c', 0.8, 4)))
  const lines = [...svg.querySelectorAll('g[aria-label="line"]')]
  expect(new Set(lines.map((line) => line.getAttribute('stroke'))).size).toBe(3)
  expect(new Set(lines.map((line) => line.getAttribute('stroke-dasharray'))).size).toBe(3)
  const first = [...svg.querySelectorAll('g[aria-label="dot"]')].slice(0, 3).map((group) => group.firstElementChild)
  expect(new Set(first.map((mark) => mark?.getAttribute('d') ?? mark?.localName)).size).toBe(3)
})

test('0, Infinity and NaN are left out, and the finite points are drawn', () => {
  const broken = powers('std 1', 1, 5)
  const ys = [1, 0, Number.POSITIVE_INFINITY, Number.NaN, 2]
  const svg = draw(chart({ ...broken, points: ys.map((y, i) => ({ x: i + 1, y })) }))
  expect(symbolPlaces(svg, 1)).toHaveLength(2)
  expect(svgText(svg)).not.toMatch(/NaN|Infinity"/)
})

test('a chart without a single drawable value, and one of a single layer, are still charts', () => {
  const nothing = { label: 'dead', points: [{ x: 1, y: 0 }], theory: [], band: [] }
  expect(text(draw(chart(nothing)))).toContain('dead')
  expect(text(draw(chart(powers('one layer', 1, 1))))).toContain('one layer')
  expect(text(draw({ ...chart(), panels: [] }))).toContain('A title')
})

test('a label of markup and control characters is text in the file, not markup', () => {
  const label = '<script>"&\u0000'
  const written = svgText(draw({ ...chart(powers(label, 1, 3)), title: label }))
  expect(written).not.toContain('<script')
  expect(written).toContain('&lt;script&gt;&quot;&amp;\ufffd</text>')
})

test('the same data gives the same bytes', () => {
  const data = chart(powers('he-normal', 1, 50), powers('xavier-simple', 0.5, 50))
  expect(svgText(draw(data))).toBe(svgText(draw(structuredClone(data))))
})

test('the file stands alone: it declares its namespace and needs nothing from outside, not even a style sheet that a content policy could block', () => {
  const written = svgText(draw(chart(powers('he-normal', 1, 3))))
  expect(written).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
  expect(written.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|href|style=|<style/)
})

test('a screen reader gets an image with a title and the first and last value of each line', () => {
  const svg = draw(chart(powers('xavier-simple', 0.5, 8)), { id: 'left' })
  expect(svg.getAttribute('role')).toBe('img')
  expect(svg.getAttribute('aria-labelledby')).toBe('left-title left-desc')
  expect(svg.querySelector('#left-title')?.textContent).toBe('A title')
  expect(svg.querySelector('#left-desc')?.textContent).toContain('xavier-simple: 0.5 at 1, 0.00391 at 8')
})

test('two panels stand side by side at 960 pixels and one above the other at 400', () => {
  const data = chart(powers('he-normal', 1, 3))
  const two = { ...data, panels: [data.panels[0], data.panels[0]] }
  const places = (width: number) =>
    [...draw(two, { width }).querySelectorAll('g.panel')].map((g) =>
      g
        .getAttribute('transform')
        ?.match(/[\d.]+/g)
        ?.map(Number),
    )
  const [[leftX, leftY], [rightX, rightY]] = places(960) as [number[], number[]]
  expect([rightX > leftX, rightY]).toEqual([true, leftY])
  const [[topX, topY], [bottomX, bottomY]] = places(400) as [number[], number[]]
  expect([bottomX, bottomY > topY]).toEqual([topX, true])
})
