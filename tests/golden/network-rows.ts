import type { LayerDocument, NetworkDocument } from '../../src/networks/document'
import { propagateNetwork } from '../../src/networks/experiment'
import { type GoldenRow, withoutAbsent } from './row'

/** Every number measured; theory and the seeds' statistics apart, whose logarithms are the engine's own, ratios to the law of the weights, and counts of magnitudes. */
function measured(network: NetworkDocument): Uint8Array {
  const { layers, seeds } = propagateNetwork(network, { batch: 11, seed: 6, seeds: 2, backward: true })
  const numbers = layers.map(({ theory: _, statistics: __, ratios: ___, ...layer }) => {
    const { histogram: ____, ...forward } = layer.forward
    return { ...layer, forward }
  })
  return new TextEncoder().encode(JSON.stringify({ layers: numbers, seeds }, withoutAbsent))
}

/** The Jacobian of a document by probes and in full, and ratios of the gradient to the weights. */
function jacobians(network: NetworkDocument): Uint8Array {
  const options = { batch: 3, seed: 6, seeds: 2, backward: true, learningRate: 0.1 }
  const [probed, exact] = [{ probes: 5 }, 'exact' as const].map((jacobian) =>
    propagateNetwork(network, { ...options, jacobian }),
  )
  const all = [probed, exact].map(({ jacobian }) => ({ ...jacobian, theory: undefined }))
  return new TextEncoder().encode(JSON.stringify([all, exact.layers.map(({ ratios }) => ratios)], withoutAbsent))
}

const GELU: LayerDocument = { kind: 'activation', name: 'gelu' }
const RELU: LayerDocument = { kind: 'activation', name: 'relu' }

const convolutions: LayerDocument[] = [
  { kind: 'conv', channels: 8, kernel: 3, bias: 0.1 },
  GELU,
  { kind: 'conv', channels: 12, kernel: [3, 5], stride: 2, padding: 'reflect', groups: 4 },
  RELU,
  { kind: 'conv', channels: 6, kernel: 2, padding: 'circular', init: 'xavier-uniform' },
  { kind: 'conv', channels: 5, kernel: 2, padding: 'none' },
  { kind: 'dense', units: 7 },
]
const norms: LayerDocument[] = (['layerNorm', 'rmsNorm', 'batchNorm'] as const).map((kind) => ({
  kind: 'residual',
  scale: 0.5,
  layers: [{ kind }, { kind: 'dense', units: 33 }, RELU, { kind: 'dense', units: 33, init: 'orthogonal' }],
}))

const shrinking: LayerDocument[] = [
  { kind: 'conv', channels: 4, kernel: 3, init: 'normal:0.03' },
  RELU,
  { kind: 'residual', scale: 0.5, layers: [{ kind: 'conv', channels: 4, kernel: 3, init: 'normal:0.01' }] },
]

const differentiated: LayerDocument[] = [
  { kind: 'conv', channels: 6, kernel: 3, stride: 2, bias: 0.1 },
  GELU,
  { kind: 'residual', scale: 0.5, layers: [{ kind: 'layerNorm' }, { kind: 'conv', channels: 6, kernel: 3 }] },
  { kind: 'rmsNorm' },
  { kind: 'dense', units: 9, init: 'orthogonal' },
]

export const networkRows: readonly GoldenRow[] = [
  {
    name: 'Jacobian of a network of convolutions, norms and residuals, probed and in full, and update : weight',
    values: () => jacobians({ input: [3, 5, 4], layers: differentiated }),
    hash: 'de0f627ef2f20989',
  },
  {
    name: 'network of 2-D convolutions, forward and backward',
    values: () => measured({ input: [4, 9, 10], layers: convolutions }),
    hash: 'a04a8beec4af6390',
  },
  {
    name: 'network of 1-D convolutions, forward and backward',
    values: () =>
      measured({
        input: [3, 21],
        layers: [{ kind: 'conv', channels: 6, kernel: 5, groups: 3 }, RELU, { kind: 'batchNorm' }],
      }),
    hash: '06e8eaca546076cf',
  },
  {
    name: 'network of residual blocks with each norm, forward and backward',
    values: () => measured({ input: [33], layers: norms }),
    hash: '085c27f7f9cb516a',
  },
  {
    name: 'network of 20 homogeneous blocks past the range of float32, rescaled, forward and backward',
    values: () => measured({ input: [4, 5, 5], layers: [{ kind: 'repeat', times: 20, layers: shrinking }] }),
    hash: '7e93db3afe8f9a52',
  },
  {
    name: 'network in its short form, GELU and biases, forward and backward',
    values: () => measured({ widths: [33, 300, 64, 5], activation: 'gelu', init: 'xavier-uniform', bias: 0.2 }),
    hash: 'c22b655664bc9d47',
  },
  {
    name: 'network of saturating units, relu6 and biases, forward and backward',
    values: () => measured({ widths: [33, 300, 64, 5], activation: 'relu6', init: 'normal:0.5', bias: 1 }),
    hash: '204d20dea1316690',
  },
]
