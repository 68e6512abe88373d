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

test('tiles go by blocks of four steps where the V8 is 13.5 or later, and nowhere else', () => {
  const v8 = globalThis.process?.versions?.v8 ?? /Chrome\/(\d+)/.exec(navigator.userAgent)?.[1].replace(/(\d)$/, '.$1')
  const [major, minor] = (v8 ?? '0.0').split('.').map(Number)
  expect(keepsBlockOrder()).toBe(major > 13 || (major === 13 && minor >= 5))
})
