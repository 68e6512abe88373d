import { measure } from '../../src/network/measure'
import { kernels } from '../../src/wasm/instance'
import type { Answer } from '../serve'
import { sample, type Timing } from '../timing'

/** Second moments of a He ReLU network's layers; the input's is 1. */
function network(depth: number, width: number, batch: number): number[] {
  const { layers } = measure('bench', { depth, width, batch, init: 'he-normal', activation: 'relu', seed: 1, seeds: 1 })
  return layers.map((layer) => layer.forward.secondMoment)
}

/** Seconds a seed of an experiment with its way back; with `law` the weights are integrated out. */
export async function experiment([depth, width, batch, law]: number[], { budget }: Timing): Promise<Answer> {
  const seeds = law ? 5 : 1
  let result: number[] = []
  const body = (layers: number) => {
    const { seeds: measured } = measure('bench', {
      ...{ depth: layers, width, batch, init: 'he-normal', activation: 'relu', seed: 1, seeds },
      ...{ backward: true, engine: law ? 'law' : 'weights' },
    })
    result = measured[0].forwardSecondMoment
  }
  const samples = await sample(() => body(depth), { budget, warm: () => body(5) })
  return { samples: samples.map((seconds) => seconds / seeds), result }
}

/** Seconds of an experiment of many seeds, its weights integrated out; with `back` there and back. */
export async function seeds([depth, width, batch, count, back]: number[], { budget }: Timing): Promise<Answer> {
  let result: number[] = []
  const body = (seeds: number) => {
    const { seeds: measured } = measure('bench', {
      ...{ depth, width, batch, init: 'he-normal', activation: 'relu', seed: 1, seeds },
      ...{ backward: back === 1, engine: 'law' },
    })
    result = measured[0].forwardSecondMoment
  }
  return { samples: await sample(() => body(count), { budget, warm: () => body(10) }), result }
}

/** Seconds of one experiment of one seed. */
export async function headline([depth, width, batch]: number[], { budget }: Timing): Promise<Answer> {
  let result: number[] = []
  const body = () => {
    result = network(depth, width, batch)
  }
  const samples = await sample(body, { budget, warm: () => network(5, width, batch) })
  return { samples, result }
}

/** Bytes of linear memory after one experiment in a fresh process. */
export async function memory([depth, width, batch]: number[]): Promise<Answer> {
  const result = network(depth, width, batch)
  return { samples: [kernels().memory.buffer.byteLength], result }
}
