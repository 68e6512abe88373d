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

/** Draws into the element of this id, only while it is near the screen: what nobody sees costs nothing. */
export function drawing<T>(id: string, draw: (data: T, options: DrawOptions) => Element): Drawing<T> {
  const place = byId(id)
  let data: T | undefined
  let width = place.clientWidth
  let seen = false
  let stale = false
  const redraw = () => {
    stale = true
    if (!seen || data === undefined || width === 0) return
    stale = false
    hang(place, draw(data, { document, width, theme: themeName(), id: `${id}-chart` }))
  }
  onWidth(place, (now) => {
    width = now
    redraw()
  })
  onTheme(redraw)
  new IntersectionObserver(
    (entries) => {
      seen = entries[entries.length - 1].isIntersecting
      if (seen && stale) redraw()
    },
    { rootMargin: '300px' },
  ).observe(place)
  return {
    show(next) {
      data = next
      redraw()
    },
  }
}
