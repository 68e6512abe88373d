/** Copying and downloading what is on the screen. */

import { signalChart } from '../charts/signal-chart'
import { svgText } from '../charts/svg-text'
import { experimentCsv } from '../report/experiment-csv'
import { code } from './code'
import { byId, make } from './dom'
import type { Outcome } from './experiment'
import { fragment } from './link'
import { outcomeFigure } from './outcome-figure'
import type { LabState } from './state'
import { themeName } from './theme'

const FIGURE_WIDTH = 960
const PNG_SCALE = 2

/** Binds the buttons under the main chart. */
export function takeAway(current: () => LabState, outcome: () => Outcome | null): void {
  const status = byId('action-status')
  const bind = (id: string, act: () => Promise<string> | string) =>
    byId(id).addEventListener('click', async () => {
      try {
        status.textContent = await act()
      } catch (error) {
        status.textContent = `That failed: ${(error as Error).message}`
      }
    })
  const file = (ending: string) => {
    const { activation, depth, width } = current()
    return `evenkeel-${activation.replace(':', '-')}-${depth}x${width}.${ending}`
  }
  const shown = () => outcome() ?? refuse()

  bind('copy-link', () => copy(`${location.href.split('#')[0]}${fragment(current())}`, 'Link copied.'))
  bind('copy-code', () => copy(code(current()), 'Code copied.'))
  bind('download-svg', () => save(file('svg'), new Blob([figureText(shown())], { type: 'image/svg+xml' })))
  bind('download-png', async () => save(file('png'), await png(figureText(shown()))))
  bind('download-csv', () => {
    const { experiments, stage } = shown()
    if (stage !== 'full') throw new Error('nothing is measured yet')
    return save(file('csv'), new Blob([experimentCsv(experiments)], { type: 'text/csv' }))
  })
}

function refuse(): never {
  throw new Error('there is no result yet')
}

async function copy(text: string, said: string): Promise<string> {
  await navigator.clipboard.writeText(text)
  return said
}

function figureText(outcome: Outcome): string {
  return svgText(signalChart(outcomeFigure(outcome), { document, width: FIGURE_WIDTH, theme: themeName() }))
}

function save(name: string, blob: Blob): string {
  const href = URL.createObjectURL(blob)
  make('a', { href, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(href), 10_000)
  return `${name} is in your downloads.`
}

async function png(svg: string): Promise<Blob> {
  const href = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = make('img', { src: href })
    await image.decode()
    const canvas = make('canvas', { width: PNG_SCALE * image.width, height: PNG_SCALE * image.height })
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no PNG'))), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(href)
  }
}
