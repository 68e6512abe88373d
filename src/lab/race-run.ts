/** One race at a time, its networks trained by the workers; a newer one, or the reader, stops it. */

import type { LossChart } from '../charts/loss-chart'
import type { Race } from '../training/result'
import type { Trained } from '../training/train'
import { type Engine, Superseded } from './engine'
import type { PlainRace } from './race-tasks'

/** What the reader sets of a race. */
export interface RaceChoice {
  depth: number
  optimizer: 'sgd' | 'adam'
  inits: readonly string[]
}

export interface RaceListener {
  /** Losses so far, and the share of the steps that is done, in [0, 1]. */
  onLosses(chart: LossChart, share: number): void
  onRace(race: Race): void
  /** Given up before its end. */
  onStop(): void
  onRefusal(message: string): void
}

const SETTINGS = { width: 64, batch: 32, steps: 300, seed: 0, seeds: 1 }
const RATES = { sgd: [3e-4, 1e-3, 3e-3, 1e-2], adam: [1e-4, 3e-4, 1e-3, 3e-3] }
const GROUP = 'race'

export function raceOptions({ depth, optimizer, inits }: RaceChoice): PlainRace & typeof SETTINGS {
  return { ...SETTINGS, depth, optimizer, inits, rates: RATES[optimizer] }
}

/** The same race on the command line. */
export function raceCommand(choice: RaceChoice): string {
  const { depth, width, batch, steps, seed, optimizer } = raceOptions(choice)
  const rates = RATES[choice.optimizer].join(',')
  return `evenkeel race --init ${choice.inits.join(',')} --depth ${depth} --width ${width} --batch ${batch} --steps ${steps} --rates ${rates} --optimizer ${optimizer} --seed ${seed}`
}

export interface RaceRunner {
  start(choice: RaceChoice): void
  stop(): void
}

export function raceRunner(engine: Engine, listener: RaceListener): RaceRunner {
  async function run(choice: RaceChoice): Promise<void> {
    const race = raceOptions(choice)
    const rates = RATES[choice.optimizer]
    const losses = choice.inits.flatMap(() => rates.map((): number[] => []))
    const trained: Trained[] = new Array(losses.length)
    const show = () => {
      const done = losses.reduce((sum, { length }) => sum + length, 0)
      listener.onLosses(partialChart(choice, losses), done / (losses.length * race.steps))
    }
    show()
    await Promise.all(
      losses.map(async (own, heat) => {
        const onProgress = (fresh: unknown) => {
          own.push(...(fresh as number[]))
          show()
        }
        trained[heat] = await engine.do('heat', { race, heat }, { group: GROUP, long: true, onProgress })
      }),
    )
    listener.onRace(await engine.do('race', { race, trained }, { group: GROUP }))
  }

  return {
    start(choice) {
      engine.cancel(GROUP)
      run(choice).catch((error: unknown) => {
        if (error instanceof Superseded) return
        listener.onRefusal((error as Error).message)
      })
    },
    stop() {
      engine.cancel(GROUP)
      listener.onStop()
    },
  }
}

/** What is known of each network's losses, in the order of the heats. */
function partialChart({ depth, optimizer, inits }: RaceChoice, losses: readonly (readonly number[])[]): LossChart {
  const rates = RATES[optimizer]
  return {
    title: `${depth} layers in training`,
    subtitle: 'Each line is a network; the rate is its learning rate.',
    steps: SETTINGS.steps,
    panels: inits.map((init, i) => ({
      title: init,
      lines: rates.map((rate, r) => ({
        label: `rate ${rate}`,
        losses: losses[i * rates.length + r].map((loss) => (Number.isFinite(loss) ? loss : null)),
      })),
    })),
  }
}
