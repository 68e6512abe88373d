/** A file whose bytes or text are not what its format allows; the message says what was expected, what was found and what to do. */
export class FormatError extends Error {
  override name = 'FormatError'
}

/**
 * Throws the FormatError of the one grammar: `where: what expected this, got that; remedy`.
 * `got` is shown as given: pass a value through `show` first.
 */
export function malformed(where: string, what: string, expected: string, got: string, remedy?: string): never {
  const message = `${where}: ${what} expected ${expected}, got ${got}${remedy === undefined ? '' : `; ${remedy}`}`
  throw new FormatError(printable(message))
}

/** The text with control characters spelled out: names and headers come from strangers, and no escape sequence of theirs may reach a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}|[\u2028\u2029]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
}
