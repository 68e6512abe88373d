import { expect, test } from 'vitest'
import type { LayerDocument, NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { networkSeedsFor } from '../../src/networks/seeds-needed'
import { propagate } from '../../src/report/propagate'
import { seedsFor } from '../../src/report/seeds-needed'

const f = (name: string): LayerDocument => ({ kind: 'activation', name })
const dense = (units: number, init?: string): LayerDocument => ({ kind: 'dense', units, ...(init ? { init } : {}) })
const times = (count: number, layers: LayerDocument[]): LayerDocument => ({ kind: 'repeat', times: count, layers })
const verdictOf = (network: NetworkDocument, options: object = {}) =>
  propagateNetwork(network, { batch: 4, seeds: 6, seed: 2, backward: true, ...options }).verdict
const branch = [dense(64), f('relu'), dense(64, 'lecun-normal')]
const blocks = (count: number, scale: number, layers: LayerDocument[]): NetworkDocument => ({
  input: [64],
  layers: [times(count, [{ kind: 'residual', scale, layers }])],
})
const chain = (...layers: LayerDocument[]): NetworkDocument => ({ input: [64], layers })

test.each([
  [{ depth: 30, width: 64, init: 'xavier-simple' }],
  [{ depth: 30, width: 256 }],
  [{ depth: 50, width: 16 }],
  [{ depth: 12, width: 64, init: 'normal:2', activation: 'tanh' }],
  [{ depth: 20, width: 64, init: 'normal:1' }],
  [{ depth: 2000, width: 16, init: 'xavier-simple' }],
])('%j has as a document the code that it has from propagate', (network) => {
  const options = { batch: 4, seeds: 3, seed: 2, backward: true }
  expect(verdictOf(network, options).code).toBe(propagate({ ...network, ...options }).verdict.code)
})

test('variance 1/fanIn under ReLU: the cause, where most of it is, and the factor sqrt 2', () => {
  const { text, fix } = verdictOf({ depth: 30, width: 64, init: 'xavier-simple' })
  expect(text).toMatch(
    /^The second moment going forward halves in every layer \(.*e-10 of the input's is left at layers\[58\]\)/,
  )
  expect(text).toMatch(
    /most of it at layers\[\d+\] \(dense\), x 0\.\d+: its weights have variance 1\/fanIn and ReLU zeroes half/,
  )
  expect(fix).toBe('Multiply its weights by 1.414, or use he-normal: variance 2/fanIn.')
})

test.each([3, 10])(
  'one layer of standard deviation 0.001 after %i good ones is named, to be multiplied by sqrt(2/64)/0.001 = 176.8',
  (before) => {
    const network = chain(
      times(before, [dense(64), f('relu')]),
      ...[dense(64, 'normal:0.001'), f('relu')],
      times(10, [dense(64), f('relu')]),
    )
    const { code, text, fix } = verdictOf(network)
    expect(code).toBe('vanishing')
    expect(text).toMatch(/most of it at layers\[1\] \(dense\), x [\d.]+e-5: its weights have variance 0.000064\/fanIn/)
    expect(text).toMatch(/going forward is multiplied by [\d.]+e-5 in one layer alone/)
    // sqrt(2/64)/0.001
    expect(fix).toContain('Multiply its weights by 176.8,')
  },
)

test('a residual network that grows by 1.1 a block is stable over 20 blocks, and over 40 its branches are to be 1/sqrt(40) of what they are by', () => {
  expect(verdictOf(blocks(20, Math.sqrt(0.1), branch)).code).toBe('stable')
  const { code, text, fix } = verdictOf(blocks(40, Math.sqrt(0.1), branch))
  expect(code).toBe('exploding')
  expect(text).toContain('is multiplied by 1.1 in every block')
  expect(fix).toMatch(/^Scale the 40 branches by 0\.1\d+ in place of 0.3162/)
})

test('normalised branches add to the signal a term a block, 81-fold in 40: no exponential, and stable; branches that begin at 0 too', () => {
  const { code, text } = verdictOf(blocks(40, 1, [{ kind: 'layerNorm' }, dense(64), f('relu'), dense(64)]))
  expect(code).toBe('stable')
  expect(text).toContain('per block, too little for this depth to lose it')
  expect(verdictOf(blocks(10, 1, [dense(64), f('relu'), dense(64, 'zeros')])).code).toBe('stable')
})

test('batch norms explode the gradient by pi/(pi - 1) a layer, whatever the weights, which are not to be changed', () => {
  const network = chain(times(20, [dense(64), { kind: 'batchNorm' }, f('relu')]))
  const { code, text, fix } = verdictOf(network, { batch: 64 })
  expect(code).toBe('backward-exploding')
  expect(text).toContain('its batchNorm passes')
  expect(fix).toContain('residual block')
})

test('branches that end in ReLU have no theory: judged by the 95 % confidence of their seeds, which is said; one seed has none', () => {
  const network = blocks(20, 1, [dense(64), f('relu')])
  const { code, text } = verdictOf(network)
  expect(code).toBe('exploding')
  expect(text).toMatch(/theory has no formula here, 95 % confidence of what is left is [\d.]+e8 to [\d.]+e9\.$/)
  expect(verdictOf(network, { seeds: 1 }).text).toContain('theory has no formula here, and one seed gives no interval.')
})

test('dead, underflow and overflow name the layer: zeros, two ReLU units, float32 beyond its ends', () => {
  expect(verdictOf(chain(dense(4, 'zeros'), f('relu'), dense(3))).text).toBe(
    'layers[0] is all 0: its weights pass nothing on.',
  )
  const two = verdictOf({ input: [4], layers: [times(12, [dense(2), f('relu')])] }, { batch: 1, seeds: 8 })
  expect(two.code).toBe('dead')
  expect(two.text).toMatch(/^In \d of 8 seeds, layers\[0\]\[\d+\]\[[01]\] is dead: all 2 units are 0/)
  const vast = verdictOf(chain(dense(4, 'normal:1e30'), dense(4, 'normal:1e30')), { rescale: false })
  expect([vast.code, vast.text.slice(0, 21)]).toEqual(['overflow', 'layers[1] is infinite'])
  const faint = verdictOf({ depth: 400, width: 32, init: 'xavier-simple' }, { rescale: false })
  expect(faint.code).toBe('underflow')
})

test('zero padding takes the signal from the borders of He convolutions: another padding, and not other weights', () => {
  const layers = [times(20, [{ kind: 'conv', channels: 32, kernel: 3 } as const, f('relu')])]
  const { code, fix } = verdictOf({ input: [8, 4, 4], layers }, { seeds: 3 })
  expect(code).toBe('vanishing')
  expect(fix).toContain("Pad by 'circular' or 'reflect'")
})

test('two samples of mean squares 1.6 and 0.4 through tanh are off theory, which takes them to be equal', () => {
  const data = Float32Array.from({ length: 128 }, (_, i) => (i < 64 ? Math.sqrt(1.6) : (-1) ** i * Math.sqrt(0.4)))
  const input = { data, rows: 2, columns: 64 }
  const network = chain(dense(64, 'normal:0.2'), f('tanh'))
  const { code, text } = verdictOf(network, { batch: undefined, input, seeds: 400, backward: false })
  expect(code).toBe('off-theory')
  // <tanh^2> is concave in q: more at the mean square of both than in the mean of theirs
  expect(text).toMatch(/^The second moment at layers\[0\] is 0\.5\d\d where theory has 0\.5\d\d,/)
})

test('seeds needed for 10 % after the last layer are those of the plain network; without a band by measurement alone', () => {
  const options = { batch: 4, seeds: 5, seed: 2 }
  const document = propagateNetwork({ depth: 9, width: 32 }, options)
  expect(networkSeedsFor(document)).toEqual(seedsFor(propagate({ depth: 9, width: 32, ...options })))
  const unknown = networkSeedsFor(propagateNetwork(blocks(3, 1, [dense(64), f('relu')]), options))
  expect(unknown.theory).toBeNull()
  expect(unknown.measured).toBeGreaterThan(0)
})
