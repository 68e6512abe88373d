/** An SVG element as text: the same bytes for the same chart in every engine. */

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// Engines differ in the last digits of Math.log10: a hundredth of a pixel is kept of every coordinate.
const COORDINATES = new Set(['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r'])

/** A standalone SVG file: declared namespace, escaped text, attributes in alphabetical order. */
export function svgText(svg: Element): string {
  return `${element(svg)}\n`
}

function element(node: Element): string {
  const attributes = [...node.attributes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => ` ${name}="${escaped(COORDINATES.has(name) ? rounded(value) : value)}"`)
    .join('')
  const children = [...node.childNodes].map(child).join('')
  return children
    ? `<${node.localName}${attributes}>${children}</${node.localName}>`
    : `<${node.localName}${attributes}/>`
}

function child(node: ChildNode): string {
  if (node.nodeType === 1) return element(node as Element)
  return node.nodeType === 3 ? escaped(node.textContent ?? '') : ''
}

function escaped(text: string): string {
  // XML 1.0 knows no other control characters, not even escaped, and no half surrogates
  return text.replace(
    /[&<>"]|[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu,
    (c) => ESCAPES[c] ?? '\ufffd',
  )
}

function rounded(value: string): string {
  return value.replace(/-?\d*\.\d+(?:e[-+]?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100 || 0))
}
