import { expect, test } from 'vitest'
import { networkSpec } from '../../src/network/spec'
import { coordSpec } from '../../src/training/coord-spec'
import { raceSpec } from '../../src/training/spec'

const KEYS = ['init', 'activation', 'bias', 'batch', 'seeds', 'backward', 'engine', 'rescale'] as const

test.each(KEYS)('propagate: %s undefined is taken for none, null is refused by name', (key) => {
  const given = { depth: 3, width: 8 }
  expect(() => networkSpec('propagate', { ...given, [key]: undefined })).not.toThrow()
  expect(() => networkSpec('propagate', { ...given, [key]: null })).toThrow(
    new RegExp(`^propagate: ${key} expected .*got null`),
  )
})

test.each([
  ...(['depth', 'width', 'activation', 'inits', 'rates', 'optimizer', 'momentum', 'loss', 'steps'] as const),
  ...(['batch', 'data', 'seeds', 'threshold', 'targetLoss'] as const),
])('race: %s null is refused by name', (key) => {
  expect(() => raceSpec('race', { [key]: null })).toThrow(new RegExp(`^race: ${key} expected .*got null`))
})

test.each(['parametrization', 'widths', 'hiddenLayers', 'activation', 'init', 'optimizer', 'rate', 'loss', 'data'])(
  'coordCheck: %s null is refused by name',
  (key) => {
    expect(() => coordSpec('coordCheck', { [key]: null })).toThrow(
      new RegExp(`^coordCheck: ${key} expected .*got null`),
    )
  },
)
