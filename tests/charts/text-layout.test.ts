import { expect, test } from 'vitest'
import { BOLD_ADVANCE, shorten, spread, textWidth, wrap } from '../../src/charts/text-layout'

test('spread leaves labels that are 18 apart where they are', () => {
  expect(spread([100, 40, 70], 18, 0, 200)).toEqual([100, 40, 70])
})

test('spread moves two equal labels apart symmetrically: 100, 100 with gap 20 gives 90, 110', () => {
  expect(spread([100, 100], 20, 0, 200)).toEqual([90, 110])
})

test('spread keeps the order of the wanted places, the gap, and the range', () => {
  const wanted = [198, 199, 3, 2, 100, 101, 197]
  const placed = spread(wanted, 15, 0, 200)
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b])
  for (let k = 1; k < order.length; k++)
    expect(placed[order[k]] - placed[order[k - 1]]).toBeGreaterThanOrEqual(15 - 1e-9)
  expect(Math.min(...placed)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...placed)).toBeLessThanOrEqual(200 + 1e-9)
})

test('spread of more labels than fit starts at the top and keeps the gap: 3 labels of 20 in [0, 30]', () => {
  expect(spread([10, 10, 10], 20, 0, 30)).toEqual([0, 20, 40])
})

test('wrap keeps every word, and every line of more than one word within the width', () => {
  const text = 'the same batch of 64 inputs and the same 8 seeds under each initialization'
  const lines = wrap(text, 120, 12)
  expect(lines.join(' ')).toBe(text)
  expect(lines.length).toBeGreaterThan(1)
  for (const line of lines) expect(line.includes(' ') ? textWidth(line, 12) : 0).toBeLessThanOrEqual(120)
  expect(wrap('', 120, 12)).toEqual([])
})

test("shorten('orthogonal', 5) is 'orth…' and counts a surrogate pair as one character", () => {
  expect(shorten('orthogonal', 5)).toBe('orth…')
  expect(shorten('σσσσσ', 5)).toBe('σσσσσ')
  expect(shorten('😀😀😀', 2)).toBe('😀…')
})

test('a bold title of 64 characters that DejaVu Sans sets 711 pixels wide at 19 is not taken to fit into 688', () => {
  const title = 'he-normal keeps the signal even; xavier-normal and xavier-simple'
  expect(title).toHaveLength(64)
  expect(textWidth(title, 19, BOLD_ADVANCE)).toBeGreaterThan(711)
  expect(wrap(title, 688, 19, BOLD_ADVANCE)).toHaveLength(2)
})
