/** Workers and the tasks that wait for them; work that nobody wants any more is stopped, not waited for. */

import type { Reply, Request, TaskKind, Tasks } from './tasks'

/** A task was given up because a newer one took its place. */
export class Superseded extends Error {
  override name = 'Superseded'
}

interface Job {
  request: Request
  /** Jobs of one group are given up together. */
  group: string
  /** Too long to be waited for when it is given up. */
  long: boolean
  urgent: boolean
  onProgress: (progress: unknown) => void
  resolve: (output: unknown) => void
  reject: (error: Error) => void
}

interface Hand {
  worker: Worker
  job: Job | null
  /** Takes only what must be answered at once. */
  quick: boolean
}

export interface Engine {
  /** @throws Superseded when cancel(group) came first, Error with the library's message when it refused */
  do<K extends TaskKind>(kind: K, input: Tasks[K]['input'], options: JobOptions): Promise<Tasks[K]['output']>
  cancel(group: string): void
}

interface JobOptions {
  group: string
  long?: boolean
  /** Answered before all else: one worker waits for nothing but such jobs. */
  urgent?: boolean
  /** Hears of the task while it runs; not after it was given up. */
  onProgress?: (progress: unknown) => void
}

// two for work, one that a drag never has to wait for
const QUICK = [true, false, false]

export function engine(): Engine {
  const waiting: Job[] = []
  const hands: Hand[] = []
  let lastId = 0

  function start(hand: Hand): void {
    hand.worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
    hand.worker.onmessage = ({ data }: MessageEvent<Reply>) => finish(hand, data)
    hand.worker.onerror = (event) => {
      event.preventDefault()
      hand.worker.terminate()
      hand.job?.reject(new Error('The worker stopped: reload the page, or ask it for less.'))
      hand.job = null
      start(hand)
    }
  }

  function finish(hand: Hand, { id, progress, output, error }: Reply): void {
    const job = hand.job
    if (progress !== undefined) {
      if (job?.request.id === id) job.onProgress(progress)
      return
    }
    hand.job = null
    next()
    if (error === undefined) job?.resolve(output)
    else job?.reject(new Error(error))
  }

  function next(): void {
    for (const hand of hands) {
      if (hand.job !== null) continue
      const urgent = waiting.findIndex((job) => job.urgent)
      const at = urgent >= 0 || hand.quick ? urgent : 0
      const [job] = at < 0 ? [] : waiting.splice(at, 1)
      if (job === undefined) continue
      hand.job = job
      hand.worker.postMessage(job.request)
    }
  }

  for (const quick of QUICK) {
    const hand = { job: null, quick } as Hand
    start(hand)
    hands.push(hand)
  }

  return {
    do: (kind, input, { group, long = false, urgent = false, onProgress = () => {} }) =>
      new Promise((resolve, reject) => {
        const request = { id: ++lastId, kind, input }
        waiting.push({ request, group, long, urgent, onProgress, resolve: resolve as Job['resolve'], reject })
        next()
      }),
    cancel(group) {
      for (let i = waiting.length - 1; i >= 0; i--)
        if (waiting[i].group === group) waiting.splice(i, 1)[0].reject(new Superseded())
      for (const hand of hands) {
        if (hand.job?.group !== group) continue
        hand.job.reject(new Superseded())
        if (!hand.job.long) continue
        hand.worker.terminate()
        hand.job = null
        start(hand)
      }
      next()
    },
  }
}
