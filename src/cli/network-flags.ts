/** The flags of commands that send a signal through a network. */

import { type Command, Option } from 'commander'
import type { NetworkOptions } from '../index'
import { UsageError } from './exit-code'
import { integerFrom, integers, nonNegative, seed } from './flags'
import { readBatch } from './input-file'

export interface NetworkFlags {
  activation: string
  depth?: number
  width?: number
  widths?: number[]
  batch?: number
  bias: number
  input?: string
  seed: number | bigint
  seeds: number
  backward?: boolean
  engine: 'weights' | 'law' | 'auto'
  rescale: boolean
  learningRate?: number
  jacobian?: number
  check?: boolean
  network?: string
  workers?: number
  yes?: boolean
}

const DEPTH = 50
const WIDTH = 512

export function addNetworkFlags(command: Command): Command {
  return command
    .option('--activation <name>', 'of every layer', 'relu')
    .addOption(new Option('--depth <n>', `layers (default: ${DEPTH})`).argParser(integerFrom(1)))
    .addOption(new Option('--width <n>', `units of each layer (default: ${WIDTH})`).argParser(integerFrom(1)))
    .option(
      '--network <file>',
      'a JSON document of dense, conv, norm and residual layers, instead of --depth and --width',
    )
    .option('--widths <n,n,...>', 'features and the units of each layer, instead of --depth and --width', integers)
    .addOption(new Option('--batch <n>', 'inputs (default: 64)').argParser(integerFrom(1)))
    .option('--input <file>', 'your own batch, .npy or .csv, rows = samples, instead of --batch')
    .option('--bias <std>', 'standard deviation of the biases', nonNegative, 0)
    .option('--seed <n>', 'the first seed', seed, 0)
    .option('--seeds <n>', 'networks to average over', integerFrom(1), 1)
    .option('--backward', 'also send a gradient back')
    .addOption(
      new Option('--engine <name>', 'draw every weight, or integrate Gaussian ones out')
        .choices(['weights', 'law', 'auto'])
        .default('weights'),
    )
    .option(
      '--learning-rate <x>',
      'with --backward: also the ratio of an SGD step to the weights (--json)',
      nonNegative,
    )
    .addOption(
      new Option('--jacobian <n>', 'random directions a seed through the input-output Jacobian').argParser(
        integerFrom(1),
      ),
    )
    .option('--no-rescale', 'leave the signal in plain float32, to end where it ends')
    .addOption(
      new Option(
        '--workers <n>',
        'threads for the seeds; no number depends on it (default: the cores, for long work)',
      ).argParser(integerFrom(1)),
    )
    .option('--yes', 'run work of more than about ten minutes')
    .option('--check', "exit with 1 if a verdict is not 'stable'")
}

/** The library's options for these flags; reads the input file. */
export function networkOptions(flags: NetworkFlags): NetworkOptions {
  const { activation, bias, seed, seeds, backward = false, engine, rescale, learningRate, jacobian, widths } = flags
  for (const other of ['depth', 'width'] as const)
    if (widths !== undefined && flags[other] !== undefined)
      throw new UsageError(`--widths expected no --${other} beside it`)
  if (flags.input !== undefined && flags.batch !== undefined)
    throw new UsageError('--input expected no --batch beside it: the file has its own number of samples')
  const input = flags.input === undefined ? undefined : readBatch(flags.input)
  if (input && widths && widths[0] !== input.columns)
    throw new UsageError(`--widths expected ${input.columns} first, the features of ${input.name}, got ${widths[0]}`)
  const size = widths ? { widths } : { depth: flags.depth ?? DEPTH, width: flags.width ?? WIDTH }
  return {
    ...size,
    activation,
    bias,
    seed,
    seeds,
    backward,
    engine,
    rescale,
    ...(jacobian === undefined ? {} : { jacobian: { probes: jacobian } }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(input ? { input } : {}),
    ...(flags.batch === undefined ? {} : { batch: flags.batch }),
  }
}
