import { wrongValue } from '../check'
import type { Experiment } from '../network/result'
import type { NetworkOptions } from '../network/spec'
import { type ParallelOptions, propagateOn, type ThreadHost } from './propagate-on'
import { webPool } from './web-pool'

const WEB: ThreadHost = {
  cores: () => navigator.hardwareConcurrency,
  open(_, worker) {
    if (typeof Worker === 'undefined')
      wrongValue('propagateAsync', 'Worker', 'a host that has it; use propagate, which needs none', undefined)
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
