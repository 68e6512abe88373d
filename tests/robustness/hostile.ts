import * as fc from 'fast-check'

/** Values that no option expects, or only a few do. Sizes are small or refused: none asks for minutes of work. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, 2, 3, -1, 0.5, 1e-320, 1e308, -1e308],
    ...[2 ** 32, 2 ** 53, 0n, -1n, 2n ** 64n, 2n ** 64n - 1n, true, false, null, undefined, Symbol('hostile')],
    ...[
      '',
      'x',
      '3',
      'he-normal',
      'he-norml',
      'normal:',
      'normal:NaN',
      'relu',
      'leaky-relu:1e999',
      '__proto__',
      '\ud800',
    ],
    ...['OI', 'HWIO', 'II', 'fanIn', 'toString', 'constructor'],
  ),
  fc
    .constantFrom<() => unknown>(
      () => [],
      () => ({}),
      () => [[1]],
      () => Object.create(null),
      () => new Array(3),
      () => new Float32Array(3),
      () => new Float64Array([Number.NaN]),
      () => new Date(0),
      () => new Map(),
      () => () => 1,
      () => () => Number.NaN,
      () => ({ length: 3 }),
    )
    .map((make) => make()),
  fc.array(fc.constantFrom<unknown>(0, 1, 2, 3, 7, -1, 0.5, Number.NaN, 2 ** 32, '3', null, undefined), {
    maxLength: 6,
  }),
)

/** Which numbers in a value are NaN, by path; functions and symbols hold none. */
export function nans(value: unknown, path = 'result'): string[] {
  if (typeof value === 'number') return Number.isNaN(value) ? [path] : []
  if (value instanceof Uint16Array) return []
  if (value instanceof Float32Array || value instanceof Float64Array)
    return value.some(Number.isNaN) ? [`${path}[${value.findIndex(Number.isNaN)}]`] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => nans(item, `${path}.${key}`))
}
