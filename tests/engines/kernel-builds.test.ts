import { expect, test } from 'vitest'
import debug from '../../build/debug.wasm?url&inline'
import release from '../../build/release.wasm?url&inline'
import { goldenRows } from '../golden/rows'
import { runGolden } from './suite'

test.each([
  ['release', release],
  ['debug', debug],
])(`the %s build gives the recorded bits of all ${goldenRows.length} golden rows`, async (_, url) => {
  const { rows, wrong } = runGolden(await (await fetch(url)).arrayBuffer())
  expect(wrong).toEqual([])
  expect(rows).toBe(goldenRows.length)
})
