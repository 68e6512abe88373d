/** What one operator of an ONNX graph does, as steps. Defaults are those of the operators' specification. */

import { formatFloat32 } from './decimal'
import type { ModelStep, NormStep, PoolStep, WeightStep } from './model-step'
import { border, type OnnxNode } from './onnx-graph'
import { pad } from './onnx-padding'
import type { TensorUse } from './tensor-stream'

/** What an operator takes beside the signal. */
export interface Operands {
  makers: ReadonlyMap<string, OnnxNode>
  /** The numbers of a small constant. */
  numbers(name: string): number[] | undefined
  /** The tensor of the file behind a name. */
  weight(name: string): string | undefined
  role(tensor: string): TensorUse['role'] | undefined
}

/** The steps of an operator and the name of what it gives. */
export interface Done {
  steps: ModelStep[]
  output: string
}

type Reading = (node: OnnxNode, operands: Operands, before: ModelStep[]) => ModelStep[] | undefined

/** The steps of the operator that takes `at`, undefined where they are not known; `before` are those up to it. */
export function operatorSteps(node: OnnxNode, at: string, before: ModelStep[], operands: Operands): Done | undefined {
  const reading = Object.hasOwn(READINGS, node.operator) ? READINGS[node.operator] : undefined
  const commutes = ['Add', 'Mul'].includes(node.operator)
  const inputs = commutes && node.inputs[1] === at ? [node.inputs[1], node.inputs[0]] : node.inputs
  if (reading === undefined || inputs[0] !== at || inputs.lastIndexOf(at) > 0) return undefined
  const steps = reading({ ...node, inputs }, operands, before)
  return steps && { steps, output: node.outputs[0] }
}

const plain =
  (name: string): Reading =>
  () => [{ kind: 'activation', name }]

const withParameter =
  (name: string, attribute: string, usual: number): Reading =>
  ({ reals }) => [{ kind: 'activation', name: `${name}:${formatFloat32(Math.fround(reals.get(attribute) ?? usual))}` }]

/** As they are defined without parameters, or with the usual ones. */
const usually =
  (name: string, wanted: Record<string, number>): Reading =>
  ({ reals }) =>
    Object.entries(wanted).every(([key, value]) => close(reals.get(key) ?? value, value))
      ? [{ kind: 'activation', name }]
      : undefined

export function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-5 * Math.abs(b)
}

const READINGS: Record<string, Reading> = {
  Identity: () => [],
  Dropout: () => [],
  Conv: convolution,
  Gemm: gemm,
  MatMul: ({ inputs }, { weight }) => weightStep(weight(inputs[1]), null),
  Add: bias,
  Mul: scale,
  Relu: plain('relu'),
  Tanh: plain('tanh'),
  Sigmoid: plain('sigmoid'),
  Softplus: plain('softplus'),
  Softsign: plain('softsign'),
  HardSwish: plain('hardswish'),
  Mish: plain('mish'),
  Erf: plain('erf'),
  Gelu: ({ texts }) => [{ kind: 'activation', name: texts.get('approximate') === 'tanh' ? 'gelu-tanh' : 'gelu' }],
  Selu: usually('selu', { alpha: 1.6732632, gamma: 1.050701 }),
  HardSigmoid: ({ reals }) =>
    close(reals.get('alpha') ?? 0.2, 1 / 6) && close(reals.get('beta') ?? 0.5, 0.5)
      ? [{ kind: 'activation', name: 'hardsigmoid' }]
      : undefined,
  LeakyRelu: withParameter('leaky-relu', 'alpha', 0.01),
  Elu: withParameter('elu', 'alpha', 1),
  Clip: clip,
  BatchNormalization: batchNorm,
  LayerNormalization: sampleNorm('layer'),
  RMSNormalization: sampleNorm('rms'),
  SimplifiedLayerNormalization: sampleNorm('rms'),
  MaxPool: (node) => pool(node, 'max'),
  AveragePool: (node) => pool(node, 'average'),
  GlobalMaxPool: () => [{ kind: 'pool', pool: 'max', kernel: 'all' }],
  GlobalAveragePool: () => [{ kind: 'pool', pool: 'average', kernel: 'all' }],
  ReduceMean: spatialMean,
  Pad: pad,
  Flatten: ({ attributes }) => ((attributes.get('axis')?.[0] ?? 1) === 1 ? [{ kind: 'flatten' }] : undefined),
  Reshape: reshape,
  Squeeze: () => [{ kind: 'flatten' }],
}

function weightStep(name: string | undefined, bias: string | null): WeightStep[] | undefined {
  return name === undefined ? undefined : [{ kind: 'weights', name, bias }]
}

function convolution({ inputs }: OnnxNode, { weight }: Operands): ModelStep[] | undefined {
  const bias = inputs[2] ? weight(inputs[2]) : null
  return bias === undefined ? undefined : weightStep(weight(inputs[1]), bias)
}

function gemm(node: OnnxNode, operands: Operands): ModelStep[] | undefined {
  const { attributes, reals } = node
  const plainly = attributes.get('transA')?.[0] !== 1 && ['alpha', 'beta'].every((key) => (reals.get(key) ?? 1) === 1)
  return plainly ? convolution(node, operands) : undefined
}

/** What is added to the products of a matrix just before is their bias; the step before is told of it. */
function bias({ inputs }: OnnxNode, { weight, role }: Operands, before: ModelStep[]): ModelStep[] | undefined {
  const name = weight(inputs[1])
  const last = before[before.length - 1]
  if (name === undefined || role(name) !== 'vector') return undefined
  if (last?.kind === 'weights' && last.bias === null) before[before.length - 1] = { ...last, bias: name }
  else if (last?.kind === 'norm' && !last.shift && !last.mean) before[before.length - 1] = { ...last, shift: name }
  else return undefined
  return []
}

/** What the values of a norm just before are multiplied by is its scale. */
function scale({ inputs }: OnnxNode, { weight }: Operands, before: ModelStep[]): ModelStep[] | undefined {
  const name = weight(inputs[1])
  const last = before[before.length - 1]
  if (name === undefined || last?.kind !== 'norm' || last.scale || last.shift || last.mean) return undefined
  before[before.length - 1] = { ...last, scale: name }
  return []
}

function clip({ inputs, reals }: OnnxNode, { numbers }: Operands): ModelStep[] | undefined {
  const [low, high] = [
    reals.get('min') ?? numbers(inputs[1] ?? '')?.[0],
    reals.get('max') ?? numbers(inputs[2] ?? '')?.[0],
  ]
  if (low === 0 && high === 6) return [{ kind: 'activation', name: 'relu6' }]
  if (low === 0 && high === undefined) return [{ kind: 'activation', name: 'relu' }]
  return low === -1 && high === 1 ? [{ kind: 'activation', name: 'hardtanh' }] : undefined
}

function batchNorm({ inputs, reals, attributes }: OnnxNode, { weight }: Operands): NormStep[] | undefined {
  const [scale, shift, mean, variance] = inputs.slice(1, 5).map(weight)
  if ([scale, shift, mean, variance].includes(undefined)) return undefined
  const running = attributes.get('training_mode')?.[0] === 1 ? {} : { mean, variance }
  return [{ kind: 'norm', norm: 'batch', scale, shift, ...running, epsilon: reals.get('epsilon') ?? 1e-5 }]
}

/** Over all axes from `axis` on, the last alone by default. */
function sampleNorm(norm: 'layer' | 'rms'): Reading {
  return ({ inputs, reals, attributes }, { weight }) => {
    const axis = attributes.get('axis')?.[0] ?? -1
    const [scale, shift] = [inputs[1], inputs[2]].map((name) => (name ? weight(name) : null))
    if (scale === undefined || shift === undefined || axis === 0 || axis > 1) return undefined
    const axes = axis < 0 ? { axes: -axis } : {}
    return [{ kind: 'norm', norm, ...axes, scale, shift, epsilon: reals.get('epsilon') ?? 1e-5 }]
  }
}

function pool(node: OnnxNode, kind: PoolStep['pool']): PoolStep[] | undefined {
  const kernel = node.attributes.get('kernel_shape')
  if (kernel === undefined) return undefined
  const { pads, dilation } = border(node, kernel)
  const flag = (name: string) => node.attributes.get(name)?.[0] === 1
  return [
    {
      ...{ kind: 'pool', pool: kind, kernel, pads, ...(dilation ? { dilation } : {}) },
      stride: node.attributes.get('strides') ?? 1,
      ...(flag('ceil_mode') ? { ceil: true } : {}),
      ...(flag('count_include_pad') ? { countPads: true } : {}),
    },
  ]
}

/** The mean over all axes but the first two. */
function spatialMean({ inputs, attributes }: OnnxNode, { numbers }: Operands): ModelStep[] | undefined {
  const axes = attributes.get('axes') ?? numbers(inputs[1] ?? '') ?? []
  const image = axes.length === 2 && [axes.join(), axes.toReversed().join()].some((a) => a === '2,3' || a === '-2,-1')
  if (!image && axes.join() !== '2') return undefined
  const kept = (attributes.get('keepdims')?.[0] ?? 1) === 1
  return [{ kind: 'pool', pool: 'average', kernel: 'all' }, ...(kept ? [] : [{ kind: 'flatten' } as const])]
}

/** To samples x values: a shape of two numbers, or one that is made of two. */
function reshape({ inputs }: OnnxNode, { numbers, makers }: Operands): ModelStep[] | undefined {
  const shape = numbers(inputs[1])
  const maker = makers.get(inputs[1])
  const count = shape?.length ?? (maker?.operator === 'Concat' ? maker.inputs.length : 0)
  return count === 2 ? [{ kind: 'flatten' }] : undefined
}
