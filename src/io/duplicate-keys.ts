/**
 * The first key that comes twice in one object of a JSON text, or undefined.
 * JSON.parse keeps the last of them in silence; the text must be one that it accepts.
 */
export function duplicateKey(json: string): string | undefined {
  // one set of keys per open object, null per open array
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < json.length; at++) {
    const c = json[at]
    if (c === '{') open.push(new Set())
    else if (c === '[') open.push(null)
    else if (c === '}' || c === ']') open.pop()
    else if (c === '"') {
      const end = closingQuote(json, at)
      const keys = open.at(-1)
      if (keys && isKey(json, end)) {
        const key: string = JSON.parse(json.slice(at, end + 1))
        if (keys.has(key)) return key
        keys.add(key)
      }
      at = end
    }
  }
  return undefined
}

function closingQuote(json: string, open: number): number {
  let at = open + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at
}

// a string is a key when a colon follows it
function isKey(json: string, end: number): boolean {
  let at = end + 1
  while (' \t\r\n'.includes(json[at] ?? 'x')) at++
  return json[at] === ':'
}
