import { describe, expect, test } from 'vitest'
import { normal, uniform } from '../../src/initializers/distributions'
import { heNormal } from '../../src/initializers/named'

/** The value at the coordinates named by letter, in storage order of the layout. */
function at(values: Float32Array, layout: string, size: Record<string, number>, index: Record<string, number>): number {
  return values[[...layout].reduce((position, letter) => position * size[letter] + index[letter], 0)]
}

function coordinates(letters: string, size: Record<string, number>): Record<string, number>[] {
  return [...letters].reduce<Record<string, number>[]>(
    (all, letter) =>
      all.flatMap((index) => Array.from({ length: size[letter] }, (_, i) => ({ ...index, [letter]: i }))),
    [{}],
  )
}

describe('property: a layout moves values and changes none', () => {
  test("'IO' is the transpose of 'OI', value for value, over several blocks of the stream: 123 x 157", () => {
    const oi = heNormal([123, 157], { seed: 5, stream: 'w' })
    const io = heNormal([157, 123], { seed: 5, stream: 'w', layout: 'IO' })
    for (let o = 0; o < 123; o++) for (let i = 0; i < 157; i++) expect(io[i * 123 + o]).toBe(oi[o * 157 + i])
  })

  const size = { O: 4, I: 3, D: 2, H: 5, W: 6, E: 2, M: 3 }
  const families: [string, string[]][] = [
    ['OIHW', ['HWIO', 'IOHW', 'OHWI', 'WHOI', 'HOWI']],
    ['OIW', ['WIO', 'IOW', 'OWI']],
    ['OIDHW', ['DHWIO', 'WHDIO', 'IODHW']],
    ['EOI', ['EIO', 'OIE', 'IEO']],
    ['IMHW', ['HWIM', 'MIHW', 'WHMI']],
  ]
  test.each(families)('every coordinate of %s has the same value in each of %j', (logical, layouts) => {
    const shapeOf = (layout: string) => [...layout].map((letter) => size[letter as keyof typeof size])
    const reference = heNormal(shapeOf(logical), { seed: 3, layout: logical })
    for (const layout of layouts) {
      const moved = heNormal(shapeOf(layout), { seed: 3, layout })
      for (const index of coordinates(logical, size))
        expect(at(moved, layout, size, index)).toBe(at(reference, logical, size, index))
    }
  })

  test("a logical layout is the stream itself: 'OIHW' holds the values of a flat normal of the same stream", () => {
    const kernel = heNormal([4, 3, 5, 6], { seed: 3, stream: 's', layout: 'OIHW' })
    expect([...kernel]).toEqual([...normal([360], { seed: 3, stream: 's', stddev: Math.sqrt(2) / Math.sqrt(90) })])
  })

  test('a depthwise kernel is the grouped kernel with channel i m + j: 8 channels, multiplier 2', () => {
    const depthwise = heNormal([3, 3, 8, 2], { seed: 1, layout: 'HWIM' })
    const grouped = heNormal([3, 3, 1, 16], { seed: 1, layout: 'HWIO', groups: 8 })
    expect([...depthwise]).toEqual([...grouped])
  })

  test("packed q, k, v: 'EOI' [3, 8, 8] holds the stream of [24, 8] at sigma 1/sqrt(8), not 1/sqrt(16)", () => {
    const packed = heNormal([3, 8, 8], { seed: 2, layout: 'EOI', mode: 'fanAvg', gain: 1 })
    expect([...packed]).toEqual([...normal([24, 8], { seed: 2, stddev: 1 / Math.sqrt(8) })])
  })

  test("uniform takes a layout of rank 2 too, and 'out' holds what a fresh array would", () => {
    const out = new Float32Array(6)
    uniform([2, 3], { seed: 4, layout: 'IO', out })
    const oi = uniform([3, 2], { seed: 4 })
    expect([...out]).toEqual([oi[0], oi[2], oi[4], oi[1], oi[3], oi[5]])
  })
})
