import type { NetworkDocument } from './document'
import { networkExperiment, networkRunner } from './measure'
import type { NetworkExperiment } from './result'
import type { NetworkExperimentOptions } from './spec'

/**
 * Sends a batch through a network of dense, convolution, activation, norm and residual layers under each seed, and a random gradient
 * back, beside what theory has for wide layers. Returns plain data; the same document and options give the same bits on every engine.
 * Weights of `layers[3]` are initialize(init, shape, { seed, stream: 'layers.3.weight' }) unless the layer names a stream of its own. A
 * homogeneous network is rescaled by powers of two as it goes; one with norms, biases or another activation is not.
 * @throws TypeError or RangeError naming the layer's path or the option, OutOfMemoryError
 */
export function propagateNetwork(network: NetworkDocument, options: NetworkExperimentOptions = {}): NetworkExperiment {
  const where = 'propagateNetwork'
  const run = networkRunner(where, network, options)
  const total = options.seeds ?? 1
  const runs = Array.from({ length: total }, (_, i) => {
    const measurement = run(i)
    options.onProgress?.({ done: i + 1, total })
    return measurement
  })
  return networkExperiment(where, network, options, runs)
}
