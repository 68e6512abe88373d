/** The flags of `evenkeel inspect`: what they are, which go together, and what they declare of the model. */

import { type Command, Option } from 'commander'
import { activationNames, initNames } from '../index'
import type { InspectOptions } from '../inspect/options'
import { PADDINGS, type Padding } from '../networks/window'
import { UsageError } from './exit-code'
import { integerFrom, knownName, seed } from './flags'
import { readSamples } from './input-file'
import type { GlobalFlags } from './terminal'
import type { OpenWeights } from './weight-file'

export interface InspectFlags extends GlobalFlags {
  activation?: string
  batch?: string
  layers?: string[]
  network?: string
  layout?: string[]
  inputSize?: number[]
  padding?: Padding
  stride?: string[]
  groups?: number
  transposed?: string[]
  fix?: string
  all?: boolean
  rescale?: 'analytic' | 'lsuv'
  out?: string
  force?: boolean
  seed: number | bigint
}

export function addFlags(command: Command): Command {
  const list = (text: string) => text.split(',').map((part) => part.trim())
  return command
    .option(
      '--activation <name>',
      'of every layer (default: as the file has it, else relu)',
      knownName('activation', activationNames),
    )
    .option('--batch <file>', 'samples x features, .npy or .csv, sent through the chain; images as a .npy of 4 axes')
    .option('--layers <names>', "the chain's weights from the input up, and what is between them, with commas", list)
    .option('--network <file>', 'a JSON document that says what is between the weights, in place of --layers')
    .option('--layout <letters>', 'of tensors of that many axes, as in IO or OI,HWIO', list)
    .option(
      '--input-size <sizes>',
      "of the batch's samples, as 3x32x32 (default: those of the file, or a square)",
      sizes,
    )
    .addOption(new Option('--padding <name>', "of the chain's convolutions (default: zero)").choices(PADDINGS))
    .option('--stride <n>', 'steps of every convolution, or name=n with commas', list)
    .option('--groups <n>', 'groups of every convolution whose outputs they divide', integerFrom(1))
    .option('--transposed <names>', 'kernels of transposed convolutions, with commas', list)
    .option('--fix <init>', 'draw the accused weights anew', knownName('initialization', initNames))
    .option('--all', 'with --fix: all dense and convolution weights')
    .addOption(new Option('--rescale <how>', 'scale the chain; lsuv needs --batch').choices(['analytic', 'lsuv']))
    .option('-o, --out <file>', 'where --fix and --rescale write, a .safetensors file')
    .option('--force', 'let --out be a file that exists')
    .option('--seed <n>', 'of --fix', seed, 0)
}

/** '3x32x32'. */
function sizes(text: string): number[] {
  return text.split('x').map(integerFrom(1))
}

/** The batch, and what is said of its samples. */
export function sampleOptions({ batch, inputSize, padding }: InspectFlags): InspectOptions {
  if (batch === undefined) return { inputSize, padding }
  const { size, ...table } = readSamples(batch)
  return { batch: table, padding, inputSize: inputSize ?? (size.length > 1 ? size : undefined) }
}

export function checkFlags({ fix, rescale, out, batch, all, layers, network }: InspectFlags, changing: boolean): void {
  if (layers !== undefined && network !== undefined) throw new UsageError('--network expected no --layers beside it')
  if (fix !== undefined && rescale !== undefined)
    throw new UsageError('--fix expected no --rescale beside it: one after the other')
  if (changing && out === undefined)
    throw new UsageError('--fix and --rescale expected -o with a .safetensors file to write')
  if (!changing && out !== undefined) throw new UsageError('-o expected --fix or --rescale beside it')
  if (changing && !out!.toLowerCase().endsWith('.safetensors'))
    throw new UsageError(`-o expected a name that ends in .safetensors, got '${out}'`)
  if (rescale === 'lsuv' && batch === undefined)
    throw new UsageError('--rescale lsuv expected --batch beside it: the data set the scale')
  if (all && fix === undefined) throw new UsageError('--all expected --fix beside it')
}

/** What the file and the flags say of a tensor, the flags before the file. */
export function declared(
  { layout, groups, transposed, stride }: InspectFlags,
  { tensors, uses }: OpenWeights,
  vectors: ReadonlySet<string>,
) {
  const known = (name: string) => tensors.some((tensor) => tensor.name === name)
  const unknown = transposed?.find((name) => !known(name))
  if (unknown !== undefined) throw new UsageError(`--transposed expected names of tensors, got '${unknown}'`)
  const steps = stridesOf(stride ?? [], known)
  return ({ name, shape }: { name: string; shape: number[] }) => {
    const letters = layout?.find((text) => text.length === shape.length)
    const divided =
      groups !== undefined &&
      shape.length > 2 &&
      shape.every((size, axis) => letters?.[axis] !== 'O' || size % groups === 0)
    return {
      ...uses?.get(name),
      ...(vectors.has(name) ? { role: 'vector' as const } : {}),
      ...(letters === undefined ? {} : { layout: letters }),
      ...(divided ? { groups } : {}),
      ...(transposed?.includes(name) ? { transposed: true } : {}),
      ...(shape.length > 2 ? steps(name) : {}),
    }
  }
}

/** '2' for every convolution, 'name=2' for one. */
function stridesOf(given: readonly string[], known: (name: string) => boolean): (name: string) => { stride?: number } {
  const steps = given.map((text) => {
    const at = text.lastIndexOf('=')
    const name = at < 0 ? null : text.slice(0, at)
    if (name !== null && !known(name)) throw new UsageError(`--stride expected names of tensors, got '${name}'`)
    const digits = text.slice(at + 1)
    if (!/^[1-9]\d*$/.test(digits)) throw new UsageError(`--stride expected an integer >= 1, got '${digits}'`)
    return { name, stride: Number(digits) }
  })
  return (name) => {
    const step = steps.find((step) => step.name === name) ?? steps.find((step) => step.name === null)
    return step ? { stride: step.stride } : {}
  }
}
