/** The controls: a slider and a number box for each number, a list for the activation, chips for the initializations. */

import { initNames } from '../index'
import { byId, make } from './dom'
import { clamp, type LabState, LIMITS, MOST_INITS, type NumberField } from './state'

interface Slider {
  field: NumberField
  label: string
  hint: string
  /** Slider positions are powers of two. */
  octaves?: boolean
  step: number
  /** What the slider shows while the state has no value. */
  resting?: number
  /** Ends of the slider where the number box goes farther. */
  most?: number
}

const SLIDERS: readonly Slider[] = [
  {
    field: 'sigmaW',
    label: 'Your own weights',
    hint: 'σ √inputs: He 1.414, Xavier 1',
    step: 0.01,
    resting: 1.2,
  },
  { field: 'depth', label: 'Depth', hint: 'layers', step: 1 },
  { field: 'width', label: 'Width', hint: 'units of each layer', step: 0.5, octaves: true },
  { field: 'batch', label: 'Batch', hint: 'inputs', step: 1, octaves: true },
  { field: 'sigmaB', label: 'Biases', hint: 'their σ', step: 0.01 },
  { field: 'seeds', label: 'Seeds', hint: 'networks averaged', step: 1, most: 16 },
  { field: 'seed', label: 'First seed', hint: 'same seed, same bits', step: 1, most: 100 },
]

export interface Controls {
  show(state: LabState): void
  /** Offers these activations. */
  offer(activations: readonly string[]): void
}

/** Binds the form to a state: `change` is called with each field the reader sets. */
export function controls(current: () => LabState, change: (part: Partial<LabState>) => void): Controls {
  const rows = SLIDERS.map((slider) => sliderRow(slider, change))
  byId('sliders').append(...rows.map(({ row }) => row))
  const activation = byId<HTMLSelectElement>('activation')
  activation.addEventListener('change', () => change({ activation: activation.value }))
  const add = initList(current, change)
  let offered: readonly string[] = ['relu']
  const list = (chosen: string) => {
    const names = offered.includes(chosen) ? offered : [...offered, chosen]
    activation.replaceChildren(...names.map((name) => make('option', { value: name }, name)))
    activation.value = chosen
  }
  return {
    show(state) {
      for (const { show } of rows) show(state)
      list(state.activation)
      byId('inits').replaceChildren(...chips(state, change))
      add.disabled = state.inits.length >= MOST_INITS
    },
    offer(activations) {
      offered = activations
      list(activation.value || current().activation)
    },
  }
}

function sliderRow(slider: Slider, change: (part: Partial<LabState>) => void) {
  const { field, label, hint, octaves = false, step, resting, most } = slider
  const { min, max, integer } = LIMITS[field]
  const toPosition = (value: number) => (octaves ? Math.log2(value) : value)
  const toValue = (position: number) => clamp(field, octaves ? 2 ** position : position)
  const range = make('input', {
    type: 'range',
    id: `${field}-range`,
    min: toPosition(min),
    max: toPosition(most ?? max),
    step,
    'aria-label': label,
  })
  let shownText = ''
  const number = make('input', { type: 'number', id: field, min, max, step: integer ? 1 : 'any', inputmode: 'decimal' })
  range.addEventListener('input', () => change({ [field]: toValue(Number(range.value)) }))
  number.addEventListener('change', () => {
    const value = number.valueAsNumber
    if (Number.isFinite(value)) change({ [field]: clamp(field, value) })
    else if (resting !== undefined) change({ [field]: null })
    else number.value = shownText
  })
  number.addEventListener('input', () => {
    const value = number.valueAsNumber
    if (number.validity.valid && Number.isFinite(value)) change({ [field]: value })
  })
  const row = make(
    'div',
    { class: 'field' },
    make('label', { for: field }, label, make('small', {}, hint)),
    number,
    range,
  )
  const show = (state: LabState) => {
    const value = state[field]
    shownText = value === null ? '' : String(Number(value.toPrecision(16)))
    const shown = value ?? resting ?? min
    range.value = String(toPosition(shown))
    range.setAttribute('aria-valuetext', value === null ? 'off' : String(Number(value.toPrecision(6))))
    row.classList.toggle('resting', value === null)
    // what is being typed is the reader's
    if (document.activeElement !== number || number.valueAsNumber !== value) number.value = shownText
  }
  return { row, show }
}

function chips(state: LabState, change: (part: Partial<LabState>) => void): HTMLElement[] {
  const items = state.inits.map((init) =>
    chip(init, () => change({ inits: state.inits.filter((other) => other !== init) })),
  )
  if (state.sigmaW !== null) items.push(chip('your σ', () => change({ sigmaW: null })))
  return items
}

function chip(text: string, remove: () => void): HTMLElement {
  const button = make(
    'button',
    { type: 'button', 'aria-label': `Remove ${text}`, title: `Remove ${text}` },
    make('span', { 'aria-hidden': 'true' }, '×'),
  )
  button.addEventListener('click', remove)
  return make('li', {}, make('span', {}, text), button)
}

function initList(current: () => LabState, change: (part: Partial<LabState>) => void): HTMLSelectElement {
  const add = byId<HTMLSelectElement>('add-init')
  const plain = initNames.filter((name) => !name.includes(':'))
  const fixed = ['normal:0.01', 'normal:1', 'uniform:0.1']
  add.append(
    make('option', { value: '' }, 'Add another…'),
    ...[...plain, ...fixed].map((name) => make('option', { value: name }, name)),
  )
  add.addEventListener('change', () => {
    const { inits } = current()
    const name = add.value
    add.value = ''
    if (name && !inits.includes(name) && inits.length < MOST_INITS) change({ inits: [...inits, name] })
  })
  return add
}
