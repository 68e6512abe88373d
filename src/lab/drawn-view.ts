/** A chart that follows the outcome, the width of its place and the reader's theme. */

import type { ThemeName } from '../charts/palette'
import { byId, hang, onWidth } from './dom'
import { onTheme, themeName } from './theme'

export interface DrawOptions {
  document: Document
  width: number
  theme: ThemeName
  id: string
}

export interface Drawing<T> {
  show(data: T): void
}

/** Calls `enter` when the element of this id comes near the screen; the function returned tells whether it is. */
export function nearScreen(id: string, enter: () => void): () => boolean {
  let near = false
  new IntersectionObserver(
    (entries) => {
      near = entries[entries.length - 1].isIntersecting
      if (near) enter()
    },
    { rootMargin: '300px' },
  ).observe(byId(id))
  return () => near
}

/** Draws into the element of this id, only while it is near the screen: what nobody sees costs nothing. */
export function drawing<T>(id: string, draw: (data: T, options: DrawOptions) => Element): Drawing<T> {
  const place = byId(id)
  let data: T | undefined
  let width = place.clientWidth
  let stale = false
  const isNear = nearScreen(id, () => drawNow())
  const redraw = () => {
    stale = true
    if (isNear()) drawNow()
  }
  const drawNow = () => {
    if (!stale || data === undefined || width === 0) return
    stale = false
    hang(place, draw(data, { document, width, theme: themeName(), id: `${id}-chart` }))
  }
  onWidth(place, (now) => {
    width = now
    redraw()
  })
  onTheme(redraw)
  // a printed page has every part near
  window.addEventListener('beforeprint', drawNow)
  return {
    show(next) {
      data = next
      redraw()
    },
  }
}
