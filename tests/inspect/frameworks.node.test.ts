import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inspect } from '../../src/inspect/inspect'
import type { InspectTensor } from '../../src/inspect/tensor'
import { inMemory } from '../../src/io/byte-source'
import { readNpz } from '../../src/io/npz'
import { readTfjsManifest } from '../../src/io/tfjs-manifest'
import { streamTfjs } from '../../src/io/tfjs-stream'

// PyTorch 1.13, seeds 0 to 2: tests/inspect/make_torch_models.py
const TORCH = await readNpz(readFileSync('tests/inspect/fixtures/torch.npz'))

function torch(model: string, seed: number): InspectTensor[] {
  const prefix = `${model}.${seed}.`
  return [...TORCH]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, { shape, data }]) => ({ name: name.slice(prefix.length), shape, data }))
}

function recipes(tensors: readonly InspectTensor[], facts: Partial<InspectTensor> = {}, activation = 'relu') {
  const weights = tensors.map((tensor) => (tensor.shape.length > 1 ? { ...tensor, ...facts } : tensor))
  return inspect(weights, { activation }).tensors.filter(({ layout }) => layout !== null)
}

const SEEDS = [0, 1, 2]

test.each(['linear', 'conv', 'grouped'])("PyTorch's default %s layers follow pytorch-linear", (model) => {
  const facts = model === 'grouped' ? { groups: 4 } : {}
  for (const seed of SEEDS)
    for (const { recipe, distribution } of recipes(torch(model, seed), facts)) {
      expect(distribution).toBe('uniform')
      expect(recipe?.names).toContain('pytorch-linear')
    }
})

test("PyTorch's linear layers under ReLU: the signal vanishes, as the default keeps a sixth per layer", () => {
  for (const seed of SEEDS) expect(inspect(torch('linear', seed)).verdict.code).toBe('forward-vanishing')
})

test('kaiming_normal_ of PyTorch follows he-normal, without a fault, and the chain is stable', () => {
  for (const seed of SEEDS) {
    const { verdict, tensors } = inspect(torch('kaiming-fan-in', seed))
    expect(verdict.code).toBe('stable')
    for (const { layout, recipe } of tensors)
      if (layout !== null) expect([recipe!.names[0], ...recipe!.orElse]).toContain('he-normal')
  }
})

test("PyTorch's transposed convolution has the fans of one that is not", () => {
  for (const seed of SEEDS) {
    const [kernel] = recipes(torch('transposed', seed), { layout: 'IOHW', transposed: true })
    expect([kernel.faults, kernel.recipe?.names]).toEqual([['transposed-fans'], ['pytorch-linear']])
  }
})

test.each(['gru', 'lstm'])("PyTorch's %s follows U(-1/sqrt(hidden), 1/sqrt(hidden)), without a fault", (model) => {
  for (const seed of SEEDS)
    for (const { recipe, faults, role } of recipes(torch(model, seed))) {
      expect([role, faults]).toEqual(['recurrent', []])
      expect(recipe?.names).toContain('pytorch-recurrent')
    }
})

test("PyTorch's embedding is standard normal", () => {
  for (const seed of SEEDS) {
    const [table] = recipes(torch('embedding', seed), { role: 'embedding' })
    expect([table.recipe?.names, table.layout]).toEqual([['normal:1'], 'EO'])
  }
})

test('models that PyTorch drew from one seed are found out', () => {
  const tensors = [
    ...torch('conv', 2),
    ...torch('linear', 2).map(({ name, ...rest }) => ({ name: `b.${name}`, ...rest })),
  ]
  expect(inspect(tensors).tensors.find(({ name }) => name === 'b.0.weight')?.duplicateOf).toBe('0.weight')
})

// TensorFlow.js 4.22: tests/inspect/make-tfjs-models.js
function tfjs(): InspectTensor[] {
  const folder = 'tests/inspect/fixtures/tfjs'
  const groups = readTfjsManifest(readFileSync(`${folder}/model.json`, 'utf8'))
  const { tensors } = streamTfjs(groups, (path) => inMemory(readFileSync(`${folder}/${path}`)))
  return tensors.map(({ name, shape, values }) => ({ name, shape, chunks: values() as Iterable<Float32Array> }))
}

test('TensorFlow.js: glorotUniform is right on a convolution, wrong on a depthwise one; its truncated normals are not corrected', () => {
  const { tensors } = inspect(tfjs(), { activation: 'linear', convention: 'in-out' })
  const of = (layer: string) => tensors.find(({ name }) => name === `${layer}kernel`)!
  expect(of('conv/').recipe?.names).toContain('xavier-uniform')
  expect(of('conv/').faults).toEqual([])
  expect(of('depthwise/depthwise_').faults).toEqual(['groups-wrong'])
  expect(of('hidden/').recipe?.names).toContain('tfjs-4-he-normal')
  expect(of('hidden/').faults).toEqual(['truncation-uncorrected'])
  // 384 and 320 values do not prove it: the mistake is named beside what else fits
  expect(of('normal/').recipe?.orElse.join()).toContain('with truncation-uncorrected')
  expect(of('default/').faults).toEqual(['truncation-uncorrected'])
})
