import { expect, test } from 'vitest'
import { inMemory } from '../../src/io/byte-source'
import { FormatError } from '../../src/io/format-error'
import { streamOnnx } from '../../src/io/onnx-stream'
import { type Bytes, floats, message, model, node, tensor, varint, whole } from './onnx-bytes'

const none = () => {
  throw new FormatError('no file was to be opened')
}
const read = (bytes: Uint8Array, open: (path: string) => ReturnType<typeof inMemory> = none) =>
  streamOnnx(inMemory(bytes), open)

function valuesOf(bytes: Uint8Array, open?: (path: string) => ReturnType<typeof inMemory>): number[] {
  return read(bytes, open).tensors.flatMap(({ values }) =>
    [...(values() as Iterable<Float32Array | Float64Array>)].flatMap((part) => [...part]),
  )
}

test.each([
  ['raw_data', tensor(), [0, 1, 2, 3, 4, 5]],
  ['float_data', tensor({ values: message(4, floats([1, -2, 3, 4, 5, 0.5])) }), [1, -2, 3, 4, 5, 0.5]],
  [
    'double_data',
    tensor({ type: 11, dims: [1], values: message(10, [...new Uint8Array(Float64Array.of(0.1).buffer)]) }),
    [0.1],
  ],
  ['raw_data of float16', tensor({ type: 10, dims: [2], values: message(9, [0, 0x3c, 0, 0xc0]) }), [1, -2]],
  ['raw_data of bfloat16', tensor({ type: 16, dims: [2], values: message(9, [0x80, 0x3f, 0, 0xc0]) }), [1, -2]],
  [
    'packed dims',
    [...message(1, [2, 3]), ...tensor({ dims: [], values: message(9, floats([1, 2, 3, 4, 5, 6])) })],
    [1, 2, 3, 4, 5, 6],
  ],
  ['no axes', tensor({ dims: [], values: message(9, floats([7])) }), [7]],
  ['a size of 0', tensor({ dims: [0, 3], values: [] }), []],
] as [string, number[], number[]][])('values in %s', (_, bytes, wanted) => {
  expect(valuesOf(model([bytes]))).toEqual(wanted)
})

test.each([
  [7, 'its data type is int64'],
  [8, 'its data type is string'],
  [17, 'its data type is number 17'],
  [0, 'its data type is number 0'],
])('a tensor of data type %i is passed over: %s', (type, why) => {
  expect(read(model([tensor({ type })]))).toMatchObject({
    tensors: [],
    passedOver: [{ name: 'w', shape: [2, 3], why }],
  })
})

test('float16 values as int32_data are passed over, not misread', () => {
  const values = message(5, [...varint(0x3c00), ...varint(0x4000)])
  expect(read(model([tensor({ type: 10, dims: [2], values })])).passedOver[0].why).toBe(
    'its values are stored as integers',
  )
})

test('what the operators say: layouts, groups, strides, borders, a transpose between, and the order in which they take the weights', () => {
  const shapes: Record<string, number[]> = {
    scale: [1, 4, 1, 1],
    'lost.weight': [4, 4],
    e: [9, 4],
    l: [1, 16, 4],
    a: [3, 4],
    b: [3, 4],
    g: [4, 3],
    k: [4, 2, 3, 3],
    t: [4, 2, 3],
  }
  const nodes = [
    node('Conv', ['x', 'k'], ['y'], { group: [2], strides: [2, 1], pads: [1, 1, 1, 1] }),
    node('ConvTranspose', ['y', 't'], ['z'], { strides: [2] }),
    node('Gemm', ['z', 'g'], ['u'], { transA: [0], transB: [1] }),
    node('Transpose', ['b'], ['b2'], { perm: [1, 0] }),
    node('Identity', ['b2'], ['b3']),
    node('MatMul', ['u', 'a'], ['v']),
    node('MatMul', ['v', 'b3'], ['w']),
    node('Gather', ['e', 'tokens'], ['s']),
    node('LSTM', ['s', 'l', 'l'], ['h']),
    node('Mul', ['h', 'scale'], ['out']),
  ]
  const { tensors, uses } = read(
    model(
      Object.entries(shapes).map(([name, dims]) => tensor({ name, dims })),
      nodes,
    ),
  )
  expect(Object.fromEntries(uses!)).toEqual({
    k: { role: 'conv', layout: 'OIHW', groups: 2, stride: [2, 1], pads: [1, 1, 1, 1] },
    t: { role: 'conv', layout: 'IOW', transposed: true, stride: [2] },
    g: { role: 'dense', layout: 'OI' },
    a: { role: 'dense', layout: 'IO' },
    b: { role: 'dense', layout: 'OI' },
    e: { role: 'embedding', layout: 'EO' },
    l: { role: 'recurrent', layout: 'EOI' },
    scale: { role: 'vector' },
  })
  expect(tensors.map(({ name }) => name)).toEqual(['k', 't', 'g', 'a', 'b', 'e', 'l', 'scale', 'lost.weight'])
})

const K = { name: 'k', dims: [4, 4, 3, 3] }
const FC = { name: 'fc', dims: [3, 4] }

function chainOf(nodes: Bytes[], tensors = [tensor(K), tensor(FC), tensor({ name: 'b', dims: [3] })]) {
  return read(model(tensors, nodes, ['x'])).chain!
}

test('a graph in which each operator takes what the one before gives is a chain, up to what follows its last weight', () => {
  const nodes = [
    node('Conv', ['x', 'k'], ['y'], { dilations: [2, 1], auto_pad: 'SAME_LOWER' }),
    node('LeakyRelu', ['y'], ['z'], { alpha: 0.5 }),
    node('MaxPool', ['z'], ['p'], { kernel_shape: [2, 2], pads: [1, 0, 0, 1], strides: [2, 1] }),
    node('Shape', ['p'], ['s']),
    node('GlobalAveragePool', ['p'], ['g']),
    node('Flatten', ['g'], ['f']),
    node('MatMul', ['f', 'fc'], ['u']),
    node('Add', ['b', 'u'], ['v']),
    node('Softmax', ['v'], ['out']),
  ]
  expect(chainOf(nodes)).toEqual({
    steps: [
      { kind: 'weights', name: 'k', bias: null },
      { kind: 'activation', name: 'leaky-relu:0.5' },
      { kind: 'pool', pool: 'max', kernel: [2, 2], stride: [2, 1], pads: [1, 0, 0, 1] },
      { kind: 'pool', pool: 'average', kernel: 'all' },
      { kind: 'flatten' },
      { kind: 'weights', name: 'fc', bias: 'b' },
    ],
  })
  expect(read(model([tensor(K)], nodes.slice(0, 1), ['x'])).uses!.get('k')).toMatchObject({
    pads: 'same-lower',
    dilation: [2, 1],
  })
})

test.each([
  ['a branch', [node('Relu', ['x'], ['y']), node('Tanh', ['x'], ['z'])], "'Relu' and 'Tanh' at 'x'"],
  ['an operator between weights', [node('Resize', ['x'], ['y'])], "no chain that is known: 'Resize' at 'x'"],
  ['products times 2', [node('Gemm', ['x', 'fc'], ['y'], { alpha: 2 })], "'Gemm' at 'x'"],
  ['a power of itself', [node('Mul', ['x', 'x'], ['y'])], "'Mul' at 'x'"],
  ['a border of ones', [node('Pad', ['x', 'k'], ['y'])], "'Pad' at 'x'"],
  ['a mean over channels', [node('ReduceMean', ['x'], ['y'], { axes: [1] })], "'ReduceMean' at 'x'"],
] as [string, Bytes[], string][])(
  '%s before the last weight is no chain, and the operator is named',
  (_, nodes, words) => {
    const chain = chainOf([...nodes, node('Conv', ['y', 'k'], ['out'])])
    expect('broken' in chain && chain.broken).toContain(words)
  },
)

test('without an input, with two, or without weights there is no chain', () => {
  const broken = (inputs: string[], nodes: Bytes[]) => read(model([tensor(K)], nodes, inputs)).chain
  expect(broken([], [])).toEqual({ broken: 'its graph has 0 inputs' })
  expect(broken(['x', 'y'], [])).toEqual({ broken: 'its graph has 2 inputs' })
  expect(broken(['x', 'k'], [node('Relu', ['x'], ['x'])])).toEqual({ broken: 'its graph takes no weight' })
})

test('a graph that runs in a circle, and one in which everything takes one signal, are read', () => {
  const circle = [
    node('Clip', ['x', 'a', 'b'], ['y']),
    node('Identity', ['a'], ['b']),
    node('Identity', ['b'], ['a']),
    node('Conv', ['y', 'k'], ['x']),
  ]
  expect(chainOf(circle)).toMatchObject({ broken: expect.stringContaining("'Clip' at 'x'") })
  const round = [node('Relu', ['x'], ['y']), node('Conv', ['y', 'k'], ['x'])]
  expect(chainOf(round)).toMatchObject({ steps: [{ kind: 'activation' }, { kind: 'weights' }] })
  const crowd = Array.from({ length: 50_000 }, () => node('Relu', ['x'], ['y']))
  expect(chainOf([...crowd, ...round])).toMatchObject({ broken: expect.stringContaining("'Relu' and 'Relu'") })
})

test.each([-1, -5, 2 ** 40, -(2 ** 40), 2 ** 53 - 1])('an attribute of %d is read as that', (axis) => {
  const squeezed = [node('LayerNormalization', ['x', 'b', 'b'], ['y'], { axis }), node('Conv', ['y', 'k'], ['z'])]
  const chain = chainOf(squeezed)
  if (axis < 0) expect(chain).toMatchObject({ steps: [{ kind: 'norm', axes: -axis }, {}] })
  else expect(chain).toMatchObject({ broken: expect.stringContaining('LayerNormalization') })
})

const outside = (entries: Record<string, string>) =>
  tensor({
    values: [
      ...whole(14, 1),
      ...Object.entries(entries).flatMap(([key, value]) => message(13, [...message(1, key), ...message(2, value)])),
    ],
  })

test('external data: from the location, at the offset, of the length or up to the end', () => {
  const data = Uint8Array.from([...floats([9]), ...floats([1, 2, 3, 4, 5, 6])])
  const opened: string[] = []
  const open = (path: string) => {
    opened.push(path)
    return inMemory(data)
  }
  const wanted = [1, 2, 3, 4, 5, 6]
  expect(valuesOf(model([outside({ location: 'w.bin', offset: '4', length: '24' })]), open)).toEqual(wanted)
  expect(valuesOf(model([outside({ location: 'w.bin', offset: '4' })]), open)).toEqual(wanted)
  expect(opened).toEqual(['w.bin', 'w.bin'])
  for (const [entries, words] of [
    [{ location: 'w.bin', offset: '8', length: '24' }, "at least 32 bytes in 'w.bin', got 28; the file is truncated"],
    [{ location: 'w.bin', offset: '40' }, 'the file is truncated'],
    [{ location: 'w.bin' }, '24 bytes, as its shape [2, 3] says, got 28'],
    [{ location: 'w.bin', offset: '-4' }, "offset expected a count of bytes, got '-4'"],
    [{ location: 'w.bin', offset: '1e99' }, 'offset expected a count of bytes'],
    [{ offset: '4' }, 'external data expected a location, got none'],
  ] as const)
    expect(() => read(model([outside(entries)]), open)).toThrow(words)
})

test.each([
  ['an empty file', [], 'onnx: content expected an ONNX model with a graph, got none'],
  ['text', [...new TextEncoder().encode('{"format": "json"}')], 'onnx:'],
  ['a model without a graph', whole(1, 7), 'an ONNX model with a graph, got none'],
  ['a field that no model has', whole(99, 7), 'an ONNX model, got a field of number 99'],
  ['a group', [0x0b], 'got number 1 of type 3'],
  ['field 0', [0x00, 0x01], 'got number 0 of type 0'],
  ['a number of 11 bytes', [0x08, ...new Array(10).fill(0xff), 1], 'a number of at most 10 bytes, got a longer one'],
  ['more bytes than there are', [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f], 'the file is truncated'],
] as [string, number[], string][])('%s is refused', (_, bytes, message) => {
  expect(() => read(Uint8Array.from(bytes))).toThrow(FormatError)
  expect(() => read(Uint8Array.from(bytes))).toThrow(message)
})

test.each([
  [
    { dims: [2, 4], values: message(9, floats([1, 2])) },
    "initializer 'w': values expected 32 bytes, as its shape [2, 4] says, got 8",
  ],
  [{ dims: [-1n, 4], values: [] }, 'dims expected at most 64 integers >= 0, got [-1, 4]'],
  [{ dims: [2 ** 40, 2 ** 40], values: message(9, []) }, 'bytes, as its shape'],
  [{ dims: new Array(65).fill(1) }, 'dims expected at most 64 integers'],
  [{ name: 'a\u001b[31m', dims: [3], values: message(9, [1]) }, 'a\\u{1b}[31m'],
])('an initializer that does not fit is refused %#', (parts, message) => {
  expect(() => read(model([tensor(parts)]))).toThrow(message)
})

test('a name twice, a name that is not UTF-8, and fields without end are refused', { timeout: 60_000 }, () => {
  expect(() => read(model([tensor(), tensor()]))).toThrow("initializer expected each name once, got 'w' twice")
  expect(() => read(model([[...message(8, [0xff, 0xfe]), ...tensor()].slice(0, 4)]))).toThrow('text expected UTF-8')
  const many = new Uint8Array(5 << 19)
  // 1.3 million empty nodes in a graph that says so
  for (let i = 6; i < many.length; i += 2) many.set([0x0a, 0x00], i)
  const length = many.length - 6
  many.set(
    [0x3a, (length & 127) | 128, ((length >> 7) & 127) | 128, ((length >> 14) & 127) | 128, (length >> 21) | 128, 0],
    0,
  )
  expect(() => read(many)).toThrow('content expected fewer fields, got more than a model has')
})

test('cut off at any byte a model is refused, or read whole where only what follows the graph is missing', () => {
  const bytes = model([tensor({ name: 'a' }), tensor({ name: 'b' })], [node('MatMul', ['x', 'a'], ['y'])])
  const all = valuesOf(bytes)
  for (let length = 0; length < bytes.length; length++) {
    try {
      expect(valuesOf(bytes.slice(0, length))).toEqual(all)
    } catch (error) {
      expect(error).toBeInstanceOf(FormatError)
    }
  }
})

test('with any byte changed a model is refused in the one way, or read', () => {
  const bytes = model([tensor({ name: 'a' })], [node('Gemm', ['x', 'a'], ['y'], { transB: [1] })])
  for (let at = 0; at < bytes.length; at++)
    for (const flip of [1, 0x80, 0xff]) {
      const changed = bytes.slice()
      changed[at] ^= flip
      try {
        valuesOf(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
      }
    }
})
