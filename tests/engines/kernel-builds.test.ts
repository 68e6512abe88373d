import { afterAll, expect, test } from 'vitest'
import debug from '../../build/debug.wasm?url&inline'
import release from '../../build/release.wasm?url&inline'
import { keepsBlockOrder } from '../../src/wasm/engine'
import { useUnrolledTiles } from '../../src/wasm/instance'
import { goldenRows } from '../golden/rows'
import { runGolden } from './suite'

afterAll(() => useUnrolledTiles(keepsBlockOrder()))

test.each([
  ['release', 'a step', release, false],
  ['release', 'four steps', release, true],
  ['debug', 'a step', debug, false],
  ['debug', 'four steps', debug, true],
])(
  `the %s build, its tiles by blocks of %s, gives the recorded bits of all ${goldenRows.length} golden rows`,
  async (_build, _block, url, unrolled) => {
    useUnrolledTiles(unrolled)
    const { rows, wrong } = runGolden(await (await fetch(url)).arrayBuffer())
    expect(wrong).toEqual([])
    expect(rows).toBe(goldenRows.length)
  },
)
