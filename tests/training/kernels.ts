import { recipe } from '../../src/initializers/names'
import { activationKernel } from '../../src/network/activation-kernel'
import { allocatePanels, packRows } from '../../src/network/panels'
import { fillNormal } from '../../src/random/draw'
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
import { passBackward, passForward } from '../../src/training/passes'
import { lossAndGradients } from '../../src/training/train'
import { type Arena, inArena } from '../../src/wasm/instance'
import type { Layer } from './reference'

/** A network for tests: He weights of seed 3, biases of standard deviation `bias`. */
export interface TestNetwork {
  widths: readonly number[]
  activation: string
  bias: number
  structure?: Structure
  /** Of each branch. */
  scale?: number
}

const SEED = 3n

/** Runs `body` on the network's parameters in linear memory, and gives them back in f64, as they were before. */
function onParameters<T>(
  network: TestNetwork,
  body: (arena: Arena, plan: ParameterPlan, parameters: number) => T,
): { layers: Layer[]; result: T } {
  return inArena((arena) => {
    const plan = parameterPlan(network.widths, network.structure)
    const parameters = initialParameters(arena, plan, drawsOf(plan, recipe('he-normal')), SEED, network.scale)
    plan.layers.forEach(({ bias, fanOut }, i) => {
      const values = fillNormal(new Float32Array(fanOut), { seed: SEED, stream: `b${i}`, stddev: network.bias })
      arena.f32(parameters + 4 * bias, fanOut).set(values)
    })
    const layers = read(arena, plan, parameters)
    return { layers, result: body(arena, plan, parameters) }
  })
}

function read(arena: Arena, plan: ParameterPlan, ptr: number): Layer[] {
  return plan.layers.map(({ fanIn, fanOut, weight, bias, join }) => ({
    fanIn,
    fanOut,
    weight: Float64Array.from(arena.f32(ptr + 4 * weight, fanIn * fanOut)),
    bias: Float64Array.from(arena.f32(ptr + 4 * bias, fanOut)),
    ...(join && { scale: arena.f32(ptr + 4 * join.scale, 1)[0] }),
  }))
}

/** The loss of the first `batch` samples and its gradient, as the kernels find them. */
export function kernelGradient(network: TestNetwork, loss: LossName, data: Dataset, batch: number) {
  const activation = activationKernel('test', network.activation)
  const { layers, result } = onParameters(network, (arena, plan, parameters) => {
    const gradients = zeroStretch(arena, plan)
    const spec = { loss, data }
    const found = lossAndGradients(
      arena,
      spec,
      chainModel(plan, activation),
      parameters,
      gradients,
      Array.from({ length: batch }, (_, i) => i),
    )
    return { loss: found, gradients: read(arena, plan, gradients) }
  })
  return { layers, ...result }
}

/** J^T v: what the kernels send back from v, samples x outputs, at the last layer. */
export function kernelAdjoint(network: TestNetwork, x: Float32Array, v: Float32Array, batch: number) {
  const activation = activationKernel('test', network.activation)
  const { layers, result } = onParameters(network, (arena, plan, parameters) => {
    const gradients = zeroStretch(arena, plan)
    const [features, outputs] = [network.widths[0], network.widths[network.widths.length - 1]]
    const panels = (rows: Float32Array, units: number) => {
      const ptr = arena.allocate(4 * rows.length)
      arena.f32(ptr, rows.length).set(rows)
      return packRows(arena, ptr, units, batch, 'zero')
    }
    const signals = passForward(arena, plan, parameters, activation, panels(x, features))
    const delta = panels(v, outputs)
    passBackward(arena, plan, parameters, gradients, activation, signals, delta)
    return read(arena, plan, gradients)
  })
  return { layers, gradients: result }
}

/** Parameters after `steps` steps on the first `batch` samples, and the losses before each. */
export function kernelSteps(
  network: TestNetwork,
  loss: LossName,
  data: Dataset,
  batch: number,
  spec: OptimizerSpec,
  rate: number,
  steps: number,
) {
  const activation = activationKernel('test', network.activation)
  const { layers, result } = onParameters(network, (arena, plan, parameters) => {
    const gradients = zeroStretch(arena, plan)
    const advance = optimizer(arena, plan, spec, rate)
    const indices = Array.from({ length: batch }, (_, i) => i)
    for (let step = 0; step < steps; step++) {
      arena.scratch(() =>
        lossAndGradients(arena, { loss, data }, chainModel(plan, activation), parameters, gradients, indices),
      )
      advance(parameters, gradients)
    }
    return read(arena, plan, parameters)
  })
  return { layers, after: result }
}

/** Samples of standard normals with labels or targets, stream by stream. */
export function randomData(loss: LossName, rows: number, columns: number, outputs: number): Dataset {
  const normals = (len: number, stream: string) => fillNormal(new Float32Array(len), { seed: SEED, stream })
  const features = normals(rows * columns, 'x')
  if (loss === 'mean-square')
    return { features, rows, columns, targets: { kind: 'values', values: normals(rows * outputs, 'y'), outputs } }
  const labels = Int32Array.from({ length: rows }, (_, i) => (i * 7) % outputs)
  return { features, rows, columns, targets: { kind: 'labels', labels, classes: outputs } }
}

/** The losses' gradients of given outputs z, samples x outputs, by the kernel alone. */
export function kernelLoss(loss: LossName, z: Float32Array, data: Dataset): { sum: number; delta: number[] } {
  return inArena((arena) => {
    const outputs = z.length / data.rows
    const ptr = arena.allocate(4 * z.length)
    arena.f32(ptr, z.length).set(z)
    const panels = packRows(arena, ptr, outputs, data.rows, 'zero')
    const delta = allocatePanels(arena, outputs, data.rows)
    const { targets } = data
    const targetsPtr = arena.allocate(4 * (targets.kind === 'labels' ? data.rows : z.length))
    if (targets.kind === 'labels') arena.i32(targetsPtr, data.rows).set(targets.labels)
    else arena.f32(targetsPtr, z.length).set(targets.values)
    const run = loss === 'mean-square' ? arena.kernels.meanSquare : arena.kernels.softmaxCrossEntropy
    const sum = run(delta.ptr, panels.ptr, targetsPtr, outputs, data.rows)
    const rows = arena.allocate(4 * z.length)
    arena.kernels.unpackPanels(rows, delta.ptr, outputs, data.rows, 4 * data.rows)
    return { sum, delta: [...arena.f32(rows, z.length)] }
  })
}
