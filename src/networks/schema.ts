/** The JSON Schema of network documents (draft 2020-12), made of the very names and bounds that the checks use: evenkeel/network.schema.json. */

import { activationNames } from '../activations/resolve'
import { initNames } from '../initializers/names'
import { KINDS, MOST_LAYERS, MOST_UNITS, type NetworkDocument } from './document'
import { PADDINGS } from './window'

const DECIMAL = '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?'
const WITH_PARAMETER = ['leaky-relu', 'prelu', 'elu']

const integer = (maximum: number, description: string) => ({ type: 'integer', minimum: 1, maximum, description })
const listOf = (items: object, minItems: number, maxItems?: number) => ({
  ...{ type: 'array', items, minItems },
  ...(maxItems === undefined ? {} : { maxItems }),
})

/** Documents to start from; each runs. */
export const EXAMPLES: readonly NetworkDocument[] = [
  { depth: 50, width: 512, activation: 'relu', init: 'he-normal' },
  { widths: [784, 256, 256, 10], activation: 'tanh', bias: 0.05 },
  {
    input: [3, 16, 16],
    layers: [
      { kind: 'conv', channels: 16, kernel: 3 },
      { kind: 'activation', name: 'relu' },
      { kind: 'conv', channels: 32, kernel: 3, stride: 2, padding: 'reflect', groups: 4 },
      { kind: 'batchNorm' },
      { kind: 'activation', name: 'gelu' },
      { kind: 'dense', units: 10, init: 'lecun-normal', bias: 0.1, stream: 'head' },
    ],
  },
  {
    input: [64],
    layers: [
      {
        kind: 'repeat',
        times: 12,
        layers: [
          {
            kind: 'residual',
            scale: 0.5,
            layers: [
              { kind: 'layerNorm' },
              { kind: 'dense', units: 64 },
              { kind: 'activation', name: 'relu' },
              { kind: 'dense', units: 64, init: 'lecun-normal' },
            ],
          },
        ],
      },
    ],
  },
]

/** A name, or one with a number in place of its capital word. */
function pattern(names: readonly string[]): string {
  const [plain, numbered] = [names.filter((name) => !name.includes(':')), names.filter((name) => name.includes(':'))]
  const bases = numbered.map((name) => name.split(':')[0])
  return `^(${plain.join('|')}|(${bases.join('|')}):${DECIMAL})$`
}

const activation = {
  type: 'string',
  pattern: pattern([...activationNames, ...WITH_PARAMETER.map((name) => `${name}:SLOPE`)]),
  description: `f of every value: ${activationNames.join(', ')}; ${WITH_PARAMETER.join(', ')} also with a parameter, as in 'leaky-relu:0.2'.`,
}
const init = {
  type: 'string',
  pattern: pattern(initNames),
  description: `Initializer of the weights: ${initNames.join(', ')}, a number for the capital word. Default: that of the experiment, 'he-normal'.`,
}
const bias = {
  type: 'number',
  minimum: 0,
  default: 0,
  description: 'Standard deviation of the normal biases; 0 for none.',
}
const $schema = { type: 'string', description: 'Address of this schema, for editors.' }
const stream = {
  type: 'string',
  minLength: 1,
  description:
    "Weights are drawn from the stream STREAM.weight, biases from STREAM.bias. No two layers share one. Default: the layer's path, as in 'layers.3'.",
}
const layers = (description: string) => ({ ...listOf({ $ref: '#/$defs/layer' }, 1), description })
const perAxis = (description: string) => {
  const size = integer(Number.MAX_SAFE_INTEGER, 'Along this axis.')
  return { anyOf: [{ ...size, description: 'Along every axis.' }, listOf(size, 1, 2)], description }
}

/** One kind of layer and nothing but its members. */
function layerOf(
  kind: (typeof KINDS)[number],
  description: string,
  properties: Record<string, object>,
  required: readonly string[],
): object {
  return {
    ...{ type: 'object', description, required: ['kind', ...required], additionalProperties: false },
    properties: { kind: { const: kind }, ...properties },
  }
}

const LAYERS: Record<(typeof KINDS)[number], object> = {
  dense: layerOf(
    'dense',
    'W x + b; every value of the layer before is an input.',
    { units: integer(MOST_UNITS, 'Outputs.'), init, bias, stream },
    ['units'],
  ),
  conv: layerOf(
    'conv',
    'A convolution, 1-D or 2-D as its input is.',
    {
      channels: integer(MOST_UNITS, 'Output channels, a multiple of groups.'),
      kernel: perAxis('Size along each spatial axis, one for all or one each.'),
      stride: { ...perAxis('Step along each spatial axis, one for all or one each.'), default: 1 },
      padding: {
        ...{ enum: [...PADDINGS], default: 'zero' },
        description: "'zero', 'circular' and 'reflect' give ceil(size / stride) positions, 'none' what fits.",
      },
      groups: {
        ...integer(Number.MAX_SAFE_INTEGER, 'Divides the channels of the input and those of the output.'),
        default: 1,
      },
      init,
      bias,
      stream,
    },
    ['channels', 'kernel'],
  ),
  activation: layerOf('activation', 'f of every value.', { name: activation }, ['name']),
  layerNorm: layerOf('layerNorm', "(x - mean)/sqrt(variance + 1e-5) over a sample's values.", {}, []),
  rmsNorm: layerOf('rmsNorm', "x/sqrt(mean square + 1e-5) over a sample's values.", {}, []),
  batchNorm: layerOf('batchNorm', "(x - mean)/sqrt(variance + 1e-5) over a channel's values of the batch.", {}, []),
  residual: layerOf(
    'residual',
    'x + scale F(x), F the layers, whose output has the size of their input.',
    {
      scale: { type: 'number', default: 1, description: 'Factor of the branch.' },
      layers: layers('The branch F.'),
    },
    ['layers'],
  ),
  repeat: layerOf(
    'repeat',
    "The layers so many times after each other, each time drawn anew. Paths: 'layers[3][time][0]'.",
    { times: integer(MOST_LAYERS, 'How often.'), layers: layers('What is repeated.') },
    ['times', 'layers'],
  ),
}

const network = (description: string, properties: object, required: readonly string[]) => ({
  ...{ type: 'object', description, required, additionalProperties: false },
  properties: { $schema, ...properties },
})
const dense = { activation: { ...activation, default: 'relu' }, init, bias }
const width = integer(MOST_UNITS, 'Features, or units of a layer.')

/** What a document must be by itself; whether its layers fit each other is for the library to say, with the path of the one that does not. */
export const networkSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://unpkg.com/evenkeel/dist/network.schema.json',
  title: 'A network for evenkeel',
  description: 'What goes in and the layers it passes, or the short form of a dense network.',
  examples: EXAMPLES,
  anyOf: [
    network(
      'A network layer by layer.',
      {
        input: {
          ...listOf(integer(MOST_UNITS, 'Channels or features first, then the size along each spatial axis.'), 1, 3),
          description: '[features], [channels, length] or [channels, height, width].',
        },
        layers: layers('First to last.'),
      },
      ['input', 'layers'],
    ),
    network(
      'Short for dense layers of one width with an activation after each.',
      {
        depth: integer(MOST_LAYERS / 2, 'Dense layers.'),
        width: { ...width, description: 'Features, and units of every layer.' },
        ...dense,
      },
      ['depth', 'width'],
    ),
    network(
      'Short for dense layers of these widths with an activation after each.',
      {
        widths: {
          ...listOf(width, 2, MOST_LAYERS / 2 + 1),
          description: '[features, units of layer 1, ..., units of layer L].',
        },
        ...dense,
      },
      ['widths'],
    ),
  ],
  $defs: {
    layer: {
      ...{ type: 'object', required: ['kind'], properties: { kind: { enum: [...KINDS] } } },
      oneOf: KINDS.map((kind) => ({ $ref: `#/$defs/${kind}` })),
    },
    ...LAYERS,
  },
}
