/** Small networks whose training is compared with others', and what our kernels make of them. */

import { recipe } from '../../src/initializers/names'
import { activationKernel } from '../../src/network/activation-kernel'
import { fillNormal } from '../../src/random/draw'
import { batchOrder } from '../../src/training/batch-order'
import type { Dataset } from '../../src/training/dataset'
import type { LossName } from '../../src/training/loss'
import { chainModel } from '../../src/training/model'
import { type OptimizerSpec, optimizer } from '../../src/training/optimizer'
import {
  drawsOf,
  initialParameters,
  type ParameterPlan,
  parameterPlan,
  type Structure,
  zeroStretch,
} from '../../src/training/parameters'
import { lossAndGradients } from '../../src/training/train'
import { type Arena, inArena } from '../../src/wasm/instance'
import { randomData } from './kernels'

export interface ReferenceCase {
  name: string
  widths: readonly number[]
  structure?: Structure
  activation: 'relu' | 'tanh'
  loss: LossName
  optimizer: OptimizerSpec
  rate: number
}

const SGD = { name: 'sgd', momentum: 0.9 } as const
const ADAM = { name: 'adam', momentum: 0 } as const

export const CASES: readonly ReferenceCase[] = [
  {
    name: 'relu',
    widths: [5, 19, 16, 3],
    activation: 'relu',
    loss: 'softmax-cross-entropy',
    optimizer: SGD,
    rate: 0.05,
  },
  { name: 'tanh', widths: [4, 12, 12, 2], activation: 'tanh', loss: 'mean-square', optimizer: ADAM, rate: 0.01 },
  {
    name: 'residual',
    widths: [6, 11, 11, 11, 11, 11, 3],
    structure: { branchLayers: 2, learnedScales: true },
    activation: 'relu',
    loss: 'softmax-cross-entropy',
    optimizer: SGD,
    rate: 0.02,
  },
]

const STEPS = 6
const ROWS = 40
const BATCH = 13
const SEED = 3n

/** A layer's tensors as nested arrays: rows of the weight, the bias, and the scale of a branch that ends there. */
export interface PlainLayer {
  weight: number[][]
  bias: number[]
  scale?: number
}

/** What a case starts from, as other programs read it. */
export interface Exported {
  activation: string
  loss: LossName
  optimizer: OptimizerSpec
  rate: number
  branchLayers: number | null
  layers: PlainLayer[]
  batches: { x: number[][]; targets: number[] | number[][] }[]
}

export interface TrainedCase {
  losses: number[]
  /** Of the first step. */
  gradients: PlainLayer[]
  after: PlainLayer[]
}

/** The case in our kernels: what it starts from, and what comes out. */
export function trainCase(c: ReferenceCase): { exported: Exported; found: TrainedCase } {
  return inArena((arena) => {
    const plan = parameterPlan(c.widths, c.structure)
    const parameters = initialParameters(arena, plan, drawsOf(plan, recipe('he-normal')), SEED, 0.7)
    plan.layers.forEach(({ bias, fanOut }, i) => {
      const values = fillNormal(new Float32Array(fanOut), { seed: SEED, stream: `bias${i}`, stddev: 0.1 })
      arena.f32(parameters + 4 * bias, fanOut).set(values)
    })
    const data = randomData(c.loss, ROWS, c.widths[0], c.widths[c.widths.length - 1])
    const layers = plainLayers(arena, plan, parameters)
    const next = batchOrder(ROWS, BATCH, SEED)
    const orders = Array.from({ length: STEPS }, next)
    const gradients = zeroStretch(arena, plan)
    const advance = optimizer(arena, plan, c.optimizer, c.rate)
    const model = chainModel(plan, activationKernel('test', c.activation))
    const spec = { loss: c.loss, data }
    let first: PlainLayer[] = []
    const losses = orders.map((indices, step) => {
      const loss = arena.scratch(() => lossAndGradients(arena, spec, model, parameters, gradients, indices))
      if (step === 0) first = plainLayers(arena, plan, gradients)
      advance(parameters, gradients)
      return loss
    })
    const { activation, loss, optimizer: method, rate } = c
    const branchLayers = c.structure?.branchLayers ?? null
    const batches = orders.map((indices) => exportedBatch(data, indices))
    return {
      exported: { activation, loss, optimizer: method, rate, branchLayers, layers, batches },
      found: { losses, gradients: first, after: plainLayers(arena, plan, parameters) },
    }
  })
}

function plainLayers(arena: Arena, plan: ParameterPlan, ptr: number): PlainLayer[] {
  return plan.layers.map(({ fanIn, fanOut, weight, bias, join }) => ({
    weight: rowsOf(arena.f32(ptr + 4 * weight, fanIn * fanOut), fanIn),
    bias: [...arena.f32(ptr + 4 * bias, fanOut)],
    ...(join && { scale: arena.f32(ptr + 4 * join.scale, 1)[0] }),
  }))
}

function exportedBatch({ features, columns, targets }: Dataset, indices: Int32Array): Exported['batches'][number] {
  const rows = (data: Float32Array, width: number) =>
    [...indices].map((i) => [...data.subarray(i * width, (i + 1) * width)])
  return {
    x: rows(features, columns),
    targets:
      targets.kind === 'labels' ? [...indices].map((i) => targets.labels[i]) : rows(targets.values, targets.outputs),
  }
}

function rowsOf(data: Float32Array, columns: number): number[][] {
  return Array.from({ length: data.length / columns }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)])
}

/** All numbers of a layer in order. */
export function flat({ weight, bias, scale }: PlainLayer): number[] {
  return [...weight.flat(), ...bias, ...(scale === undefined ? [] : [scale])]
}
