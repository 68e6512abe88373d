import { expect, test } from 'vitest'
import type { Experiment } from '../../src/network/result'
import { networkText, signalFigure } from '../../src/report/figure'
import { verdict } from '../../src/report/verdict'
import { constructed, type Recipe } from './experiment'

function experiment(init: string, recipe: Partial<Recipe> = {}): Experiment {
  const made = constructed({ depth: 50, width: 512, forward: 1, ...recipe })
  made.config.init = init
  return { ...made, verdict: verdict(made) }
}

test('the headline says who keeps the signal, who loses it and who blows it up, each in the number of its subject', () => {
  const title = (...experiments: Experiment[]) => signalFigure(experiments).title
  const he = experiment('he-normal')
  const [glorot, simple] = ['xavier-normal', 'xavier-simple'].map((init) => experiment(init, { forward: 0.5 }))
  expect(title(he, glorot, simple)).toBe('he-normal keeps the signal even; xavier-normal and xavier-simple lose it')
  expect(title(simple)).toBe('xavier-simple loses the signal')
  expect(title(experiment('normal:1', { forward: 256 }), he)).toBe(
    'normal:1 blows the signal up; he-normal keeps it even',
  )
  expect(title(he, experiment('b', { backward: 0.5 }))).toBe('he-normal keeps the signal even; b loses the gradient')
})

test('forward starts at the input, x = 0, and ends at layer 50; backward starts at layer 50 and is drawn in reverse', () => {
  const { panels } = signalFigure([experiment('he-normal', { backward: 1 })])
  expect(panels.map(({ title, reverse = false }) => [title, reverse])).toEqual([
    ['Forward', false],
    ['Backward', true],
  ])
  const [forward, backward] = panels.map(({ series }) => series[0])
  expect([forward.points[0], forward.points.length]).toEqual([{ x: 0, y: 1 }, 51])
  expect([forward.note, backward.note]).toEqual(['0.78 at layer 50', '0.78 at layer 1'])
  expect(backward.theory.at(-1)).toEqual({ x: 50, y: 1 })
})

test('whiskers are one standard deviation of ln over the seeds', () => {
  const { panels } = signalFigure([experiment('he-normal')])
  const { y, low, high } = panels[0].series[0].points[50]
  expect(Math.log(high! / y)).toBeCloseTo(Math.sqrt((50 * 5) / 512), 12)
  expect(Math.log(y / low!)).toBeCloseTo(Math.sqrt((50 * 5) / 512), 12)
})

test('a network is told by its layers, their width or widths, and other features', () => {
  const text = (depth: number, width: number | number[]) => networkText(experiment('a', { depth, width }))
  expect(text(50, 512)).toBe('A network of 50 ReLU layers of width 512')
  expect(text(1, [10, 4])).toBe('A network of 1 ReLU layer of width 4 on 10 features')
  expect(text(3, [10, 10, 5, 2])).toBe('A network of 3 ReLU layers of widths 10, 5, 2')
})
