/** What other libraries do by default, each a button that sends it through the network. */

import { presets } from '../initializers/presets'
import { byId, make } from './dom'
import { type LabState, MOST_INITS } from './state'

export interface PresetsView {
  show(state: LabState): void
}

/** Fills #presets; `change` adds a preset to the initializations, or takes it away. */
export function presetsView(current: () => LabState, change: (part: Partial<LabState>) => void): PresetsView {
  const buttons = new Map<string, HTMLButtonElement>()
  for (const { name, library, note, source } of presets) {
    const button = make('button', { type: 'button', 'aria-pressed': 'false' }, name)
    button.addEventListener('click', () => change({ inits: toggled(current().inits, name) }))
    buttons.set(name, button)
    byId('presets').append(
      make(
        'li',
        {},
        make('h3', {}, library),
        make('p', {}, note),
        make(
          'div',
          { class: 'card-foot' },
          button,
          make('a', { href: source, rel: 'noreferrer', 'aria-label': `Source of ${name}` }, 'source'),
        ),
      ),
    )
  }
  return {
    show({ inits }) {
      for (const [name, button] of buttons) button.setAttribute('aria-pressed', String(inits.includes(name)))
    },
  }
}

/** With the name, the oldest leaving when there are too many, or without it. */
function toggled(inits: readonly string[], name: string): string[] {
  if (inits.includes(name)) return inits.filter((other) => other !== name)
  return [...inits, name].slice(-MOST_INITS)
}
