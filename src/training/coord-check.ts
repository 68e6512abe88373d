import { drawAtBase } from '../initializers/base-shape'
import type { WidthScaling } from '../initializers/depth-scaling'
import type { Draw } from '../initializers/draw'
import { drawOf } from '../initializers/names'
import { plainSeed } from '../network/aggregate'
import { type Panels, panelsLen } from '../network/panels'
import { type Arena, inArena } from '../wasm/instance'
import { batchOrder } from './batch-order'
import { coordVerdict } from './coord-finding'
import type { CoordCheck, CoordConfig } from './coord-result'
import { coordRows } from './coord-slopes'
import { type CoordCheckOptions, type CoordSpec, coordSpec } from './coord-spec'
import { outputsOf } from './dataset'
import { gatherInputs, gatherTargets, lossAndDelta } from './loss'
import { layerStretches, optimizer, type RateFactors } from './optimizer'
import { initialParameters, parameterPlan, zeroStretch } from './parameters'
import { passBackward, passForward } from './passes'

/**
 * The width-stability check ("coord check") of Yang et al. 2022, arXiv:2203.03466: networks of the same layers at several widths are
 * trained on one batch for a few steps, and the mean of |z| in each layer is held against the width. A slope of 0 means that what is
 * tuned at one width holds at another. 'standard' draws by the initializer's fans and has one learning rate; 'mup' is that at baseWidth,
 * and elsewhere scales sigmas, the readout's output and each tensor's rate as the package mup does (src/initializers/depth-scaling.ts).
 * Weights are drawn as `layers.L.weight` of the seed, biases start at 0. The same options give the same bits on every engine.
 * @throws TypeError or RangeError naming the option, OutOfMemoryError
 */
export function coordCheck(given: CoordCheckOptions = {}): CoordCheck {
  const spec = coordSpec('coordCheck', given)
  const total = spec.seeds.length * spec.widths.length
  let done = 0
  const sizes = spec.seeds.map((seed) =>
    spec.widths.map((width) => {
      const found = sizesOf(spec, width, seed)
      given.onProgress?.({ done: ++done, total })
      return found
    }),
  )
  const rows = coordRows(spec, sizes)
  return { schemaVersion: 1, config: configOf(spec), rows, verdict: coordVerdict(spec, rows) }
}

/** Mean of |z| by step and layer of one network. */
function sizesOf(spec: CoordSpec, width: number, seed: bigint): number[][] {
  const { data, activation, loss, rate, steps } = spec
  const widths = [data.columns, ...new Array<number>(spec.hiddenLayers).fill(width), outputsOf(data)]
  const tensors = tensorsOf(spec, widths)
  return inArena((arena) => {
    const plan = parameterPlan(widths, { readout: tensors[tensors.length - 1].output })
    const draws = tensors.map(({ draw }) => draw)
    const parameters = initialParameters(arena, plan, draws, seed)
    const gradients = zeroStretch(arena, plan)
    const factors = tensors.map(({ factors }) => factors)
    const stretches = spec.parametrization === 'mup' ? layerStretches(plan, factors) : undefined
    const advance = optimizer(arena, plan, spec.optimizer, rate, stretches)
    const indices = batchOrder(data.rows, spec.batch, seed)()
    return Array.from({ length: steps }, (_, t) => {
      const sizes: number[] = []
      arena.scratch(() => {
        const x = gatherInputs(arena, data, indices)
        const note = (_: number, z: Panels) => sizes.push(meanMagnitude(arena, z))
        const signals = passForward(arena, plan, parameters, activation, x, note)
        if (t === steps - 1) return
        const targets = gatherTargets(arena, data, indices)
        const { delta } = lossAndDelta(arena, loss, signals[plan.layers.length].h, targets)
        passBackward(arena, plan, parameters, gradients, activation, signals, delta)
        advance(parameters, gradients)
      })
      return sizes
    })
  })
}

interface Tensor {
  draw: Draw
  /** Of what the layer computes. */
  output: number
  factors: RateFactors
}

/** Each layer's weight and bias under the parametrization. */
function tensorsOf({ parametrization, baseWidth, init, optimizer: { name } }: CoordSpec, widths: number[]): Tensor[] {
  const depth = widths.length - 1
  return widths.slice(1).map((fanOut, i): Tensor => {
    const shape = [fanOut, widths[i]]
    if (parametrization === 'standard')
      return { draw: drawOf('coordCheck', init, shape, {}).draw, output: 1, factors: { weight: 1, bias: 1 } }
    const base = [i === depth - 1 ? null : baseWidth, i === 0 ? null : baseWidth]
    const { draw, width } = drawAtBase('coordCheck', init, shape, base, { layout: 'OI' })
    // a bias is a tensor whose in axis does not grow
    const bias: WidthScaling['learningRate'] = { sgd: base[0] === null ? 1 : fanOut / baseWidth, adam: 1 }
    return { draw, output: width.output, factors: { weight: width.learningRate[name], bias: bias[name] } }
  })
}

/** Mean of |z| over units and samples, in f64, sample after sample; columns beyond the batch left out. */
function meanMagnitude(arena: Arena, z: Panels): number {
  const values = arena.f32(z.ptr, panelsLen(z))
  let sum = 0
  for (let b = 0; b < z.batch; b++) {
    const at = (b >> 3) * z.units * 8 + (b & 7)
    for (let i = 0; i < z.units; i++) sum += Math.abs(values[at + 8 * i])
  }
  return sum / (z.units * z.batch)
}

function configOf(spec: CoordSpec): CoordConfig {
  const { parametrization, widths, baseWidth, hiddenLayers, activation, init, optimizer, rate, loss, data } = spec
  return {
    parametrization,
    widths,
    baseWidth,
    features: data.columns,
    outputs: outputsOf(data),
    hiddenLayers,
    activation: activation.activation.name,
    init,
    optimizer: optimizer.name,
    momentum: optimizer.momentum,
    rate,
    loss,
    data: spec.dataKind,
    batch: spec.batch,
    steps: spec.steps,
    seed: plainSeed(spec.seeds[0]),
    seeds: spec.seeds.length,
  }
}
