/** What the page asks of a worker, and what it gets back: plain data both ways. */

import type { Experiment, NetworkOptions } from '../index'
import type { MapCurve } from './cosine-curve'
import type { Passage } from './passage'
import type { PhaseGrid } from './phase-grid'

/** Options that survive the way to a worker. */
export type PlainNetwork = Omit<NetworkOptions, 'onProgress' | 'input' | 'activation'> & { activation: string }

export interface Tasks {
  /** Sends a batch through a real network. */
  run: { input: PlainNetwork; output: Experiment }
  /** The same result as theory has it, nothing measured. */
  predict: { input: PlainNetwork; output: Experiment }
  /** The names of the activations that networks are run with. */
  runnable: { input: null; output: string[] }
  phase: { input: { activation: string }; output: PhaseGrid }
  map: { input: { experiment: Experiment }; output: MapCurve }
  passage: { input: PlainNetwork; output: Passage }
}

export type TaskKind = keyof Tasks

export interface Request {
  id: number
  kind: TaskKind
  input: unknown
}

export interface Reply {
  id: number
  output?: unknown
  error?: string
}
