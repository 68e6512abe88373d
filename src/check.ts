/** Argument checks with one grammar: `function: argument expected what, got value`. TypeError for the kind, RangeError for the value. */

/** How a value is shown in an error: short, quoted when it is a string, and never ambiguous (-0, NaN, a typed array). */
export function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? `'${value.slice(0, 57)}...'` : `'${value}'`
  if (typeof value === 'bigint') return `${value}n`
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function'
  if (Array.isArray(value)) return showArray(value)
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

/** One level deep: what a stranger's JSON nests must not overflow the stack. */
function showArray(value: readonly unknown[]): string {
  if (value.length > 8) return `an array of length ${value.length}`
  return `[${value.map((item) => (Array.isArray(item) ? `an array of length ${item.length}` : show(item))).join(', ')}]`
}

/** Throws the TypeError of the grammar. */
export function wrongKind(where: string, argument: string, expected: string, got: unknown): never {
  throw new TypeError(`${where}: ${argument} expected ${expected}, got ${show(got)}`)
}

/** Throws the RangeError of the grammar. */
export function wrongValue(where: string, argument: string, expected: string, got: unknown): never {
  throw new RangeError(`${where}: ${argument} expected ${expected}, got ${show(got)}`)
}

/** An integer in [min, max]. */
export function integer(
  where: string,
  argument: string,
  value: unknown,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  const expected = max === Number.MAX_SAFE_INTEGER ? `an integer >= ${min}` : `an integer in [${min}, ${max}]`
  if (typeof value !== 'number') return wrongKind(where, argument, expected, value)
  if (!Number.isInteger(value) || value < min || value > max) return wrongValue(where, argument, expected, value)
  return value
}

/** A finite number in [min, max]. */
export function finite(
  where: string,
  argument: string,
  value: unknown,
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
): number {
  const low = min === Number.NEGATIVE_INFINITY ? '' : min === Number.MIN_VALUE ? ' > 0' : ` >= ${min}`
  const high = max === Number.POSITIVE_INFINITY ? '' : `${low ? ' and' : ''} <= ${max}`
  const expected = `a finite number${low}${high}`
  if (typeof value !== 'number') return wrongKind(where, argument, expected, value)
  if (!Number.isFinite(value) || value < min || value > max) return wrongValue(where, argument, expected, value)
  return value
}

/** The value, or the default where none is given; null is a value, and left to the check. */
export function withDefault<T>(value: T | undefined, fallback: T): T {
  return value === undefined ? fallback : value
}

/** true or false. */
export function flag(where: string, argument: string, value: unknown): boolean {
  return typeof value === 'boolean' ? value : wrongKind(where, argument, 'true or false', value)
}

/** One of the given names; an unknown one is refused with the nearest known name. */
export function oneOf<T extends string>(where: string, argument: string, value: unknown, names: readonly T[]): T {
  if (typeof value !== 'string') return wrongKind(where, argument, `one of ${names.join(', ')}`, value)
  if ((names as readonly string[]).includes(value)) return value as T
  throw new RangeError(
    `${where}: ${argument} expected one of ${names.join(', ')}, got ${show(value)}${didYouMean(nearest(value, names))}`,
  )
}

/** An options object with no key but the known ones. */
export function options<T extends object>(where: string, value: unknown, known: readonly string[]): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return wrongKind(where, 'options', 'an object', value)
  for (const key of Object.keys(value))
    if (!known.includes(key))
      throw new TypeError(
        `${where}: options expected only ${known.join(', ')}, got '${key}'${didYouMean(nearest(key, known))}`,
      )
  return value as T
}

/** The known name with the smallest edit distance, if it is close enough to be a slip; case and separators count for nothing. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (s: string) => s.toLowerCase().replace(/[-_\s]/g, '')
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const distance = editDistance(plain(name).slice(0, 80), plain(candidate))
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return bestDistance <= Math.max(2, Math.floor(name.length / 3)) ? best : undefined
}

function didYouMean(candidate: string | undefined): string {
  return candidate === undefined ? '' : `; did you mean '${candidate}'?`
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]
}
