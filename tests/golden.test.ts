import { expect, test } from 'vitest'
import { fingerprint } from './golden/fingerprint'
import { goldenRows } from './golden/rows'

// The numeric contract: these never change within a version of an algorithm, on any engine. `npm run test:engines` holds the same rows on
// every engine that can be had.

test('fingerprint is FNV-1a: that of "foobar" is the published 85944171f73967e8', () => {
  expect(fingerprint(new TextEncoder().encode('foobar'))).toBe('85944171f73967e8')
})

test.each(goldenRows.map((row) => [row.name, row] as const))(
  '%s: the bits hash to the recorded value',
  (_, { values, hash }) => {
    expect(fingerprint(values())).toBe(hash)
  },
)
