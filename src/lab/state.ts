/** What the reader has chosen: a network, and the initializations it is started with. */

export interface LabState {
  activation: string
  depth: number
  width: number
  batch: number
  seed: number
  seeds: number
  /** Names of initializers. */
  inits: readonly string[]
  /** sqrt(fanIn) times the standard deviation of the reader's own weights; null without them. */
  sigmaW: number | null
  /** Standard deviation of the biases. */
  sigmaB: number
}

export interface Limits {
  min: number
  max: number
  integer: boolean
}

/** The numbers of a state, and the stretch each must lie in. */
export const LIMITS = {
  depth: { min: 1, max: 200, integer: true },
  width: { min: 1, max: 1024, integer: true },
  batch: { min: 1, max: 256, integer: true },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER - 64, integer: true },
  seeds: { min: 1, max: 64, integer: true },
  sigmaW: { min: 0.05, max: 3, integer: false },
  sigmaB: { min: 0, max: 1, integer: false },
} as const satisfies Record<string, Limits>

export type NumberField = keyof typeof LIMITS

export const MOST_INITS = 5

export const INITIAL: LabState = {
  activation: 'relu',
  depth: 50,
  width: 256,
  batch: 64,
  seed: 0,
  seeds: 1,
  inits: ['he-normal', 'xavier-normal', 'xavier-simple'],
  sigmaW: null,
  sigmaB: 0,
}

/** The nearest value within the limits. */
export function clamp(field: NumberField, value: number): number {
  const { min, max, integer }: Limits = LIMITS[field]
  return Math.min(max, Math.max(min, integer ? Math.round(value) : value))
}

/** The name of the reader's own initializer: the command line draws the same weights under it. */
export function ownInit({ sigmaW, width }: LabState): string | null {
  return sigmaW === null ? null : `normal:${Number((sigmaW / Math.sqrt(width)).toPrecision(6))}`
}

/** Every initializer of the state by name, the reader's own last. */
export function allInits(state: LabState): string[] {
  const own = ownInit(state)
  return own === null || state.inits.includes(own) ? [...state.inits] : [...state.inits, own]
}

// Multiply-adds that the kernels do in about a second on a slow machine, and what drawing a weight costs in them.
const PER_SECOND = 5e9
const PER_WEIGHT = 40

/** About how many seconds of work a state is: forward, backward and the gradients' norms, weights drawn twice. */
export function seconds(state: Pick<LabState, 'depth' | 'width' | 'batch' | 'seeds'>, inits: number): number {
  const { depth, width, batch, seeds } = state
  const layer = width * width * (2 * batch + 2 * PER_WEIGHT) + 2 * batch * batch * width
  return (inits * seeds * depth * layer) / PER_SECOND
}
