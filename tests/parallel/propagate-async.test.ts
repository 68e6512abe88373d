import { expect, test } from 'vitest'
import { OutOfMemoryError, propagate } from '../../src/index'
import type { NetworkOptions } from '../../src/network/spec'
import type { NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import type { ParallelOptions } from '../../src/parallel'

// The same suite over Node's threads and over Web Workers, with the modules of the last build.

const inNode = typeof process === 'object' && typeof window === 'undefined'
const { propagateAsync, propagateNetworkAsync } = inNode
  ? await import('../../src/node/propagate-async')
  : await import('../../src/parallel/propagate-async')
const built = inNode ? 'seed-task.js' : 'seed-worker.js'
const worker = inNode
  ? new URL(`../../dist/${built}`, import.meta.url).href
  : new URL(`/dist/${built}`, location.href).href
const run = (network: NetworkOptions, how: ParallelOptions = {}) => propagateAsync(network, { worker, ...how })

const NETWORK = { depth: 5, width: 40, batch: 9, seed: 3, seeds: 7, backward: true, activation: 'gelu' }
/** Hours of work. */
const ENDLESS = { depth: 50, width: 512, seeds: 10_000 }

test.each([1, 2, 3, 20])('on %i workers it gives what propagate gives, number for number', async (workers) => {
  expect(await run(NETWORK, { workers })).toEqual(propagate(NETWORK))
})

/** One of every kind of layer. */
const DOCUMENT: NetworkDocument = {
  input: [3, 4, 4],
  layers: [
    { kind: 'conv', channels: 4, kernel: 3, bias: 0.1 },
    { kind: 'activation', name: 'gelu' },
    { kind: 'residual', scale: 0.5, layers: [{ kind: 'layerNorm' }, { kind: 'conv', channels: 4, kernel: 3 }] },
    { kind: 'repeat', times: 2, layers: [{ kind: 'dense', units: 9 }, { kind: 'rmsNorm' }] },
    { kind: 'dense', units: 5, init: 'orthogonal' },
  ],
}

test.each([1, 2, 20])(
  'a document on %i workers gives what propagateNetwork gives, number for number',
  async (workers) => {
    const options = { batch: 9, seed: 3, seeds: 7, backward: true, jacobian: { probes: 2 }, learningRate: 0.1 }
    const heard: number[] = []
    const onProgress = ({ done }: { done: number }) => void heard.push(done)
    const found = await propagateNetworkAsync(DOCUMENT, { ...options, onProgress }, { worker, workers, onProgress })
    expect(found).toEqual(propagateNetwork(DOCUMENT, options))
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7].flatMap((done) => [done, done]))
  },
)

test('a document on threads is given up with the reason of its signal, and what the caller changes later is not heard of', async () => {
  const controller = new AbortController()
  const endless = { depth: 50, width: 512 }
  const onProgress = () => controller.abort('enough')
  const how = { worker, workers: 2, signal: controller.signal, onProgress }
  await expect(propagateNetworkAsync(endless, { seeds: 10_000 }, how)).rejects.toBe('enough')
  const changing = { depth: 3, width: 8 }
  const promise = propagateNetworkAsync(changing, { seeds: 2 }, { worker, workers: 1 })
  changing.width = 4
  expect(await promise).toEqual(propagateNetwork({ depth: 3, width: 8 }, { seeds: 2 }))
})

test.each([
  [{ depth: 0, width: 4 }, {}, {}, 'propagateNetworkAsync: network.depth expected'],
  [{ depth: 1, width: 4 }, { batch: 0 }, {}, 'propagateNetworkAsync: batch expected'],
  [{ depth: 1, width: 4 }, {}, { wokers: 2 }, "did you mean 'workers'?"],
  [
    { input: [4], layers: [{ kind: 'residual', layers: [{ kind: 'activation', name: Math.tanh }] }] },
    {},
    {},
    'propagateNetworkAsync: network.layers[0].layers[0].name expected a name (functions cannot be sent to a worker',
  ],
  [{ depth: 1, width: 4, activation: Math.tanh }, {}, {}, 'network.activation expected a name'],
] as const)(
  'the document %j with %j and %j is refused before any worker starts',
  async (network, options, how, words) => {
    const run = propagateNetworkAsync(network as never, options, { ...how, worker: 'no/such.js' } as never)
    await expect(run).rejects.toThrow(words)
  },
)

test('a batch of one’s own, probes, a bias and the law engine come through too; what the caller changes later does not', async () => {
  const data = Float32Array.from({ length: 24 }, (_, i) => i / 8 - 1)
  const network = { widths: [6, 30, 4], bias: 0.3, seeds: 3, engine: 'law', jacobian: { probes: 3 } } as const
  const wanted = propagate({ ...network, input: { data: data.slice(), rows: 4, columns: 6, name: 'x' } })
  const widths: number[] = [...network.widths]
  const promise = run({ ...network, widths, input: { data, rows: 4, columns: 6, name: 'x' } }, { workers: 2 })
  data.fill(7)
  widths[1] = 2
  expect(await promise).toEqual(wanted)
})

test('both listeners of progress hear of each seed: 1 to 7 of 7', async () => {
  const heard: string[] = []
  const note = ({ done, total }: { done: number; total: number }) => void heard.push(`${done}/${total}`)
  await run({ ...NETWORK, onProgress: note }, { workers: 3, onProgress: note })
  expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7].flatMap((done) => [`${done}/7`, `${done}/7`]))
})

test('aborted in the middle, it rejects with the reason of the signal, and no seed comes any more', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  let seen = 0
  const promise = run(ENDLESS, {
    workers: 2,
    signal: controller.signal,
    onProgress: () => {
      seen++
      if (seen === 2) controller.abort(reason)
    },
  })
  await expect(promise).rejects.toBe(reason)
  const before = seen
  // a seed takes far less
  await new Promise((wake) => setTimeout(wake, 1000))
  expect(seen).toBe(before)
})

test('a signal that was aborted before rejects at once, one of AbortSignal.timeout with its TimeoutError', async () => {
  await expect(run(ENDLESS, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  await expect(run(ENDLESS, { signal: AbortSignal.timeout(500) })).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('what a listener throws ends the experiment', async () => {
  const onProgress = () => {
    throw new Error('from the listener')
  }
  await expect(run(ENDLESS, { workers: 2, onProgress })).rejects.toThrow('from the listener')
})

test('a worker’s lack of memory is an OutOfMemoryError with its bytes', async () => {
  // the sample alone would take 4 GiB
  const network = { widths: [1 << 24, 1], batch: 64, seeds: 2 }
  await expect(run(network, { workers: 1 })).rejects.toBeInstanceOf(OutOfMemoryError)
})

test('a module that is not there is an error, not a wait or a crash', async () => {
  const nowhere = new URL(worker.replace(built, 'no-such-module.js'))
  await expect(run(NETWORK, { worker: nowhere, workers: 2 })).rejects.toThrow(/no-such-module|could not be loaded/)
})

test.each([
  [{ depth: 0, width: 4 }, {}, 'propagateAsync: depth expected'],
  [{ depth: 1, width: 4, init: 'he-nomal' }, {}, "'he-normal'"],
  [{ depth: 1, width: 4, activation: Math.tanh }, {}, 'propagateAsync: activation expected a name (functions cannot'],
  [{ depth: 1, width: 4 }, { workers: 0 }, 'propagateAsync: workers expected'],
  [{ depth: 1, width: 4 }, { wokers: 2 }, "did you mean 'workers'?"],
  [{ depth: 1, width: 4 }, { signal: {} }, 'propagateAsync: signal expected an AbortSignal'],
] as const)('%j with %j is refused before any worker starts', async (network, how, words) => {
  await expect(propagateAsync(network, { ...how, worker: 'no/such.js' } as never)).rejects.toThrow(words)
})
