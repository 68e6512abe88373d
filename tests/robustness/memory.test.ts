import { beforeEach, expect, test } from 'vitest'
import { initialize, initNames, moments, propagate } from '../../src/index'
import { inspect } from '../../src/inspect/inspect'
import type { NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { exportNetwork } from '../../src/networks/export'
import { fillNormal } from '../../src/random/draw'
import { race } from '../../src/training/race'
import { bundledKernels } from '../../src/wasm/embedded'
import { init } from '../../src/wasm/init'
import { inArena, kernels } from '../../src/wasm/instance'
import { OutOfMemoryError } from '../../src/wasm/out-of-memory-error'
import { fingerprint } from '../golden/fingerprint'
import { limitedMemory, pagesOf } from './limited-memory'

const bytes = bundledKernels() as Uint8Array<ArrayBuffer>
const whole = new WebAssembly.Module(bytes)

/** A fresh instance, whose memory may be limited. */
beforeEach(() => init(whole))

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const network = { init: 'he-normal', depth: 3, width: 200, batch: 20, seeds: 2, backward: true }

const document: NetworkDocument = {
  input: [4, 12, 12],
  layers: [
    { kind: 'conv', channels: 12, kernel: 3, bias: 0.1 },
    { kind: 'residual', layers: [{ kind: 'batchNorm' }, { kind: 'conv', channels: 12, kernel: 3, groups: 2 }] },
    { kind: 'activation', name: 'gelu' },
    { kind: 'dense', units: 50, init: 'orthogonal' },
  ],
}

const images = { data: new Float32Array(24 * 576).map((_, i) => ((i * 37) % 101) / 50 - 1), rows: 24, columns: 576 }
const labels = { data: new Float32Array(24).map((_, i) => i % 50), rows: 24, columns: 1 }
labels.data[7] = 49
const short = { rates: [0.01], steps: 2, batch: 20 }
const training = {
  ...short,
  network: document,
  inits: ['he-normal', 'lsuv'],
  data: { kind: 'own', features: images, targets: labels } as const,
}
const chain = [
  { name: 'a.weight', shape: [16, 4, 3, 3], data: new Float32Array(576).map((_, i) => ((i * 7) % 19) / 40 - 0.2) },
  {
    name: 'b.weight',
    shape: [30, 16 * 144],
    data: new Float32Array(69_120).map((_, i) => ((i * 7) % 23) / 400 - 0.03),
  },
]

/** Calls that allocate in every way there is. */
const calls: [string, () => ArrayBufferView][] = [
  ['he-normal [300, 500]', () => initialize('he-normal', [300, 500], { seed: 1 })],
  ['truncated-he-normal, 3 x 3 x 20 x 90', () => initialize('truncated-he-normal', [3, 3, 20, 90], { layout: 'HWIO' })],
  ['sparse:0.9 [300, 500]', () => initialize('sparse:0.9', [300, 500])],
  ['moments of 150000 values', () => text(moments(new Float32Array(150_000).fill(0.1)))],
  ['propagate relu', () => text(propagate({ ...network, activation: 'relu' }))],
  ['propagate leaky-relu, biases', () => text(propagate({ ...network, activation: 'leaky-relu:0.2', bias: 0.1 }))],
  ['propagateNetwork forward', () => text(propagateNetwork(document, { batch: 40 }))],
  ['propagateNetwork forward and back', () => text(propagateNetwork(document, { batch: 40, backward: true }))],
  ['race of a document, LSUV and residual branches', () => text(race(training))],
  ['race of a chain and of branches', () => text(race({ ...short, depth: 6, width: 90, inits: ['lsuv', 'fixup'] }))],
  ['inspect of a chain of convolutions with a batch', () => text(inspect(chain, { batch: images }))],
  ['exportNetwork', () => exportNetwork(document, { batch: 24 })],
  ...(initNames.includes('orthogonal')
    ? [['orthogonal [150, 130]', () => initialize('orthogonal', [150, 130])] as [string, () => Float32Array]]
    : []),
]

test.each(calls)(
  '%s: wherever growth fails it throws OutOfMemoryError, and the library draws on as before',
  (_, call) => {
    const least = pagesOf(kernels().memory)
    const wanted = fingerprint(call())
    const most = pagesOf(kernels().memory)
    const small = fingerprint(fillNormal(new Float32Array(64), { seed: 3 }))
    let failures = 0
    for (let pages = least; pages <= most; pages++) {
      init(limitedMemory(bytes, pages))
      try {
        expect(fingerprint(call())).toBe(wanted)
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfMemoryError)
        failures++
      }
      expect(kernels().mark()).toBe(markOfFresh())
      expect(fingerprint(fillNormal(new Float32Array(64), { seed: 3 }))).toBe(small)
    }
    // with all the pages it needs it does not fail, with any fewer it does
    expect(failures).toBe(most - least)
    expect(most).toBeGreaterThan(least)
  },
)

let freshMark: number | undefined
function markOfFresh(): number {
  freshMark ??= (new WebAssembly.Instance(whole).exports as { mark(): number }).mark()
  return freshMark
}

test.each(calls)(
  '%s: gives the same bits in a fresh memory that grows under it as in one that has grown before',
  (_, call) => {
    const growing = fingerprint(call())
    inArena((arena) => arena.allocate(2 ** 24))
    const pages = pagesOf(kernels().memory)
    expect(fingerprint(call())).toBe(growing)
    expect(pagesOf(kernels().memory)).toBe(pages)
  },
)

test('a module that is not the kernels is refused, and the present ones stay', () => {
  const before = fillNormal(new Float32Array(8))
  // the empty module
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  expect(() => init(empty)).toThrow('init: kernels expected those of evenkeel/kernels.wasm')
  expect(() => init(bytes.subarray(0, 1000))).toThrow(RangeError)
  expect(() => init('kernels.wasm' as never)).toThrow(TypeError)
  expect(fillNormal(new Float32Array(8))).toEqual(before)
})
