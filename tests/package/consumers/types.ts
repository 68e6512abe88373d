// What has to compile against the published declarations, and what must not, in each TypeScript that users have.

import * as everything from 'evenkeel'
import {
  type Experiment,
  fans,
  gain,
  heNormal,
  initialize,
  moments,
  normal,
  orthogonal,
  presets,
  propagate,
  sparse,
  theory,
  truncatedNormal,
  varianceScaling,
  verify,
} from 'evenkeel'
import * as node from 'evenkeel/node'
import * as parallel from 'evenkeel/parallel'
import * as slim from 'evenkeel/slim'
import * as tfjs from 'evenkeel/tfjs'
import * as depth from 'evenkeel/theory'

const weights: Float32Array = heNormal([64, 128], { seed: 42n, stream: 'fc1', layout: 'OI', mode: 'fanAvg' })
initialize('he-normal', [3, 3, 16, 32], { layout: 'HWIO', out: weights })
varianceScaling([4, 3], { scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' })
normal([7], { mean: 1, stddev: 2 })
truncatedNormal([7], { lower: -1, upper: 3 })
orthogonal([4, 4], { gain: Math.SQRT2 })
sparse([8, 6], { sparsity: 0.5 })
const std: number = moments(weights).std
const fanIn: number = fans([64, 128]).fanIn
const pytorch: number = gain('tanh', { compat: 'pytorch' })
const names: string[] = Object.keys(presets)
const slope: number = theory('gelu').qSlope
const reached: number = verify().reproduced
const run: Experiment = propagate({ depth: 5, width: 40, activation: { name: 'mine', f: (z: number) => z }, seeds: 2 })
const band: readonly [number, number] = run.layers[0].theory.forward.band
export const used = [std, fanIn, pytorch, names, slope, reached, band, everything, node, parallel, slim, tfjs, depth]

// @ts-expect-error an unknown mode
heNormal([64, 128], { mode: 'fanSum' })
// @ts-expect-error an unknown option
heNormal([64, 128], { sead: 1 })
// @ts-expect-error a shape is a list of numbers
heNormal(64)
// @ts-expect-error an unknown distribution
varianceScaling([4, 3], { distribution: 'cauchy' })
// @ts-expect-error bounds are given apart
truncatedNormal([7], { bounds: 2 })
// @ts-expect-error an unknown option of an experiment
propagate({ depth: 5, width: 40, layers: 3 })
// @ts-expect-error a seed is a number or a bigint
normal([7], { seed: '1' })
