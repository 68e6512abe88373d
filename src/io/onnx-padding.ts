/** Zeros that an operator of its own puts around a signal. */

import type { ModelStep } from './model-step'
import type { OnnxNode } from './onnx-graph'
import type { Operands } from './onnx-operators'

/** Zeros around the axes behind the first two. */
export function pad(node: OnnxNode, operands: Operands): ModelStep[] | undefined {
  const { inputs, texts, attributes } = node
  const pads = attributes.get('pads') ?? operands.numbers(inputs[1] ?? '') ?? turnedPairs(inputs[1] ?? '', operands)
  const value = inputs[2] ? operands.numbers(inputs[2])?.[0] : 0
  if (pads === undefined || value !== 0 || (texts.get('mode') ?? 'constant') !== 'constant') return undefined
  const axes = pads.length / 2
  const outer = [pads[0], pads[1], pads[axes], pads[axes + 1]]
  if (!(axes >= 3) || outer.some((zeros) => zeros !== 0)) return undefined
  return [{ kind: 'pad', pads: [...pads.slice(2, axes), ...pads.slice(axes + 2)] }]
}

/** What PyTorch's exporter makes pads of: pairs from the last axis to the first and zeros behind them, turned round in the graph. */
const TURNED = ['Cast', 'Reshape', 'Transpose', 'Slice', 'Reshape', 'Concat']

function turnedPairs(name: string, { makers, numbers }: Operands): number[] | undefined {
  let at = makers.get(name)
  for (const operator of TURNED.slice(0, -1)) {
    if (at?.operator !== operator) return undefined
    at = makers.get(at.inputs[0])
  }
  if (at?.operator !== TURNED[TURNED.length - 1] || at.inputs.length !== 2) return undefined
  const pairs = numbers(at.inputs[0])
  const zeros = numbers(makers.get(at.inputs[1])?.inputs[0] ?? '')?.[0]
  if (pairs === undefined || zeros === undefined || !(zeros <= MOST) || (pairs.length + zeros) % 2 !== 0)
    return undefined
  const all = [...pairs, ...new Array<number>(zeros).fill(0)]
  const ends = [0, 1].map((end) => all.filter((_, i) => i % 2 === end).toReversed())
  return ends.flat()
}

/** Numbers of a border: two for each axis. */
const MOST = 16
