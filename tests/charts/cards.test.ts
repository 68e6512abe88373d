import { beforeAll, expect, test } from 'vitest'
import { fanChart } from '../../src/charts/fan-chart'
import { magnitudeChart } from '../../src/charts/magnitude-chart'
import { phaseChart } from '../../src/charts/phase-chart'
import { shareChart } from '../../src/charts/share-chart'
import { spectrumChart, stackedCharts } from '../../src/charts/spectrum-chart'
import { someDocument } from './document'

let document: Document
beforeAll(async () => {
  document = await someDocument()
})

const description = (svg: Element) => svg.querySelector('desc')?.textContent

test('a phase diagram tells the variances under a point: its corners are (0, 0) and (4, 1), and outside there are none', () => {
  const cells = [1, 3].flatMap((sigmaW2) => [0.25, 0.75].map((sigmaB2) => ({ sigmaW2, sigmaB2, chi: sigmaW2 / 2 })))
  const data = { title: 'Phase', cells, stepW2: 2, stepB2: 0.5, line: [], at: { sigmaW2: 2, sigmaB2: 0.5 } }
  const { svg, variancesAt } = phaseChart(data, { document, width: 640 })
  // margins of the card and of the plot: 20 + 44 left, 20 + 12 right, 20 + 30 above, 20 + 46 below
  const height = Number(svg.getAttribute('height'))
  const middle = variancesAt((64 + 608) / 2, (50 + height - 66) / 2)!
  expect(middle.sigmaW2).toBeCloseTo(2, 9)
  expect(middle.sigmaB2).toBeCloseTo(0.5, 9)
  expect(variancesAt(64, height - 66)).toEqual({ sigmaW2: 0, sigmaB2: 0 })
  expect(variancesAt(608, 50)).toEqual({ sigmaW2: 4, sigmaB2: 1 })
  expect(variancesAt(63, 100)).toBeNull()
  expect(variancesAt(300, height - 65)).toBeNull()
  expect(svg.querySelectorAll('g[aria-label="rect"] rect')).toHaveLength(4)
})

test('shares of two series are described by their first and last value, and a point that is not finite is not drawn', () => {
  const points = [0.5, Number.NaN, 0.25].map((y, i) => ({ x: i + 1, y }))
  const series = [
    { label: 'he-normal', points, theory: [] },
    { label: 'zeros', points: [], theory: [] },
  ]
  const panel = { title: 'Zeros', xLabel: 'layer', xDomain: [1, 3], yDomain: [0, 1], series } as const
  const svg = shareChart({ title: 'Shares', panels: [panel] }, { document })
  expect(description(svg)).toBe('Zeros by layer. he-normal: from 0.5 to 0.25; zeros: nothing measured.')
  expect(svg.querySelectorAll('g[aria-label="dot"] circle, g[aria-label="dot"] path')).toHaveLength(2)
})

test('histograms draw one cell for each count above 0, and say where most of the last layer is, or that it is all zero', () => {
  const layers = [
    { layer: 1, low: -2, counts: [1, 0, 5] },
    { layer: 2, low: -3, counts: [7, 1] },
  ]
  const dead = { label: 'dead', layers: [{ layer: 1, low: 0, counts: [] }] }
  const svg = magnitudeChart({ title: 'Sizes', panels: [{ label: 'he', layers }, dead] }, { document })
  expect(svg.querySelectorAll('g[aria-label="rect"] rect')).toHaveLength(4)
  expect(description(svg)).toBe('he: most of layer 2 is near 2 to the -3; dead: layer 1 is all zero.')
})

test('singular values of 200 units and two seeds are drawn at 64 ranks from 1 to 200 beside their root mean square, zeros left out; stacked figures keep all', () => {
  const values = [2, 8].map((top) => Array.from({ length: 200 }, (_, i) => (i === 199 ? 0 : top / (i + 1))))
  const series = [{ label: 'he', note: 'm', values, rootMeanSquare: 1 }]
  const chart = { title: 'Singular', subtitle: 'values', series }
  const svg = spectrumChart(chart, { document })
  // geometric mean of 2 and 8; the last is 0
  expect(description(svg)).toContain('he: 4 at 1, 0 at 200')
  const symbols = (of: Element) => of.querySelectorAll('g[aria-label="dot"] circle, g[aria-label="dot"] path').length
  const alone = symbols(svg)
  expect(svg.textContent).toContain('root mean square by theory')
  const both = stackedCharts([svg, spectrumChart(chart, { document, id: 'again' })], { document })
  expect(symbols(both)).toBe(2 * alone)
  expect(both.querySelectorAll('title')).toHaveLength(1)
})

test('of 2,001 values the two smallest, less than a thousandth, are neither drawn nor on the axis', () => {
  const layers = [
    {
      layer: 1,
      low: -40,
      counts: [
        ...Array(20)
          .fill(0)
          .map((_, i) => (i === 0 ? 2 : 0)),
        999,
        1000,
      ],
    },
  ]
  const svg = magnitudeChart({ title: 'Sizes', panels: [{ label: 'gelu', layers }] }, { document })
  expect(svg.querySelectorAll('g[aria-label="rect"] rect')).toHaveLength(2)
  // 2^-20 = 9.5e-7 is the least on the axis
  expect(svg.textContent).not.toContain('10⁻⁷')
})

test('a fan of 3 seeds has 3 thin lines, and a seed that died ends where it died', () => {
  const theory = [1, 2].map((x) => ({ x, y: 1, low: 0.5, high: 2 }))
  const seeds = [
    [1, 1.5],
    [0.9, 0.8],
    [1.1, 0],
  ]
  const svg = fanChart({ title: 'Fan', panels: [{ label: 'he', note: '2 of 3', seeds, theory }] }, { document })
  const [paths] = [...svg.querySelectorAll('g[aria-label="line"]')].map(
    (group) => group.querySelectorAll('path').length,
  )
  expect(paths).toBe(3)
  expect(description(svg)).toBe('he: 2 of 3.')
})
