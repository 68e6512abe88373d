/** A race on several threads: each worker is this program again, and trains the networks that it is handed one after the other. */

import { parentPort, Worker, workerData } from 'node:worker_threads'
import { type HeatProgress, raceResult, trainHeat } from '../training/race'
import type { Race } from '../training/result'
import { type Heat, heatsOf, type RaceOptions, raceSpec } from '../training/spec'
import type { Trained } from '../training/train'

/** From a worker: how far its network is, and at the end the network. */
interface Message {
  progress: HeatProgress
  trained?: Trained
}

/** Hears of the share of the race that is done, in (0, 1], and of the network that has come on. */
export type RaceListener = (share: number, heat: Heat, progress: HeatProgress) => void

/** The same race as race(options), its networks trained on `threads` threads; `report` hears of the share that is done, in (0, 1]. */
export async function raceOnThreads(options: RaceOptions, threads: number, report: RaceListener): Promise<Race> {
  const spec = raceSpec('race', options)
  const heats = heatsOf(spec)
  const shares = new Array<number>(heats.length).fill(0)
  const note = (i: number, progress: HeatProgress) => {
    shares[i] = progress.share
    report(shares.reduce((a, b) => a + b) / heats.length, heats[i], progress)
  }
  if (threads === 1)
    return raceResult(
      spec,
      heats.map((heat, i) => trainHeat(spec, heat, (progress) => note(i, progress))),
    )
  const trained = new Array<Trained>(heats.length)
  const waiting = heats.keys()
  const workers = Array.from({ length: Math.min(threads, heats.length) }, () => startWorker(options))
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const i of waiting) trained[i] = await trainIn(worker, i, (progress) => note(i, progress))
      }),
    )
  } finally {
    for (const worker of workers) await worker.terminate()
  }
  return raceResult(spec, trained)
}

function startWorker(options: RaceOptions): Worker {
  return new Worker(new URL(import.meta.url), { workerData: options })
}

function trainIn(worker: Worker, heat: number, report: (progress: HeatProgress) => void): Promise<Trained> {
  return new Promise((resolve, reject) => {
    const hear = ({ progress, trained }: Message) => {
      report(progress)
      if (trained === undefined) return
      worker.off('message', hear)
      worker.off('error', reject)
      resolve(trained)
    }
    worker.on('message', hear)
    worker.on('error', reject)
    worker.postMessage(heat)
  })
}

/** What a worker does: for each number of a network that comes in, trains it and sends it back. */
export function trainForParent(): void {
  const spec = raceSpec('race', workerData)
  const heats = heatsOf(spec)
  const post = (message: Message) => parentPort?.postMessage(message)
  parentPort?.on('message', (heat: number) => {
    let last: HeatProgress | undefined
    const trained = trainHeat(spec, heats[heat], (progress) => {
      last = progress
      post({ progress })
    })
    post({ progress: last!, trained })
  })
}
