import { wrongValue } from '../check'
import type { Experiment } from '../network/result'
import type { NetworkOptions } from '../network/spec'
import type { NetworkDocument } from '../networks/document'
import type { NetworkExperiment } from '../networks/result'
import type { NetworkExperimentOptions } from '../networks/spec'
import { type ParallelOptions, propagateNetworkOn, propagateOn, type ThreadHost } from './propagate-on'
import { webPool } from './web-pool'

const WEB: ThreadHost = {
  cores: () => navigator.hardwareConcurrency,
  open(_, worker) {
    if (typeof Worker === 'undefined')
      wrongValue(
        'propagateAsync',
        'Worker',
        'a host that has it; use propagate or propagateNetwork, which need none',
        undefined,
      )
    return webPool(() =>
      worker === undefined
        ? // as bundlers look for it
          new Worker(new URL('./seed-worker.js', import.meta.url), { type: 'module' })
        : new Worker(worker, { type: 'module' }),
    )
  },
}

/**
 * Does what `propagate` does with its seeds over several threads, while this one goes on: worker threads in Node, Web Workers elsewhere.
 * No memory is shared. The same options give the bits of `propagate` at any number of workers. A worker that dies is replaced and its seed
 * run once more. `activation` is a name: functions cannot be sent to a worker. The options are copied at the call.
 * A page that sets a Content-Security-Policy allows 'wasm-unsafe-eval' in script-src, and its own origin in worker-src.
 * Returns plain data, the caller's.
 * @throws (rejects with) TypeError or RangeError naming the option, OutOfMemoryError, the reason of `signal`, or Error with the seed and
 * the configuration at which a worker died twice
 */
export function propagateAsync(network: NetworkOptions, how: ParallelOptions = {}): Promise<Experiment> {
  return propagateOn(WEB, network, how)
}

/**
 * Does what `propagateNetwork` does with its seeds over several threads, as propagateAsync does what `propagate` does: the bits are the same at any number
 * of workers. Activations are names. Document and options are copied at the call. Returns plain data, the caller's.
 * @throws (rejects with) TypeError or RangeError naming the layer's path or the option, OutOfMemoryError, the reason of `signal`, or Error with the seed
 * and the configuration at which a worker died twice
 */
export function propagateNetworkAsync(
  network: NetworkDocument,
  options: NetworkExperimentOptions = {},
  how: ParallelOptions = {},
): Promise<NetworkExperiment> {
  return propagateNetworkOn(WEB, network, options, how)
}
