/** Work and memory of experiments, estimated before they start. */

import type { NetworkOptions } from '../index'
import { networkSpec } from '../network/spec'
import { UsageError } from './exit-code'
import { duration } from './progress'

/** Multiplications and additions from which threads are worth their start: about a second's. */
const LONG = 2e10
/** What one thread does in a second, about. */
const RATE = 4e10
/** Beyond it the user is asked: about ten minutes of one thread. */
const BUDGET = 600 * RATE
/** What WebAssembly can address, less what the kernels need beside. */
const MEMORY = 2 ** 32 - 2 ** 22

/** Whether work of so many multiplications and additions is worth threads. */
export function isLong(work: number): boolean {
  return work > LONG
}

/** @throws UsageError for work beyond the budget without `yes` */
export function requireBudget(work: number, yes: boolean): void {
  if (work > BUDGET && !yes)
    throw new UsageError(
      `this takes about ${work.toExponential(0)} multiplications and additions, ${duration((1000 * work) / RATE)} or so on one thread; add --yes to run it`,
    )
}

/** @throws UsageError for more memory than there can be */
export function requireMemory(network: NetworkOptions): void {
  const bytes = bytesOf(network)
  if (bytes <= MEMORY) return
  const size = `${(bytes / 2 ** 30).toFixed(1)} GiB of at most 4`
  throw new UsageError(
    network.backward
      ? `--backward keeps every layer's activations, here ${size}; take a smaller --batch, --width or --depth`
      : `the batch takes ${size} of memory from layer to layer; take a smaller --batch or --width`,
  )
}

function sizes({ depth = 0, width = 0, widths }: NetworkOptions): readonly number[] {
  return widths ?? [width, ...new Array<number>(depth).fill(width)]
}

/** Multiplications and additions of an experiment, about. */
export function workOf(options: NetworkOptions): number {
  const { batch = 64, seeds = 1, backward = false, input, engine } = options
  const samples = input?.rows ?? batch
  const layers = sizes(options)
  const products = layers.slice(1).reduce((sum, fanOut, i) => sum + fanOut * layers[i], 0)
  // weights integrated out: a batch's worth of each layer's units, against its Gram matrix
  if (engine === 'law') return layers.reduce((a, b) => a + b, 0) * samples * samples * 4 * seeds * (backward ? 3 : 1)
  // a drawn weight costs about as much as 50 multiplications and additions
  return products * seeds * (2 * samples * (backward ? 3 : 1) + 50 + jacobianWork(options, layers))
}

/** Multiplications and additions a weight: of 8 directions at once there and back, or of a unit vector for each unit of the last layer. */
function jacobianWork({ jacobian }: NetworkOptions, layers: readonly number[]): number {
  if (jacobian === undefined) return 0
  if (jacobian === 'exact') return 50 + 2 * layers[layers.length - 1]
  return Math.ceil(jacobian.probes / 8) * 2 * (50 + 16)
}

/** What one seed keeps at once, without the work space of a layer. */
function bytesOf(options: NetworkOptions): number {
  const { widths, activation, batch, backward } = networkSpec('propagate', options)
  const columns = 8 * Math.ceil(batch / 8)
  const [features, ...layers] = widths
  const widest = (units: readonly number[]) => units.reduce((a, b) => Math.max(a, b))
  const input = features * (batch + columns)
  if (!backward) return 4 * (input + 2 * columns * widest(layers))
  // activations, and for all but rectifiers what went into them
  const copies = activation.keeps === 'input' ? 2 : 1
  const kept = copies * layers.reduce((a, b) => a + b)
  return 4 * (input + columns * (kept + 2 * widest(widths.slice(0, -1))))
}
