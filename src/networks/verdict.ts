import type { NetworkLayerResult } from './result'

/** What the experiment says in words. */
export interface NetworkVerdict {
  /** 'stable', 'forward-vanishing', 'forward-exploding', 'backward-vanishing', 'backward-exploding'. */
  code: string
  /** One sentence: what happens, and where most of it does. */
  text: string
  /** One sentence: what to change; empty when nothing needs changing. */
  fix: string
}

/** Beyond it a signal or gradient counts as lost or run away: float32's training rates reach no further. */
const FACTOR = 1e3

/** What happens over the whole network, and the layer with weights or scale that does most of it. */
export function networkVerdict(layers: readonly NetworkLayerResult[], input: number): NetworkVerdict {
  const top = layers.filter(({ path }) => !path.includes('.'))
  const forward = top.map((layer) => layer.forward.secondMoment)
  const out = forward[forward.length - 1] / input
  if (!(out < FACTOR && out > 1 / FACTOR)) return told('forward', out, top, [input, ...forward])
  if (top[0].backward) {
    const gradients = top.map((layer) => layer.backward!.secondMoment)
    const first = gradients[0]
    if (!(first < FACTOR && first > 1 / FACTOR)) return told('backward', first, top, gradients)
  }
  return {
    code: 'stable',
    text: `The second moment stays within a factor of ${FACTOR} of the input's: ${number(out)} of it at the last layer.`,
    fix: '',
  }
}

function told(
  direction: 'forward' | 'backward',
  total: number,
  layers: readonly NetworkLayerResult[],
  moments: readonly number[],
): NetworkVerdict {
  const vanishing = total < 1
  // what one layer does, weights and the activation after it taken together
  const steps = moments.slice(1).map((moment, i) => ({
    factor: direction === 'forward' ? moment / moments[i] : moments[i] / moment,
    layer: layers[direction === 'forward' ? i : i + 1],
  }))
  // where the moments themselves leave the range of doubles a step's factor says nothing of the layer
  const telling = steps.filter(
    ({ factor }, i) => !Number.isNaN(factor) && inRange(moments[i]) && inRange(moments[i + 1]),
  )
  const worst = (telling.length > 0 ? telling : steps).reduce((a, b) =>
    strength(b.factor, vanishing) > strength(a.factor, vanishing) ? b : a,
  )
  const where = direction === 'forward' ? 'at the last layer' : 'at the first layer'
  return {
    code: `${direction}-${vanishing ? 'vanishing' : 'exploding'}`,
    text: `The ${direction === 'forward' ? 'signal' : 'gradient'}'s second moment is ${number(total)} times what it started with ${where}; most in one step at ${worst.layer.path} (${worst.layer.kind}): x ${number(worst.factor)}.`,
    fix: 'Choose the weights of each layer so that weights and activation together keep the second moment: he-normal before a ReLU, a gain of 1 where none follows; or put a norm or a scaled residual branch between.',
  }
}

/** 0 is in it: a dead layer is told from its neighbour. */
function inRange(moment: number): boolean {
  return moment === 0 || (moment > 1e-290 && moment < 1e290)
}

function strength(factor: number, vanishing: boolean): number {
  return vanishing ? 1 / factor : factor
}

function number(x: number): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(3))) : String(x)
}
