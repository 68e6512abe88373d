/** Does the computing, one task a message, away from the page. */

import { activationNames, propagate } from '../index'
import { cosineCurve } from './cosine-curve'
import { passage } from './passage'
import { phaseGrid } from './phase-grid'
import { predict } from './predict'
import { finishRace, trainHeatOf } from './race-tasks'
import type { Reply, Request, TaskKind, Tasks } from './tasks'

type Report = (progress: unknown) => void

const DO: { [K in TaskKind]: (input: Tasks[K]['input'], report: Report) => Tasks[K]['output'] } = {
  run: propagate,
  predict,
  runnable: () => activationNames.filter(isRunnable),
  phase: ({ activation }) => phaseGrid(activation),
  map: ({ experiment }) => cosineCurve(experiment),
  passage,
  heat: trainHeatOf,
  race: finishRace,
}

/** Whether a network of one unit takes it; the engine refuses what its kernels cannot run. */
function isRunnable(activation: string): boolean {
  try {
    propagate({ depth: 1, width: 1, batch: 1, activation, init: 'ones' })
    return true
  } catch {
    return false
  }
}

addEventListener('message', ({ data: { id, kind, input } }: MessageEvent<Request>) => {
  const reply: Reply = { id }
  try {
    reply.output = (DO[kind] as (input: unknown, report: Report) => unknown)(input, (progress) =>
      postMessage({ id, progress }),
    )
  } catch (error) {
    reply.error = error instanceof Error ? error.message : String(error)
  }
  postMessage(reply)
})
