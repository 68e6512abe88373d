/** The samples and labels of a race from the user's own files. */

import { extname } from 'node:path'
import { type Command, Option } from 'commander'
import { readNpy, readNpyIntegers } from '../io/npy'
import type { DataOptions } from '../training/dataset'
import { UsageError } from './exit-code'
import { seed } from './flags'
import { type InputBatch, readBatch, readBytes, readSamples } from './input-file'

export interface DataFlags {
  data?: 'spirals' | 'teacher-student'
  dataSeed?: number | bigint
  input?: string
  targets?: string
}

export function addDataFlags(command: Command): Command {
  return command
    .addOption(new Option('--data <name>', 'default: spirals').choices(['spirals', 'teacher-student']))
    .option('--data-seed <n>', 'of the data (default: 0)', seed)
    .option('--input <file>', 'your own samples, .npy or .csv, rows = samples, instead of --data')
    .option('--targets <file>', 'a label 0, 1, ... for each of them, or targets for mean-square')
}

/** The task that the flags name, or none; reads the files. A network of a file may say the sizes of a sample. */
export function dataOptions(
  { data, dataSeed, input, targets }: DataFlags,
  inputSize?: readonly number[],
): DataOptions | undefined {
  if (input === undefined && targets === undefined) {
    if (data === undefined && dataSeed === undefined) return undefined
    return { kind: data ?? 'spirals', ...(dataSeed === undefined ? {} : { seed: dataSeed }) }
  }
  if (input === undefined || targets === undefined)
    throw new UsageError('--input and --targets expected each other: samples, and a label or target for each')
  if (data !== undefined || dataSeed !== undefined)
    throw new UsageError('--input expected neither --data nor --data-seed beside it')
  const features = inputSize === undefined ? readBatch(input) : readSized(input, inputSize)
  return { kind: 'own', features, targets: readTargets(targets) }
}

/** Samples of these sizes, or flattened. */
function readSized(path: string, wanted: readonly number[]): InputBatch {
  const { size, ...batch } = readSamples(path)
  if (size.length > 1 && size.join() !== wanted.join())
    throw new UsageError(
      `--input expected samples of ${wanted.join(' x ')}, as the network has it, got ${size.join(' x ')}`,
    )
  return batch
}

/** A table as of readBatch, or a .npy with one axis, a label a sample; integers too, which NumPy makes of labels. */
function readTargets(path: string): InputBatch {
  if (extname(path).toLowerCase() !== '.npy') return readBatch(path)
  const bytes = readBytes(path)
  const integers = readNpyIntegers(bytes, path)
  const { data, shape } = integers ?? readNpy(bytes, path)
  if (shape.length !== 1 && !(integers && shape.length === 2)) return readBatch(path)
  const [rows, columns = 1] = shape
  return { data, rows, columns, name: path }
}
