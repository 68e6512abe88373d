/** Elements by id and by tag; text goes in as text nodes only. */

type Attributes = Record<string, string | number | boolean>

/** A fresh element; an attribute that is false is left out, one that is true has no value. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes))
    if (value !== false) element.setAttribute(name, value === true ? '' : String(value))
  element.append(...children)
  return element
}

/** The element of index.html with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`lab: the page has no element '${id}'`)
  return element as T
}

/** Puts a figure into its place: one image with a name, whose parts have none of their own. */
export function hang(place: Element, svg: Element): void {
  // Plot labels its groups; inside an image that is no label
  for (const part of svg.querySelectorAll('g[aria-label]')) {
    part.setAttribute('class', part.getAttribute('aria-label') ?? '')
    part.removeAttribute('aria-label')
  }
  place.replaceChildren(svg)
}

/** Calls draw with the element's content width, now and whenever it changes. */
export function onWidth(element: HTMLElement, draw: (width: number) => void): void {
  let last = 0
  new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width)
    if (width > 0 && width !== last) draw(width)
    last = width
  }).observe(element)
}
