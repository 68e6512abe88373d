import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type InspectTensor, inspect } from '../../src/inspect/inspect'
import { inMemory } from '../../src/io/byte-source'
import { readNpz } from '../../src/io/npz'
import { streamOnnx } from '../../src/io/onnx-stream'
import type { TensorUse } from '../../src/io/tensor-stream'

// PyTorch 1.13's own exporter: tests/inspect/make_onnx_models.py
const FOLDER = 'tests/inspect/fixtures/onnx'
const STORED = await readNpz(readFileSync(`${FOLDER}/weights.npz`))

interface Read extends InspectTensor {
  data: Float32Array
}

function read(file: string): { tensors: Read[]; uses: ReadonlyMap<string, TensorUse> } {
  const none = () => expect.unreachable()
  const { tensors, uses } = streamOnnx(inMemory(readFileSync(`${FOLDER}/${file}.onnx`)), none, file)
  return {
    tensors: tensors.map(({ name, shape, values }) => {
      const data = Float32Array.from([...(values() as Iterable<Float32Array>)].flatMap((part) => [...part]))
      return { name, shape, data, ...uses!.get(name) }
    }),
    uses: uses!,
  }
}

test.each(['cnn', 'transposed', 'sequence'])(
  '%s: every initializer that keeps its name has the values of the state_dict',
  (model) => {
    const { tensors } = read(`${model}-unfolded`)
    let kept = 0
    for (const { name, shape, data } of tensors) {
      const stored = STORED.get(`${model}.${name}`)
      if (stored === undefined) continue
      expect([shape, data]).toEqual([stored.shape, stored.data])
      kept++
    }
    // the exporter keeps one of equal tensors, as biases of 0 are
    const own = [...STORED].filter(([key]) => key.startsWith(`${model}.`))
    expect(kept).toBe(new Set(own.map(([, { data }]) => data.join())).size)
  },
)

test('the graph of a CNN says layouts, groups, strides and borders; its He weights are stable', () => {
  const { tensors, uses } = read('cnn')
  expect(Object.fromEntries([...uses].filter(([name]) => name.endsWith('weight')))).toEqual({
    '0.weight': { role: 'conv', layout: 'OIHW', pads: [1, 1, 1, 1] },
    '2.weight': { role: 'conv', layout: 'OIHW', groups: 3, stride: [2, 2], pads: [1, 1, 1, 1] },
    '5.weight': { role: 'dense', layout: 'OI' },
  })
  const { verdict, chain, tensors: reports } = inspect(tensors)
  expect(verdict.code).toBe('stable')
  expect(chain.layers.map(({ positions }) => positions)).toEqual([36, 9, 1])
  for (const { recipe, layout } of reports)
    if (layout !== null) expect([recipe!.names[0], ...recipe!.orElse]).toContain('he-normal')
})

test('a matrix that the exporter turned round for MatMul is read as in-out, and one that is turned in the graph as out-in', () => {
  const dense = (file: string) => read(file).tensors.find(({ role }) => role === 'dense')!
  const [folded, unfolded] = [dense('sequence'), dense('sequence-unfolded')]
  expect([folded.shape, folded.layout]).toEqual([[10, 6], 'IO'])
  expect([unfolded.name, unfolded.shape, unfolded.layout]).toEqual(['head.weight', [6, 10], 'OI'])
  const report = (tensor: Read) => {
    const [{ fanIn, fanOut, std }] = inspect([tensor]).tensors
    return [fanIn, fanOut, std.toPrecision(12)]
  }
  expect(report(folded)).toEqual(report(unfolded))
})

test('tables of Gather are embeddings, weights of LSTM recurrent with a copy for each direction, those of ConvTranspose transposed', () => {
  const { tensors } = inspect(read('sequence').tensors)
  const roles = tensors
    .filter(({ layout }) => layout !== null)
    .map(({ role, layout, recipe }) => [role, layout, recipe?.names[0]])
  expect(roles).toEqual([
    ['embedding', 'EO', 'normal:1'],
    ['recurrent', 'EOI', 'pytorch-recurrent'],
    // a hidden layer of its own size: both bounds are 1/sqrt(10)
    ['recurrent', 'EOI', 'pytorch-linear'],
    ['dense', 'IO', 'pytorch-linear'],
  ])
  expect(inspect(read('transposed').tensors).tensors[0]).toMatchObject({ transposed: true, layout: 'IOHW' })
})
