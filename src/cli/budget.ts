/** Work and memory of experiments, estimated before they start. */

import type { NetworkOptions } from '../index'
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

export function isLong(networks: readonly NetworkOptions[]): boolean {
  return total(networks) > LONG
}

/** @throws UsageError for work beyond the budget without `yes`, and for more memory than there can be. */
export function requireBudget(networks: readonly NetworkOptions[], yes: boolean): void {
  const bytes = Math.max(...networks.map(bytesOf))
  if (bytes > MEMORY)
    throw new UsageError(
      `--backward keeps every layer's activations, here ${(bytes / 2 ** 30).toFixed(1)} GiB of at most 4; take a smaller --batch, --width or --depth`,
    )
  const work = total(networks)
  if (work > BUDGET && !yes)
    throw new UsageError(
      `this takes about ${work.toExponential(0)} multiplications and additions, ${duration((1000 * work) / RATE)} or so on one thread; add --yes to run it`,
    )
}

function total(networks: readonly NetworkOptions[]): number {
  return networks.reduce((sum, network) => sum + workOf(network), 0)
}

function sizes({ depth = 0, width = 0, widths }: NetworkOptions): readonly number[] {
  return widths ?? [width, ...new Array<number>(depth).fill(width)]
}

function workOf(options: NetworkOptions): number {
  const { batch = 64, seeds = 1, backward = false, input, engine } = options
  const samples = input?.rows ?? batch
  const layers = sizes(options)
  const products = layers.slice(1).reduce((sum, fanOut, i) => sum + fanOut * layers[i], 0)
  // weights integrated out: a batch's worth of each layer's units, against its Gram matrix
  if (engine === 'law') return layers.reduce((a, b) => a + b, 0) * samples * samples * 4 * seeds * (backward ? 3 : 1)
  // a drawn weight costs about as much as 50 multiplications and additions
  return products * seeds * (2 * samples * (backward ? 3 : 1) + 50)
}

function bytesOf(options: NetworkOptions): number {
  const { batch = 64, backward = false, input } = options
  if (!backward) return 0
  const columns = 8 * Math.ceil((input?.rows ?? batch) / 8)
  // activations, and for all but rectifiers what went into them
  return sizes(options).reduce((sum, units) => sum + 4 * units * columns, 0)
}
