import { wrongKind } from '../check'
import { type TensorToWrite, writeSafetensors } from '../io/safetensors'
import { type Panels, panelsLen } from '../network/panels'
import { type Arena, inArena } from '../wasm/instance'
import { type Layer, type NetworkDocument, type Size, unitsOf } from './document'
import { drawBias, drawWeights, weightShape } from './draw'
import { runNetwork } from './run'
import { type NetworkExperimentOptions, networkSpec } from './spec'

/** The network to write: as in an experiment, of one seed, forward and back, in plain float32. */
export type ExportOptions = Pick<NetworkExperimentOptions, 'init' | 'batch' | 'input' | 'seed'>

/**
 * One seed of a network as the bytes of a .safetensors file, all of it F32: `batch` [B, ...input] and `probe` [B, ...output], L = sum(probe x output); of each layer,
 * named by its path as in 'layers.3.layers.0', `.output`, `.input_gradient` = dL/d input, and where it has them `.weight`, `.bias`, `.weight_gradient`,
 * `.bias_gradient`, summed over the batch. Dense weights are [out, in], those of a convolution [out, in / groups, ...kernel]. The metadata hold the layers
 * with every default filled in (`layers`), the document, init and seed. scripts/check_network.py compares such a file with PyTorch.
 * @throws TypeError or RangeError naming the layer's path or the option, OutOfMemoryError
 */
export function exportNetwork(network: NetworkDocument, options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const where = 'exportNetwork'
  const spec = networkSpec(where, network, { ...options, backward: true, rescale: false })
  const [seed] = spec.seeds
  const layers = JSON.stringify(spec.layers.map((layer) => described(where, layer)))
  const tensors: TensorToWrite[] = []
  const add = (name: string, shape: Size, data: Float32Array) => tensors.push({ name, shape, dtype: 'F32', data })
  const batched = (name: string, size: Size, panels: Panels) =>
    inArena((arena) => add(name, [spec.batch, ...size], rowsOf(arena, panels)))
  runNetwork(spec, seed, {
    input: (x) => batched('batch', spec.input, x),
    forward: (layer, out) => batched(`${nameOf(layer)}.output`, layer.to, out),
    probe: (delta) => batched('probe', spec.layers[spec.layers.length - 1].to, delta),
    backward(layer, { grad, weights }) {
      const name = nameOf(layer)
      batched(`${name}.input_gradient`, layer.from, grad.panels)
      if (weights === null || (layer.kind !== 'dense' && layer.kind !== 'conv')) return
      const shape = weightShape(layer)
      const channels = layer.to[0]
      add(`${name}.weight`, shape, drawWeights(layer, seed))
      inArena((arena) => {
        const [gradientPtr, biasPtr] = [unitsOf(shape), channels].map((count) => arena.allocate(4 * count))
        weights.write(gradientPtr, biasPtr)
        add(`${name}.weight_gradient`, shape, arena.f32(gradientPtr, unitsOf(shape)).slice())
        if (layer.bias === 0) return
        const gradient = arena.f32(biasPtr, channels).slice()
        drawBias(arena, biasPtr, layer, seed)
        add(`${name}.bias`, [channels], arena.f32(biasPtr, channels).slice())
        add(`${name}.bias_gradient`, [channels], gradient)
      })
    },
  })
  const metadata = {
    format: 'evenkeel network',
    layers,
    network: JSON.stringify(network),
    init: spec.init,
    seed: `${seed}`,
  }
  return writeSafetensors(tensors, new Map(Object.entries(metadata)))
}

const nameOf = ({ path }: Layer) => path.replace(/^network\./, '').replace(/\[(\d+)\]/g, '.$1')

/** A layer for another program: its name, kind and what it computes. */
function described(where: string, layer: Layer): object {
  const { kind, path } = layer
  const named = { name: nameOf(layer), kind }
  switch (kind) {
    case 'conv': {
      const { stride, padding } = layer.window
      return { ...named, stride, padding, groups: layer.groups }
    }
    case 'activation': {
      const { name, family } = layer.activation.activation
      if (family === 'custom') wrongKind(where, `${path}.name`, 'the name of an activation, to be written', name)
      return { ...named, activation: name }
    }
    case 'residual':
      return { ...named, scale: Math.fround(layer.scale), layers: layer.layers.map((inner) => described(where, inner)) }
    default:
      return named
  }
}

/** batch x units, row-major; a fresh copy. */
function rowsOf(arena: Arena, p: Panels): Float32Array {
  const data = arena.f32(p.ptr, panelsLen(p))
  const rows = new Float32Array(p.batch * p.units)
  for (let b = 0; b < p.batch; b++)
    for (let i = 0; i < p.units; i++) rows[b * p.units + i] = data[((b >> 3) * p.units + i) * 8 + (b & 7)]
  return rows
}
