/** What one layer of a TensorFlow.js model does, as steps. Defaults are those of tfjs-layers. */

import type { ModelStep, NormStep, PoolStep } from './model-step'
import type { TensorUse } from './tensor-stream'
import type { TfjsLayer } from './tfjs-topology'

export interface LayerSteps {
  steps: ModelStep[]
  uses: [string, TensorUse][]
}

type Config = TfjsLayer['config']
type Has = (weight: string) => boolean

/** The layer's steps, undefined where they are not known. */
export function layerSteps({ kind, name, config }: TfjsLayer, has: Has): LayerSteps | undefined {
  const weighted = Object.hasOwn(WEIGHTED, kind) ? WEIGHTED[kind] : undefined
  if (weighted) return weightedSteps(name, config, weighted, has)
  const reading = Object.hasOwn(PLAIN, kind) ? PLAIN[kind] : undefined
  const steps = reading?.(config, name, has)
  return steps && { steps, uses: [] }
}

/** Names and layouts of a layer's weights, the first to the last, and its spatial axes. */
interface WeightedLayer {
  kernels: readonly (readonly [string, string])[]
  axes: number
}

const WEIGHTED: Record<string, WeightedLayer> = {
  Dense: { kernels: [['kernel', 'IO']], axes: 0 },
  Conv1D: { kernels: [['kernel', 'WIO']], axes: 1 },
  Conv2D: { kernels: [['kernel', 'HWIO']], axes: 2 },
  DepthwiseConv2D: { kernels: [['depthwise_kernel', 'HWIM']], axes: 2 },
  SeparableConv2D: {
    kernels: [
      ['depthwise_kernel', 'HWIM'],
      ['pointwise_kernel', 'HWIO'],
    ],
    axes: 2,
  },
}

/** The bias is added after the last kernel; the border and the steps are those of the first. */
function weightedSteps(
  layer: string,
  config: Config,
  { kernels, axes }: WeightedLayer,
  has: Has,
): LayerSteps | undefined {
  const activation = activationSteps(config.activation)
  const pads = padsOf(config.padding, axes)
  const [stride, dilation] = [config.strides, config.dilation_rate].map((value) => sizes(value ?? 1, axes))
  const last = config.data_format === undefined || config.data_format === 'channels_last'
  const names = kernels.map(([kernel]) => `${layer}/${kernel}`)
  const bias = config.use_bias === false ? null : `${layer}/bias`
  if (!activation || !pads || !stride || !dilation || !last) return undefined
  if (!names.every(has) || (bias !== null && !has(bias))) return undefined
  const usual = { pads: new Array<number>(2 * axes).fill(0) }
  const uses = kernels.map(([, layout], i): [string, TensorUse] => [
    names[i],
    {
      ...{ role: axes === 0 ? 'dense' : 'conv', layout },
      ...(axes > 0 && i === 0 ? { pads, ...unlessOnes({ stride }), ...unlessOnes({ dilation }) } : {}),
      ...(axes > 0 && i > 0 ? usual : {}),
    },
  ])
  const weights = names.map(
    (name, i): ModelStep => ({
      ...{ kind: 'weights', name, bias: i === names.length - 1 ? bias : null },
    }),
  )
  return { steps: [...weights, ...activation], uses }
}

function unlessOnes(named: Record<string, number[]>): Record<string, number[]> {
  return Object.values(named)[0].every((n) => n === 1) ? {} : named
}

/** As many integers >= 1 as axes, of one for all or one each. */
function sizes(value: unknown, axes: number): number[] | undefined {
  const all = Array.isArray(value) ? value : new Array<unknown>(axes).fill(value)
  return all.length >= axes && all.slice(0, axes).every((n) => Number.isSafeInteger(n) && n >= 1)
    ? all.slice(0, axes)
    : undefined
}

function padsOf(padding: unknown, axes: number): number[] | 'same-upper' | undefined {
  if (padding === 'same') return 'same-upper'
  return padding === undefined || padding === 'valid' ? new Array<number>(2 * axes).fill(0) : undefined
}

/** By the names of tfjs-layers; softmax is left unknown, as the rest are. */
const ACTIVATIONS: Record<string, string> = {
  ...{ relu: 'relu', relu6: 'relu6', tanh: 'tanh', sigmoid: 'sigmoid', elu: 'elu', selu: 'selu', mish: 'mish' },
  ...{ softplus: 'softplus', softsign: 'softsign', swish: 'silu', gelu: 'gelu', gelu_new: 'gelu-tanh' },
}

function activationSteps(name: unknown): ModelStep[] | undefined {
  if (name === undefined || name === null || name === 'linear') return []
  if (typeof name !== 'string' || !Object.hasOwn(ACTIVATIONS, name)) return undefined
  return [{ kind: 'activation', name: ACTIVATIONS[name] }]
}

const number = (value: unknown, usual: number): number => (typeof value === 'number' ? value : usual)
const decimal = (value: number): string => (Number.isFinite(value) ? `${value}` : '0')
const named =
  (name: string, key: string, usual: number) =>
  (config: Config): ModelStep[] => [{ kind: 'activation', name: `${name}:${decimal(number(config[key], usual))}` }]
const nothing = (): ModelStep[] => []

const PLAIN: Record<string, (config: Config, name: string, has: Has) => ModelStep[] | undefined> = {
  InputLayer: nothing,
  Dropout: nothing,
  SpatialDropout1D: nothing,
  GaussianNoise: nothing,
  GaussianDropout: nothing,
  AlphaDropout: nothing,
  Flatten: ({ data_format: format }) => (format === 'channels_first' ? undefined : [{ kind: 'flatten' }]),
  Activation: ({ activation }) => activationSteps(activation),
  ReLU: ({ max_value: most }) =>
    most === undefined || most === null ? activationSteps('relu') : most === 6 ? activationSteps('relu6') : undefined,
  LeakyReLU: named('leaky-relu', 'alpha', 0.3),
  ELU: named('elu', 'alpha', 1),
  MaxPooling1D: (config) => pool(config, 'max', 1),
  MaxPooling2D: (config) => pool(config, 'max', 2),
  AveragePooling1D: (config) => pool(config, 'average', 1),
  AveragePooling2D: (config) => pool(config, 'average', 2),
  GlobalMaxPooling1D: () => whole('max'),
  GlobalMaxPooling2D: () => whole('max'),
  GlobalAveragePooling1D: () => whole('average'),
  GlobalAveragePooling2D: () => whole('average'),
  ZeroPadding2D: ({ padding }) => zeroPadding(padding),
  BatchNormalization: (config, name, has) => norm('batch', config, name, has),
  LayerNormalization: (config, name, has) => norm('layer', config, name, has),
}

function pool(config: Config, kind: PoolStep['pool'], axes: number): ModelStep[] | undefined {
  const kernel = sizes(config.pool_size ?? 2, axes)
  const stride = sizes(config.strides ?? config.pool_size ?? 2, axes)
  const pads = padsOf(config.padding, axes)
  if (!kernel || !stride || !pads || config.data_format === 'channels_first') return undefined
  return [{ kind: 'pool', pool: kind, kernel, stride, pads }]
}

function whole(kind: PoolStep['pool']): ModelStep[] {
  return [{ kind: 'pool', pool: kind, kernel: 'all' }, { kind: 'flatten' }]
}

/** [[top, bottom], [left, right]]. */
function zeroPadding(padding: unknown): ModelStep[] | undefined {
  const [rows, columns] = Array.isArray(padding) ? padding : []
  const all: unknown[] = [rows?.[0], columns?.[0], rows?.[1], columns?.[1]]
  const whole = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0
  return all.every(whole) ? [{ kind: 'pad', pads: all }] : undefined
}

/** Over one axis, which has to be the last one, the channels'. */
function norm(kind: 'batch' | 'layer', config: Config, layer: string, has: Has): ModelStep[] | undefined {
  const axis: unknown = Array.isArray(config.axis) && config.axis.length === 1 ? config.axis[0] : (config.axis ?? -1)
  const tensor = (flag: unknown, name: string) => (flag === false ? null : `${layer}/${name}`)
  const [scale, shift] = [tensor(config.scale, 'gamma'), tensor(config.center, 'beta')]
  const running: Partial<NormStep> =
    kind === 'batch' ? { mean: `${layer}/moving_mean`, variance: `${layer}/moving_variance` } : { over: 'channels' }
  const names = [scale, shift, running.mean, running.variance].filter((name) => typeof name === 'string')
  if (!Number.isSafeInteger(axis) || (axis !== -1 && (axis as number) < 1) || !names.every(has)) return undefined
  const lastAxis = axis === -1 ? {} : { lastAxis: axis as number }
  return [{ kind: 'norm', norm: kind, scale, shift, ...running, ...lastAxis, epsilon: number(config.epsilon, 1e-3) }]
}
