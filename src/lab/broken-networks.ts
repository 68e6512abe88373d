/** Eight networks with one thing wrong, for the reader to find. */

import type { PlainNetwork } from './tasks'

export interface BrokenNetwork {
  network: PlainNetwork
  /** What to look for. */
  question: string
  /** The cause in a sentence or two. */
  answer: string
}

const COMMON = { activation: 'relu', batch: 64, seed: 1, seeds: 1, backward: true } as const
const BASE = { ...COMMON, depth: 30, width: 128 }

/** 64 features, and 15 layers of which every third is twice as wide. */
const WIDENING = Array.from({ length: 16 }, (_, l) => Math.round(64 * 2 ** (l / 3)))

export const brokenNetworks: readonly BrokenNetwork[] = [
  {
    network: { ...BASE, init: 'normal:0.01' },
    question: 'Nothing reaches the last layer. How much is lost in each?',
    answer:
      'σ = 0.01 at every width. At width 128, ReLU needs √(2/128) = 0.125: each layer keeps 0.0064 of the second moment.',
  },
  {
    network: { ...BASE, init: 'normal:1' },
    question: 'This one goes the other way. Would float32 hold it?',
    answer: 'σ = 1, as in np.random.randn. Each layer multiplies the second moment by 128 / 2 = 64.',
  },
  {
    network: { ...BASE, init: 'xavier-normal' },
    question: 'A recipe from a well-known paper. Which part of it does not hold here?',
    answer:
      'Glorot derived it for linear units. ReLU zeroes half of them, so half of the second moment goes in every layer.',
  },
  {
    network: { ...BASE, init: 'tfjs-4-he-normal', depth: 100 },
    question: 'It says He. Why does it fade, and why so slowly?',
    answer:
      'The normal is cut off at 2 σ and not corrected for the cut: its variance is 0.774 of the named one. Over ten layers that is hardly seen; over a hundred it is everything.',
  },
  {
    network: { ...COMMON, widths: WIDENING, init: 'torchvision-conv', seeds: 4 },
    question: 'The layers widen, from 64 units to 2048, and the variance is 2 over a fan. Over which?',
    answer:
      'Over the wrong one: the fans are swapped, as when a matrix stored (in, out) is read as (out, in). Each layer keeps fan_in / fan_out = 0.79 of the second moment; between equal layers nobody would notice.',
  },
  {
    network: { ...BASE, init: 'he-normal', activation: 'linear' },
    question: 'He again, and yet it explodes. What is missing?',
    answer:
      'The ReLU. The 2 of He makes up for zeroed units; where nothing is zeroed, every layer doubles the second moment.',
  },
  {
    network: { ...BASE, init: 'he-normal', width: 6, depth: 60 },
    question: 'The right recipe, followed to the letter. What does theory for wide networks not see?',
    answer:
      'The width. With 6 units a layer, each layer scatters the second moment by a factor: its typical value falls like exp(-5/2 · depth/width), although its mean is kept.',
  },
  {
    network: { ...BASE, init: 'xavier-simple', bias: 0.5 },
    question: 'Forward it looks healthy. Look back.',
    answer:
      'Biases of σ_b = 0.5 refill what the weights lose, so the forward signal stays up, but it is the same for every input. The gradient knows no biases: half of it goes in every layer.',
  },
]
