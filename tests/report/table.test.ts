import { expect, test } from 'vitest'
import type { Experiment } from '../../src/network/result'
import { comparisonTables, experimentTables, layersShown } from '../../src/report/table'
import { verdict } from '../../src/report/verdict'
import { constructed } from './experiment'

function experiment(init: string, forward: number, backward?: number): Experiment {
  const made = constructed({ depth: 50, width: 512, forward, backward })
  made.config.init = init
  return { ...made, verdict: verdict(made) }
}

test('layersShown(50) is 1, 2, 3, 5, 10, 20, 30, 40, 50, and the last layer is always there', () => {
  expect(layersShown(50)).toEqual([1, 2, 3, 5, 10, 20, 30, 40, 50])
  expect(layersShown(1)).toEqual([1])
  expect(layersShown(7)).toEqual([1, 2, 3, 5, 7])
  for (const depth of [2, 11, 99, 101, 1234, 100_000]) {
    const shown = layersShown(depth)
    expect(shown.at(-1)).toBe(depth)
    expect(shown.length).toBeLessThanOrEqual(16)
    expect(new Set(shown).size).toBe(shown.length)
  }
})

test('a comparison has the initializers across, and layer 10 of 2^-l shows 9.30e-4 beside its theory 9.77e-4', () => {
  const [forward, zeros] = comparisonTables([experiment('he-normal', 1), experiment('xavier-simple', 0.5)])
  expect(forward.head).toEqual(['layer', 'he-normal', 'xavier-simple'])
  expect(forward.rows[4]).toEqual(['10', '0.952 (1.00)', '9.30e-4 (9.77e-4)'])
  expect(zeros.rows[4]).toEqual(['10', '0.500', '0.500'])
})

test('the way back has a table where every experiment measured it, and none otherwise', () => {
  expect(comparisonTables([experiment('a', 1, 1), experiment('b', 1, 1)])).toHaveLength(3)
  expect(comparisonTables([experiment('a', 1, 1), experiment('b', 1)])).toHaveLength(2)
  expect(experimentTables(experiment('a', 1, 1))).toHaveLength(2)
  expect(experimentTables(experiment('a', 1))).toHaveLength(1)
})

test('every row is as long as its head', () => {
  for (const { head, rows } of [
    ...experimentTables(experiment('a', 1, 1)),
    ...comparisonTables([experiment('a', 1, 1)]),
  ])
    for (const row of rows) expect(row).toHaveLength(head.length)
})
