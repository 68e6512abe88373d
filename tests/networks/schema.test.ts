import { Ajv2020 } from 'ajv/dist/2020'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkedDocument } from '../../src/networks/check-document'
import type { NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { EXAMPLES, networkSchema } from '../../src/networks/schema'
import { layered, validDocument } from './valid-document'

const validate = new Ajv2020({ allErrors: false }).compile(networkSchema)
const runs = { seed: 5, numRuns: 400 }

function accepted(document: unknown): boolean {
  try {
    checkedDocument('test', document, 'he-normal')
    return true
  } catch (error) {
    // a refusal, and nothing that broke on its way
    expect((error as Error).message).toMatch(/^test: .* expected .*, got /s)
    return false
  }
}

test('documents of every kind of layer that fit together are valid by the schema and by the code', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(validDocument, (document) => {
      for (const kind of JSON.stringify(document).matchAll(/"kind":"(\w+)"/g)) kinds.add(kind[1])
      expect([validate(document), accepted(document)]).toEqual([true, true])
    }),
    runs,
  )
  expect([...kinds].sort()).toEqual(
    Object.keys(networkSchema.$defs)
      .sort()
      .filter((kind) => kind !== 'layer'),
  )
})

type Members = Record<string, unknown>

/** Every object of a document that stands for a layer or the network, outermost first. */
function objects(node: Members): Members[] {
  return [node, ...((node.layers as Members[] | undefined) ?? []).flatMap(objects)]
}

/** For each member, values that no document may have there. */
const WRONG: Record<string, readonly unknown[]> = {
  $schema: [3, null],
  kind: ['denze', 'Dense', '', 3, null, ['dense']],
  units: [0, -1, 2.5, 2 ** 24 + 1, '8', null, [8]],
  channels: [0, 1.5, 2 ** 25, '8', null],
  kernel: [0, -3, 2.5, '3', [], [0], [3, 3, 3], [1.5], ['3'], null, {}],
  stride: [0, 0.5, [], [0], [1, 1, 1], '1', null],
  padding: ['same', 'Zero', '', 1, null],
  groups: [0, -1, 1.5, '1', null],
  init: ['he-norml', 'normal', 'normal:', 'normal:x', 'normal:0x1', 'he-normal:2', ' he-normal', '', 1, null],
  bias: [-0.1, '0', null, [0]],
  stream: ['', 1, null],
  name: ['no-such', 'relu:1', 'leaky-relu:', 'leaky-relu:0x1', 'elu: 1', 'Relu', '', 1, null, {}],
  scale: ['1', null, [1]],
  layers: [[], {}, null, 'dense', [null], [[]], [{}], [3]],
  times: [0, 1.5, -2, '2', 200_001, null],
  input: [[], [0], [1.5], ['8'], [1, 1, 1, 1], [2 ** 24 + 1], 8, null],
  depth: [0, 1.5, 100_001, '5', null],
  width: [0, 1.5, 2 ** 24 + 1, '5', null],
  widths: [[], [8], [8, 0], [8, 1.5], '8,8', null],
  activation: ['no-such', 3, null],
}
const EXTRA = { dilation: 2, Units: 4, type: 'dense', name2: 'x', __proto: {} }
/** What may be left out, so that its absence is no fault. */
const OPTIONAL = ['$schema', 'stride', 'padding', 'groups', 'init', 'bias', 'stream', 'scale', 'activation']

test('one planted fault, whatever it is and wherever it stands, is refused by both', () => {
  const planted = new Set<string>()
  const fault = fc.record({
    where: fc.nat(),
    member: fc.nat(),
    value: fc.nat(),
    how: fc.constantFrom('wrong', 'extra', 'missing'),
  })
  fc.assert(
    fc.property(validDocument, fault, (valid, { where, member, value, how }) => {
      const document = JSON.parse(JSON.stringify(valid)) as Members
      const all = objects(document)
      const node = all[where % all.length]
      const names = Object.keys(node).filter((name) => how !== 'missing' || !OPTIONAL.includes(name))
      const name = how === 'extra' ? Object.keys(EXTRA)[member % 5] : names[member % names.length]
      if (how === 'missing') delete node[name]
      else node[name] = how === 'extra' ? EXTRA[name as never] : WRONG[name][value % WRONG[name].length]
      planted.add(`${how} ${name}`)
      expect([validate(document), accepted(document)], JSON.stringify(document)).toEqual([false, false])
    }),
    { seed: 7, numRuns: 4000 },
  )
  for (const name of Object.keys(WRONG)) expect(planted).toContain(`wrong ${name}`)
  for (const name of ['kind', 'units', 'channels', 'kernel', 'layers', 'times', 'input', 'name', 'depth', 'widths'])
    expect(planted).toContain(`missing ${name}`)
})

test.each([
  ['the two forms mixed', { input: [4], depth: 3, width: 4 }],
  ['widths beside depth', { widths: [4, 4], depth: 1 }],
  ['widths beside width', { widths: [4, 4], width: 4 }],
  ['nothing', {}],
  ['an array', [{ kind: 'dense', units: 4 }]],
  ['a string', 'resnet'],
  ['null', null],
])('%s is refused by both', (_, document) => {
  expect([validate(document), accepted(document)]).toEqual([false, false])
})

const conv = (options: object, input: number[] = [16, 8, 8]) => ({
  input,
  layers: [{ kind: 'conv', channels: 4, kernel: 3, ...options }],
})
const twice = { kind: 'dense', units: 4, stream: 'w' }

test.each([
  ['groups that do not divide', conv({ groups: 3 }), 'network.layers[0].groups'],
  ['channels that are no multiple of the groups', conv({ groups: 8 }), 'network.layers[0].channels'],
  ['a kernel beyond the image', conv({ kernel: 9, padding: 'none' }), 'network.layers[0].kernel'],
  ['padding beyond the image', conv({ kernel: 19, padding: 'circular' }), 'network.layers[0].kernel'],
  ['reflection on a size of 1', conv({ padding: 'reflect' }, [16, 1, 8]), 'network.layers[0].kernel'],
  ['a kernel of other axes', conv({ kernel: [3] }), 'network.layers[0].kernel'],
  ['a convolution of features', conv({}, [16]), 'network.layers[0]'],
  ['a stream that two layers have', { input: [4], layers: [twice, twice] }, 'network.layers[1].stream'],
  [
    'the stream of another path',
    {
      input: [4],
      layers: [
        { ...twice, stream: 'layers.1' },
        { kind: 'dense', units: 4 },
      ],
    },
    'network.layers[1].stream',
  ],
  [
    'a stream within a repeat',
    { input: [4], layers: [{ kind: 'repeat', times: 2, layers: [twice] }] },
    'network.layers[0][1][0].stream',
  ],
  [
    'a branch of another size',
    { input: [8], layers: [{ kind: 'residual', layers: [twice] }] },
    'network.layers[0].layers',
  ],
  ['a negative standard deviation', { depth: 2, width: 4, init: 'normal:-1' }, 'network.init'],
  ['more values than 2^24', { input: [4096, 4097], layers: [{ kind: 'layerNorm' }] }, 'network.input'],
  [
    'more than 200,000 layers',
    {
      input: [1],
      layers: [
        { kind: 'repeat', times: 1000, layers: [{ kind: 'repeat', times: 201, layers: [{ kind: 'rmsNorm' }] }] },
      ],
    },
    'network.layers[0][995][0][5][0]',
  ],
])('what a schema cannot say, %s, it passes, and the code refuses it with the path: %j at %s', (_, document, path) => {
  expect(validate(document)).toBe(true)
  expect(() => checkedDocument('test', document, 'he-normal')).toThrow(`test: ${path} `)
})

test('layers within layers beyond 64 are refused by the code, ten thousand of them too', () => {
  for (const depth of [65, 10_000]) {
    let layer: object = { kind: 'layerNorm' }
    for (let i = 0; i < depth; i++) layer = { kind: 'residual', layers: [layer] }
    expect(() => checkedDocument('test', { input: [4], layers: [layer] }, 'he-normal')).toThrow(
      'at most 64 layers within layers, got 65',
    )
  }
})

describe('defaults', () => {
  const spelled = (document: Members): Members => {
    const defs = networkSchema.$defs as unknown as Record<string, { properties: Record<string, { default?: unknown }> }>
    const filled = (layer: Members): Members => ({
      ...Object.fromEntries(
        Object.entries(defs[layer.kind as string].properties).flatMap(([name, { default: value }]) =>
          value === undefined ? [] : [[name, value]],
        ),
      ),
      ...layer,
      ...(layer.layers ? { layers: (layer.layers as Members[]).map(filled) } : {}),
    })
    return { ...document, layers: (document.layers as Members[]).map(filled) }
  }

  test('a document with every default of the schema written out is the same network', () => {
    fc.assert(
      fc.property(layered, (document) => {
        const whole = spelled(document as unknown as Members)
        expect(validate(whole)).toBe(true)
        const plain = ({ layers }: ReturnType<typeof checkedDocument>) => JSON.stringify(layers)
        expect(plain(checkedDocument('test', whole, 'he-normal'))).toBe(
          plain(checkedDocument('test', document, 'he-normal')),
        )
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})

test.each(EXAMPLES.map((document) => [document as NetworkDocument] as const))(
  'the example %j is valid and runs',
  (document) => {
    expect(validate(document)).toBe(true)
    const { layers } = propagateNetwork(document, { batch: 4, backward: true })
    expect(layers.every(({ forward, backward }) => forward.secondMoment > 0 && backward!.secondMoment > 0)).toBe(true)
  },
)

test('the schema has an address that is no path of a machine, and says of every member what it is', () => {
  expect(networkSchema.$id).toMatch(/^https:\/\//)
  const described = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.every(described)
    if (typeof node !== 'object' || node === null) return true
    const { properties = {} } = node as { properties?: Record<string, Members> }
    const silent = Object.entries(properties).filter(([name, { description }]) => name !== 'kind' && !description)
    return silent.length === 0 && Object.values(node).every(described)
  }
  expect(described({ ...networkSchema, examples: [] })).toBe(true)
})
