/** The short form of a dense network, and what it is short for. */

import { finite, integer, options, withDefault, wrongKind, wrongValue } from '../check'
import { type DenseNetwork, type LayerDocument, type LayeredNetwork, MOST_LAYERS, MOST_UNITS } from './document'
import { checkedActivation, checkedStd } from './layer-checks'

export const SHORT = ['$schema', 'depth', 'width', 'widths', 'activation', 'init', 'bias']

/** Dense layers with an activation after each, their streams those of `propagate`. */
export function longForm(where: string, given: DenseNetwork, fallback: string): LayeredNetwork {
  const network = options<DenseNetwork>(`${where}: network`, given, SHORT)
  const [features, ...layers] = checkedWidths(where, network)
  const { activation = 'relu', bias = 0 } = network
  const named = network.init === undefined ? {} : { init: network.init }
  finite(where, 'network.bias', bias, 0)
  checkedStd(where, 'network', withDefault(network.init, fallback) as string, [layers[0], features], {})
  checkedActivation(where, 'network.activation', activation)
  return {
    input: [features],
    layers: layers.flatMap((units, i): LayerDocument[] => [
      { kind: 'dense', units, ...named, bias, stream: `layers.${i + 1}` },
      { kind: 'activation', name: activation },
    ]),
  }
}

function checkedWidths(where: string, network: { depth?: unknown; width?: unknown; widths?: unknown }): number[] {
  const { depth, width, widths } = network
  if (widths === undefined) {
    if (depth === undefined && width === undefined)
      wrongKind(where, 'network', 'input and layers, or depth and width, or widths', network)
    const count = integer(where, 'network.depth', depth, 1, MOST_LAYERS / 2)
    return new Array<number>(count + 1).fill(integer(where, 'network.width', width, 1, MOST_UNITS))
  }
  for (const [name, other] of Object.entries({ depth, width }))
    if (other !== undefined) wrongValue(where, `network.${name}`, 'none beside widths', other)
  if (!Array.isArray(widths) || widths.length < 2 || widths.length > MOST_LAYERS / 2 + 1)
    return wrongKind(where, 'network.widths', `an array of 2 to ${MOST_LAYERS / 2 + 1} integers >= 1`, widths)
  return widths.map((n, i) => integer(where, `network.widths[${i}]`, n, 1, MOST_UNITS))
}

/** The network of `propagate` with these options up to z of its last layer, where its probe is. @throws as propagateNetwork */
export function denseDocument(where: string, given: DenseNetwork): LayeredNetwork {
  const { input, layers } = longForm(where, given, 'he-normal')
  return { input, layers: layers.slice(0, -1) }
}
