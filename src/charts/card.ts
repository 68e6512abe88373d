/** The card a figure is drawn on: an SVG element with a name and a description for screen readers, a background and a border. */

import type { SymbolType } from '@observablehq/plot'
import * as Plot from '@observablehq/plot'
import { seriesStyle, type Theme, type ThemeName, themes } from './palette'
import { textWidth } from './text-layout'

export interface ChartOptions {
  /** The document that makes the elements; the page's own in a browser. */
  document: Document
  /** Pixels; panels stand one above the other below 640. */
  width?: number
  theme?: ThemeName
  /** Prefix of the ids inside; give each chart of a page its own. */
  id?: string
}

export interface Card {
  title: string
  /** The figure in words. */
  description: string
  width: number
  height: number
}

const SVG = 'http://www.w3.org/2000/svg'
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
export const CARD_MARGIN = 20

export function svgElement(
  document: Document,
  name: string,
  attributes: Record<string, string | number>,
  text?: string,
): SVGElement {
  const node = document.createElementNS(SVG, name) as SVGElement
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
  if (text !== undefined) node.textContent = text
  return node
}

/** An empty card. */
export function card({ title, description, width, height }: Card, options: ChartOptions): SVGSVGElement {
  const { document, theme: themeName = 'light', id = 'chart' } = options
  const theme = themes[themeName]
  const make = (name: string, attributes: Record<string, string | number>, text?: string) =>
    svgElement(document, name, attributes, text)
  const svg = make('svg', {
    xmlns: SVG,
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-desc`,
    'font-family': FONT,
  }) as SVGSVGElement
  svg.append(
    make('title', { id: `${id}-title` }, title),
    make('desc', { id: `${id}-desc` }, description),
    make('rect', {
      x: 0.5,
      y: 0.5,
      width: width - 1,
      height: height - 1,
      rx: 8,
      fill: theme.background,
      stroke: theme.border,
    }),
  )
  return svg
}

/** The drawing of Plot as a group of the card at (x, y). */
export function place(svg: SVGSVGElement, plot: Element, x: number, y: number, theme: Theme): void {
  const group = svgElement(svg.ownerDocument, 'g', {
    transform: `translate(${x},${y})`,
    'text-anchor': 'middle',
    fill: theme.ink,
  })
  // Plot's own style element is for the page, not for a figure
  for (const node of [...plot.childNodes]) if (node.nodeName.toLowerCase() !== 'style') group.append(node)
  svg.append(group)
}

/** The symbol of a series at (x, y), as the plots draw it. */
function symbolMark(
  document: Document,
  symbol: SymbolType,
  x: number,
  y: number,
  color: string,
  theme: Theme,
): Element {
  const plot = Plot.plot({
    document,
    width: 1,
    height: 1,
    margin: 0,
    marks: [
      Plot.dot([0], { frameAnchor: 'middle', symbol, r: 3.6, fill: color, stroke: theme.background, strokeWidth: 1 }),
    ],
  })
  // a key is no mark of the data, as its label would say
  for (const part of plot.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  const group = svgElement(document, 'g', { transform: `translate(${x - 0.5},${y - 0.5})` })
  for (const node of [...plot.childNodes]) if (node.nodeName.toLowerCase() !== 'style') group.append(node)
  return group
}

const ROW = 22

/** The names of the series, each behind its dash and its symbol, in as many rows as they need from y on; returns the height. */
export function legend(
  svg: SVGSVGElement,
  labels: readonly string[],
  width: number,
  theme: Theme,
  top = CARD_MARGIN,
): number {
  const { ownerDocument: document } = svg
  let [x, y] = [CARD_MARGIN, top + 8]
  for (const [i, label] of labels.entries()) {
    const { color, dash, symbol } = seriesStyle(theme, i)
    const room = 36 + textWidth(label, 12.5) + 18
    if (x > CARD_MARGIN && x + room > width - CARD_MARGIN) [x, y] = [CARD_MARGIN, y + ROW]
    svg.append(
      svgElement(document, 'line', {
        x1: x,
        x2: x + 28,
        y1: y,
        y2: y,
        stroke: color,
        'stroke-width': 2.5,
        'stroke-dasharray': dash,
      }),
      symbolMark(document, symbol, x + 14, y, color, theme),
      svgElement(
        document,
        'text',
        { x: x + 36, y: y + 4.5, fill: theme.ink, 'font-size': 12.5, 'font-weight': 600 },
        label,
      ),
    )
    x += room
  }
  return y + ROW / 2 - top
}
