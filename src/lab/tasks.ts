/** What the page asks of a worker, and what it gets back: plain data both ways. */

import type { Experiment, NetworkOptions } from '../index'
import type { Race } from '../training/result'
import type { Trained } from '../training/train'
import type { MapCurve } from './cosine-curve'
import type { Passage } from './passage'
import type { PhaseGrid } from './phase-grid'
import type { PlainRace, TrainedRace } from './race-tasks'

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
  /** Trains network number `heat` of a race; its losses come as progress, ten at a time. */
  heat: { input: { race: PlainRace; heat: number }; output: Trained }
  /** The race from all its networks. */
  race: { input: TrainedRace; output: Race }
}

export type TaskKind = keyof Tasks

export interface Request {
  id: number
  kind: TaskKind
  input: unknown
}

export interface Reply {
  id: number
  /** How far the task is; its output is still to come. */
  progress?: unknown
  output?: unknown
  error?: string
}
