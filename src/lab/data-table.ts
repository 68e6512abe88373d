/** The table behind a chart: made when it is opened, and again when the numbers change under an open one. */

import type { Table } from '../report/table'
import { byId, make } from './dom'

export interface DataTable {
  show(tables: () => readonly Table[]): void
}

/** Fills the scroll region inside the details element of this id. */
export function dataTable(id: string): DataTable {
  const details = byId<HTMLDetailsElement>(id)
  const region = details.querySelector<HTMLElement>('.scroll')!
  // what scrolls must be reached by keyboard
  region.tabIndex = 0
  region.setAttribute('role', 'region')
  region.setAttribute('aria-label', details.querySelector('summary')?.textContent ?? '')
  let source: () => readonly Table[] = () => []
  const fill = () => {
    if (details.open) region.replaceChildren(...source().map(table))
  }
  details.addEventListener('toggle', fill)
  return {
    show(tables) {
      source = tables
      fill()
    },
  }
}

export function table({ title, head, rows }: Table): HTMLTableElement {
  const cell = (text: string, i: number) => (i === 0 ? make('th', { scope: 'row' }, text) : make('td', {}, text))
  return make(
    'table',
    {},
    make('caption', {}, title),
    make('thead', {}, make('tr', {}, ...head.map((text) => make('th', { scope: 'col' }, text)))),
    make('tbody', {}, ...rows.map((row) => make('tr', {}, ...row.map(cell)))),
  )
}
