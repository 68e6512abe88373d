/** Runs what the state asks for: theory at once, a small batch while the reader drags, everything when the hand rests. */

import type { Experiment } from '../index'
import type { Engine } from './engine'
import { Superseded } from './engine'
import { allInits, type LabState, ownInit, seconds } from './state'
import type { PlainNetwork } from './tasks'

/** 'theory': nothing measured; 'preview': one seed, a small batch, Gaussian weights integrated out; 'full': what the state says. */
export type Stage = 'theory' | 'preview' | 'full'

export interface Outcome {
  stage: Stage
  state: LabState
  experiments: Experiment[]
}

export interface Listener {
  /** More is known than before. */
  onOutcome(outcome: Outcome): void
  /** More than about a second of work: theory is shown, and the reader is asked. */
  onTooMuch(seconds: number): void
  /** The library refuses: in its words. */
  onRefusal(message: string): void
}

const REST = 180
const PREVIEW_BATCH = 8
// seconds of work: what a drag and what an unasked run may take
const PREVIEW_BUDGET = 0.2
const BUDGET = 1
// a run shorter than this ends sooner than a worker is stopped and made anew
const PATIENCE = 0.4

export interface Runner {
  /** The reader is at it: theory or a preview now, everything once the hand rests. */
  change(state: LabState): void
  /** Everything, however long it takes. */
  run(state: LabState): void
}

export function runner(engine: Engine, listener: Listener): Runner {
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0
  let measured = 0
  let previewing = false
  let waiting: LabState | null = null
  let rested: LabState | null = null
  const known = new Map<string, Experiment>()

  async function experiments(stage: Stage, state: LabState): Promise<Experiment[]> {
    const kind = stage === 'theory' ? 'predict' : 'run'
    const job =
      stage === 'full' ? { group: 'full', long: seconds(state, 1) > PATIENCE } : { group: 'preview', urgent: true }
    return Promise.all(
      allInits(state).map(async (init) => {
        const input = stage === 'preview' ? preview(state, init) : network(state, init)
        const key = JSON.stringify([kind, input])
        const found = known.get(key) ?? (await engine.do(kind, input, job))
        remember(known, key, found)
        return found
      }),
    )
  }

  async function show(stage: Stage, state: LabState): Promise<void> {
    const turn = latest
    try {
      const result = await experiments(stage, state)
      // a preview is worth showing while the next one is on its way, but not after the full run; nothing else that is out of date is
      if (stage === 'preview' ? measured >= turn : turn !== latest) return
      if (stage === 'full') measured = turn
      listener.onOutcome({ stage, state, experiments: result })
    } catch (error) {
      if (error instanceof Superseded || turn !== latest) return
      listener.onRefusal((error as Error).message)
      if (stage !== 'theory') await show('theory', state)
    }
  }

  async function glance(state: LabState): Promise<void> {
    if (previewing) {
      waiting = state
      return
    }
    previewing = true
    const cost = seconds({ ...state, batch: PREVIEW_BATCH, seeds: 1 }, allInits(state).length)
    await show(cost <= PREVIEW_BUDGET ? 'preview' : 'theory', state)
    previewing = false
    const next = waiting
    waiting = null
    if (rested) settle(rested)
    else if (next) glance(next)
  }

  function settle(state: LabState): void {
    // a preview under way is shown first: what it waits for must not be added to
    rested = previewing ? state : null
    if (previewing) return
    const cost = seconds(state, allInits(state).length)
    if (cost <= BUDGET) {
      show('full', state)
      return
    }
    show('theory', state)
    listener.onTooMuch(cost)
  }

  return {
    change(state) {
      latest++
      rested = null
      clearTimeout(timer)
      engine.cancel('full')
      glance(state)
      timer = setTimeout(() => settle(state), REST)
    },
    run(state) {
      latest++
      rested = null
      clearTimeout(timer)
      waiting = null
      engine.cancel('full')
      show('full', state)
    },
  }
}

/** The options of one initializer's network: those that the command line is given too. */
export function network(state: LabState, init: string): PlainNetwork {
  const { activation, depth, width, batch, seed, seeds, sigmaB } = state
  return { activation, depth, width, batch, seed, seeds, init, backward: true, ...(sigmaB > 0 ? { bias: sigmaB } : {}) }
}

/** The same in little: the engine 'auto' draws what weights do, not the weights, wherever it can. */
function preview(state: LabState, init: string): PlainNetwork {
  return { ...network(state, init), batch: Math.min(state.batch, PREVIEW_BATCH), seeds: 1, engine: 'auto' }
}

/** What a line is called: the reader's own weights by their sigma. */
export function displayName(init: string, state: LabState): string {
  return init === ownInit(state) ? `your σ = ${Number(state.sigmaW!.toFixed(3))}` : init
}

function remember(known: Map<string, Experiment>, key: string, experiment: Experiment): void {
  known.delete(key)
  known.set(key, experiment)
  if (known.size > 40) known.delete(known.keys().next().value!)
}
