import { InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import { integerFrom, integers, knownName, knownNames, nonNegative, seed, shape } from '../../src/cli/flags'

const NAMES = ['he-normal', 'he-uniform', 'normal:STD']

test('an integer is digits alone: 1e3, 0x10, 1.0, -1, 2^53 and the empty word are refused', () => {
  expect(integerFrom(1)('512')).toBe(512)
  for (const text of ['1e3', '0x10', '1.0', '-1', '9007199254740992', '', ' 5', '0'])
    expect(() => integerFrom(1)(text), text).toThrow(InvalidArgumentError)
})

test('a seed is exact up to 2^64 - 1: a number while it is safe, a bigint beyond', () => {
  expect(seed('0')).toBe(0)
  expect(seed('9007199254740991')).toBe(9007199254740991)
  expect(seed('18446744073709551615')).toBe(18446744073709551615n)
  for (const text of ['18446744073709551616', '-1', '1.5', 'seven']) expect(() => seed(text), text).toThrow(/2\^64 - 1/)
})

test("a shape is '3x4', '3X4' or '7'; 3x0, 3x-4, 3x4.5, x4 and 3x are refused", () => {
  expect([shape('3x4'), shape('64X3X7X7'), shape('7')]).toEqual([[3, 4], [64, 3, 7, 7], [7]])
  for (const text of ['3x0', '3x-4', '3x4.5', 'x4', '3x', '', '3x99999999999999999999'])
    expect(() => shape(text), text).toThrow(/64x128/)
})

test("widths are '784,256,10'; an empty or fractional one is refused", () => {
  expect(integers('784,256, 10')).toEqual([784, 256, 10])
  for (const text of ['784,,10', '784,2.5', '']) expect(() => integers(text), text).toThrow(InvalidArgumentError)
})

test('a standard deviation is a finite decimal >= 0', () => {
  expect([nonNegative('0'), nonNegative('.5'), nonNegative('1e-3')]).toEqual([0, 0.5, 0.001])
  for (const text of ['-1', 'NaN', 'Infinity', '1e999', '']) expect(() => nonNegative(text), text).toThrow(/>= 0/)
})

test("'he-nomal' is refused with 'he-normal', 'normal:0.1' is known, and 'zzzzzz' gets the whole list", () => {
  const parse = knownName('initialization', NAMES)
  expect(parse('normal:0.1')).toBe('normal:0.1')
  expect(() => parse('he-nomal')).toThrow("There is no initialization 'he-nomal'. Did you mean 'he-normal'?")
  expect(() => parse('zzzzzz')).toThrow('Known: he-normal, he-uniform, normal:STD.')
})

test('several names: commas between them, blanks around them, none twice', () => {
  const parse = knownNames('initialization', NAMES)
  expect(parse('he-normal, normal:1')).toEqual(['he-normal', 'normal:1'])
  expect(() => parse('he-normal,he-normal')).toThrow("'he-normal' comes twice")
  expect(() => parse('he-normal,')).toThrow(/There is no/)
})
