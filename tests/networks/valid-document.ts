import * as fc from 'fast-check'
import type { LayerDocument, LayeredNetwork, NetworkDocument } from '../../src/networks/document'

/** What a layer is made of once the size before it is known. */
const choice = fc.record({
  kind: fc.constantFrom('dense', 'conv', 'activation', 'norm', 'residual', 'repeat'),
  size: fc.integer({ min: 1, max: 6 }),
  kernel: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant('each')),
  stride: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  padding: fc.constantFrom(undefined, 'zero', 'circular', 'reflect', 'none'),
  groups: fc.constantFrom(undefined, 1, 2),
  bias: fc.constantFrom(undefined, 0, 0.25),
  init: fc.constantFrom(undefined, 'he-normal', 'normal:0.1', 'uniform:.5', 'orthogonal', 'truncated-normal:2e-2'),
  name: fc.constantFrom('relu', 'tanh', 'gelu', 'leaky-relu:0.2', 'elu:1.5', 'silu'),
  norm: fc.constantFrom('layerNorm', 'rmsNorm', 'batchNorm'),
  scale: fc.constantFrom(undefined, 0.5, -1),
  named: fc.boolean(),
})
type Choice = (typeof choice extends fc.Arbitrary<infer T> ? T : never) & { stream?: string }

/** The choice as a layer that fits behind [channels, ...space], and what comes out of it. */
function layerOf(c: Choice, from: readonly number[]): { layer: LayerDocument; to: number[] } {
  const drawn = known({ init: c.init, bias: c.bias, stream: c.stream })
  const keeps = [...from]
  switch (c.kind) {
    case 'dense':
      return { layer: { kind: 'dense', units: c.size, ...drawn }, to: [c.size] }
    case 'conv':
      return from.length > 1 ? convOf(c, from, drawn) : layerOf({ ...c, kind: 'dense' }, from)
    case 'norm':
      return { layer: { kind: c.norm }, to: keeps }
    case 'residual': {
      const end: LayerDocument =
        from.length === 1
          ? { kind: 'dense', units: from[0], ...drawn }
          : { kind: 'conv', channels: from[0], kernel: 3, ...drawn }
      const layers: LayerDocument[] = [{ kind: c.norm }, { kind: 'activation', name: c.name }, end]
      return { layer: { kind: 'residual', ...known({ scale: c.scale }), layers }, to: keeps }
    }
    case 'repeat': {
      const { stream: _, ...alike } = drawn
      const layers: LayerDocument[] = [
        { kind: 'dense', units: c.size, ...alike },
        { kind: 'activation', name: c.name },
      ]
      return { layer: { kind: 'repeat', times: 1 + (c.size % 3), layers }, to: [c.size] }
    }
    default:
      return { layer: { kind: 'activation', name: c.name }, to: keeps }
  }
}

function convOf(c: Choice, from: readonly number[], drawn: object): { layer: LayerDocument; to: number[] } {
  const space = from.slice(1)
  const fits = (k: number, size: number) =>
    c.padding === 'none' ? k <= size : c.padding === 'reflect' ? k <= 2 * size - 1 : k <= 2 * size + 1
  const wanted = c.kernel === 'each' ? 3 : c.kernel
  const k = space.every((size) => fits(wanted, size)) ? wanted : 1
  const groups = c.groups === 2 && from[0] % 2 === 0 ? 2 : c.groups && 1
  const channels = c.size * (groups ?? 1)
  const stride = c.stride ?? 1
  const kernel = c.kernel === 'each' ? space.map(() => k) : k
  const to = space.map((size) =>
    c.padding === 'none' ? Math.floor((size - k) / stride) + 1 : Math.ceil(size / stride),
  )
  const more = known({ stride: c.stride, padding: c.padding, groups })
  return { layer: { kind: 'conv', channels, kernel, ...more, ...drawn }, to: [channels, ...to] }
}

function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

/** A document of layers that fit each other. */
export const layered: fc.Arbitrary<LayeredNetwork> = fc
  .record({
    $schema: fc.constantFrom(undefined, './network.schema.json'),
    input: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
    choices: fc.array(choice, { minLength: 1, maxLength: 5 }),
  })
  .map(({ $schema, input, choices }) => {
    let from: readonly number[] = input
    const layers = choices.map((c, i) => {
      const { layer, to } = layerOf(c.named ? { ...c, stream: `own.${i}` } : c, from)
      from = to
      return layer
    })
    return { ...known({ $schema }), input, layers }
  })

const size = fc.integer({ min: 1, max: 6 })
const dense = fc.record(
  {
    activation: fc.constantFrom('relu', 'tanh'),
    init: fc.constantFrom('he-normal', 'normal:1'),
    bias: fc.constant(0.5),
  },
  { requiredKeys: [] },
)
const short = fc
  .tuple(
    fc.oneof(
      fc.record({ depth: size, width: size }),
      fc.record({ widths: fc.array(size, { minLength: 2, maxLength: 4 }) }),
    ),
    dense,
  )
  .map(([sizes, more]) => ({ ...sizes, ...more }))

/** Any document that the library runs. */
export const validDocument: fc.Arbitrary<NetworkDocument> = fc.oneof({ weight: 4, arbitrary: layered }, short)
