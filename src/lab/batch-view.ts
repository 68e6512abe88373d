/** The batch as pictures: rows are inputs, columns are units, brightness is the activation. */

import { short } from '../report/number-text'
import { byId, make } from './dom'
import { nearScreen } from './drawn-view'
import { type Engine, Superseded } from './engine'
import { displayName, network, type Outcome } from './experiment'
import type { Passage, Picture } from './passage'
import type { View } from './signal-view'
import { allInits } from './state'
import { onTheme, themeName } from './theme'

/** Fills #strips with a strip of pictures for each initialization, and computes only while it is near the screen. */
export function batchView(engine: Engine): View {
  const place = byId('strips')
  let shown: { name: string; passage: Passage }[] = []
  const draw = () => {
    place.replaceChildren(...shown.map(({ name, passage }) => strip(name, passage)))
  }
  onTheme(draw)
  async function show({ state }: Outcome): Promise<void> {
    engine.cancel('passage')
    const inits = allInits(state)
    const passages = await Promise.all(
      inits.map((init) => engine.do('passage', network(state, init), { group: 'passage' })),
    )
    shown = passages.map((passage) => ({ name: displayName(passage.init, state), passage }))
    const [{ samples, units }] = passages
    byId('batch-text').textContent =
      `${samples} inputs, one a row, through ${units} units, one a column. Every picture is scaled to its own layer, whose size is written under it: watch the rows become alike, and columns go empty.`
    draw()
  }
  let due: Outcome | null = null
  const start = () => {
    if (due === null || !isNear()) return
    show(due).catch((error: unknown) => {
      if (!(error instanceof Superseded)) throw error
    })
    due = null
  }
  const isNear = nearScreen('strips', start)
  return {
    show(outcome) {
      if (outcome.stage !== 'full') return
      due = outcome
      start()
    },
  }
}

function strip(name: string, { pictures, samples, units }: Passage): HTMLElement {
  return make(
    'figure',
    { class: 'strip' },
    make('figcaption', {}, name),
    make(
      'div',
      { class: 'pictures' },
      ...pictures.map((picture) =>
        make(
          'div',
          {},
          canvasOf(picture.values, samples, units, `Layer ${picture.layer} under ${name}: size ${short(picture.size)}`),
          make(
            'span',
            {},
            picture.layer === 0 ? 'input' : `layer ${picture.layer}`,
            make('small', {}, sizeText(picture)),
          ),
        ),
      ),
    ),
  )
}

function sizeText({ size }: Picture): string {
  return size > 0 && size < Number.POSITIVE_INFINITY ? `size ${short(size)}` : size === 0 ? 'all zero' : 'overflowed'
}

// values beyond this many times the typical have the full colour
const FULL = 2

/** A matrix rows x columns as pixels: blue below zero, orange above, nothing at zero. */
export function canvasOf(values: Float32Array, rows: number, columns: number, label: string): HTMLCanvasElement {
  const canvas = make('canvas', { width: columns, height: rows, role: 'img', 'aria-label': label })
  const context = canvas.getContext('2d')!
  const image = context.createImageData(columns, rows)
  const ground = themeName() === 'dark' ? [22, 27, 34] : [247, 248, 250]
  const [below, above] =
    themeName() === 'dark'
      ? [
          [86, 180, 233],
          [240, 180, 70],
        ]
      : [
          [0, 90, 160],
          [190, 80, 0],
        ]
  for (let i = 0; i < values.length; i++) {
    const full = values[i] < 0 ? below : above
    const by = Math.min(1, Math.abs(values[i]) / FULL) || 0
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = ground[c] + by * (full[c] - ground[c])
    image.data[4 * i + 3] = 255
  }
  context.putImageData(image, 0, 0)
  return canvas
}
