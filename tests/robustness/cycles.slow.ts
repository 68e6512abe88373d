import { expect, test } from 'vitest'
import { memoryOver } from './cycle'

test('100000 cycles of drawing, measuring and propagating leave memory at the bytes and the mark it had after the first', () => {
  const { first, last } = memoryOver(100_000)
  expect(last).toEqual(first)
})
