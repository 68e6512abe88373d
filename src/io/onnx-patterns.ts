/** Activations and norms that exporters write as several operators, each of which takes the same signal. */

import type { ModelStep } from './model-step'
import type { OnnxNode } from './onnx-graph'
import { close, type Done, type Operands } from './onnx-operators'

/** x is the signal, a number that constant, 'e' a small one that is kept, an array an operator and what it takes. */
type Pattern = 'x' | 'e' | number | Operation
interface Operation extends ReadonlyArray<string | Pattern> {
  0: string
}

const activation = (name: string) => (): ModelStep => ({ kind: 'activation', name })
const CENTRED: Pattern = ['Sub', 'x', ['ReduceMean', 'x']]

const LAYER_NORM: Pattern = ['Div', CENTRED, ['Sqrt', ['Add', ['ReduceMean', ['Pow', CENTRED, 2]], 'e']]]

const PATTERNS: readonly (readonly [Pattern, (epsilon: number, axes: number) => ModelStep])[] = [
  [['Mul', 'x', ['Sigmoid', 'x']], activation('silu')],
  [['Mul', 'x', ['HardSigmoid', 'x']], activation('hardswish')],
  [['Mul', 'x', ['Tanh', ['Softplus', 'x']]], activation('mish')],
  [['Mul', ['Mul', 'x', ['Add', ['Erf', ['Div', 'x', Math.SQRT2]], 1]], 0.5], activation('gelu')],
  [LAYER_NORM, (epsilon, axes) => ({ kind: 'norm', norm: 'layer', axes, epsilon })],
]

/** Operators of the longest pattern, and as many that may stand between them. */
const REACH = 24

/** The pattern that begins where several operators take `at`; `nodes` begin with the first of them. */
export function fusedAt(at: string, nodes: readonly OnnxNode[], operands: Operands): Done | undefined {
  // the longest first: the beginning of one may be another
  for (const node of nodes.slice(0, REACH).toReversed())
    for (const [pattern, step] of PATTERNS) {
      const kept: number[] = []
      if (!matches(node.outputs[0], pattern, at, operands, kept)) continue
      const axes = pattern === LAYER_NORM ? lastAxes(node, operands) : 1
      return axes === undefined ? undefined : { steps: [step(kept[0], axes)], output: node.outputs[0] }
    }
  return undefined
}

function matches(name: string, pattern: Pattern, at: string, operands: Operands, kept: number[]): boolean {
  if (pattern === 'x') return name === at
  if (typeof pattern !== 'object') {
    const found = operands.numbers(name)
    if (found?.length !== 1) return false
    if (pattern === 'e') return kept.push(found[0]) > 0
    return close(found[0], pattern)
  }
  const [operator, ...wanted] = pattern as readonly [string, ...Pattern[]]
  const maker = operands.makers.get(name)
  if (maker?.operator !== operator) return false
  const both = (inputs: readonly string[]) =>
    wanted.every((inner, i) => inputs[i] !== undefined && matches(inputs[i], inner, at, operands, kept))
  const commutes = operator === 'Mul' || operator === 'Add'
  return both(maker.inputs) || (commutes && both(maker.inputs.toReversed()))
}

/** How many axes the means of a norm are over, from the last one on; undefined where they are not counted from there. */
function lastAxes(node: OnnxNode, { makers, numbers }: Operands): number | undefined {
  const mean = makers.get(makers.get(node.inputs[0])?.inputs[1] ?? '')
  const axes = mean?.attributes.get('axes') ?? numbers(mean?.inputs[1] ?? '') ?? []
  const last = [...axes].sort((a, b) => b - a).every((axis, i) => axis === -1 - i)
  return last && axes.length > 0 ? axes.length : undefined
}
