import type { LayerDocument, NetworkDocument } from '../../src/networks/document'
import { exportNetwork } from '../../src/networks/export'

const act = (name: string): LayerDocument => ({ kind: 'activation', name })
const BATCH = 3

const PADDINGS = ['zero', 'circular', 'reflect', 'none'] as const
const STRIDES = [1, 2, 3]

/** Every kind of layer with every padding, stride and grouping, small enough for their values to stand in a file. */
export const DOCUMENTS: Record<string, NetworkDocument> = {
  dense: {
    input: [7],
    layers: [
      { kind: 'dense', units: 9, bias: 0.3 },
      act('relu'),
      { kind: 'dense', units: 6, init: 'xavier-uniform' },
      act('tanh'),
      { kind: 'dense', units: 3, init: 'orthogonal', bias: 0.1 },
    ],
  },
  'residual-norms': {
    input: [8],
    layers: (['layerNorm', 'rmsNorm', 'batchNorm'] as const).map((kind) => ({
      kind: 'residual',
      scale: 0.6,
      layers: [
        { kind },
        { kind: 'dense', units: 10 },
        act('gelu'),
        { kind: 'residual', layers: [act('silu')] },
        { kind: 'dense', units: 8, init: 'lecun-normal', bias: 0.2 },
      ],
    })),
  },
  'image-norms': {
    input: [4, 4, 3],
    layers: [
      { kind: 'conv', channels: 4, kernel: 3, bias: 0.2 },
      { kind: 'batchNorm' },
      act('elu'),
      { kind: 'layerNorm' },
      { kind: 'residual', scale: -0.5, layers: [{ kind: 'rmsNorm' }, { kind: 'conv', channels: 4, kernel: 1 }] },
      { kind: 'dense', units: 3 },
    ],
  },
  activations: {
    input: [6],
    layers: [
      'linear',
      'selu',
      'gelu-tanh',
      'mish',
      'hardswish',
      'quick-gelu',
      'softplus',
      'sigmoid',
      'hardsigmoid',
      'hardtanh',
      'softsign',
      'erf',
      'sin',
      'abs',
      'relu6',
      'squared-relu',
      'leaky-relu:0.2',
      'prelu',
      'elu:1.5',
    ].flatMap((name): LayerDocument[] => [
      { kind: 'rmsNorm' },
      { kind: 'dense', units: 6, init: 'orthogonal' },
      act(name),
    ]),
  },
  ...Object.fromEntries(
    PADDINGS.map((padding): [string, NetworkDocument] => [
      `conv-${padding}`,
      {
        input: [4, 7, 6],
        layers: STRIDES.flatMap((stride, i): LayerDocument[] => [
          {
            kind: 'conv',
            channels: 4,
            kernel: [
              [3, 2],
              [4, 3],
              [1, 3],
            ][i],
            stride: [stride, i === 1 ? 1 : stride],
            padding,
            groups: [1, 2, 4][i],
          },
          act(['relu', 'tanh', 'gelu'][i]),
        ]),
      },
    ]),
  ),
  'conv-1d': {
    input: [6, 11],
    layers: [
      { kind: 'conv', channels: 6, kernel: 4, padding: 'circular', groups: 3, bias: 0.1 },
      act('relu'),
      { kind: 'conv', channels: 4, kernel: 3, stride: 2, padding: 'reflect' },
      { kind: 'conv', channels: 2, kernel: 5 },
    ],
  },
  plain: { depth: 4, width: 6, init: 'he-uniform', bias: 0.1 },
}

/** The file of one of them. */
export function exported(name: string): Uint8Array {
  return exportNetwork(DOCUMENTS[name], { batch: BATCH, seed: 11 })
}
