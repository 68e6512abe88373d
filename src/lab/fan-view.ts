/** A hundred networks that differ in their seed alone, against the band that theory has for them. */

import { type Fan, fanChart } from '../charts/fan-chart'
import type { Experiment } from '../index'
import { short } from '../report/number-text'
import { dataTable } from './data-table'
import { drawing, nearScreen } from './drawn-view'
import { type Engine, Superseded } from './engine'
import { displayName, network, type Outcome } from './experiment'
import type { View } from './signal-view'
import { allInits } from './state'

const SEEDS = 100
const BATCH = 8
// where weights have to be drawn one by one
const FEWER_SEEDS = 12

/** Draws into #fan, and computes only while it is near the screen. */
export function fanView(engine: Engine): View {
  const chart = drawing<Fan[]>('fan', (panels, options) =>
    fanChart({ title: 'The signal under many seeds, in units of its theory', panels }, options),
  )
  const data = dataTable('fan-data')
  let due: Outcome | null = null

  async function compute({ state }: Outcome): Promise<void> {
    engine.cancel('fan')
    const experiments = await Promise.all(
      allInits(state).map(async (init) => {
        const input = { ...network(state, init), batch: Math.min(state.batch, BATCH), backward: false }
        const job = { group: 'fan', long: true }
        try {
          return await engine.do('run', { ...input, seeds: SEEDS, engine: 'law' }, job)
        } catch (error) {
          if (error instanceof Superseded) throw error
          return await engine.do('run', { ...input, seeds: FEWER_SEEDS }, job)
        }
      }),
    )
    const fans = experiments.map((experiment) => fan(experiment, displayName(experiment.config.init, state)))
    chart.show(fans)
    data.show(() => [lastLayers(fans)])
  }
  const start = () => {
    if (due === null || !isNear()) return
    compute(due).catch((error: unknown) => {
      if (!(error instanceof Superseded)) throw error
    })
    due = null
  }
  const isNear = nearScreen('fan', start)
  return {
    show(outcome) {
      if (outcome.stage !== 'full') return
      due = outcome
      start()
    },
  }
}

function fan({ layers, seeds }: Experiment, label: string): Fan {
  const last = layers.length - 1
  const [low, high] = layers[last].theory.forward.band
  const inside = seeds.filter(({ forwardSecondMoment: m }) => m[last] >= low && m[last] <= high).length
  // what is left is luck alone: each layer in units of its theory
  return {
    label,
    note: `${inside} of ${seeds.length} seeds end in the band`,
    seeds: seeds.map(({ forwardSecondMoment }) =>
      forwardSecondMoment.map((value, l) => value / layers[l].theory.forward.secondMoment),
    ),
    theory: layers.map(({ layer, theory: { forward } }) => ({
      x: layer,
      y: 1,
      low: forward.band[0] / forward.secondMoment,
      high: forward.band[1] / forward.secondMoment,
    })),
  }
}

/** Least, median and greatest of the seeds at the last layer, beside the band. */
function lastLayers(fans: readonly Fan[]) {
  return {
    title: 'Mean of h² at the last layer over its theory',
    head: ['initialization', 'least', 'median', 'greatest', 'band from', 'band to', 'seeds'],
    rows: fans.map(({ label, seeds, theory }) => {
      const ends = seeds.map((values) => values[values.length - 1]).sort((a, b) => a - b)
      const { low, high } = theory[theory.length - 1]
      const shown = [ends[0], ends[Math.floor(ends.length / 2)], ends[ends.length - 1], low, high]
      return [label, ...shown.map((value) => short(value, 3)), String(seeds.length)]
    }),
  }
}
