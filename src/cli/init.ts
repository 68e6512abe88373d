/** `evenkeel init`: weights to a file or to stdout, and their standard deviation held against the wanted one. */

import { extname } from 'node:path'
import { type Command, Option } from 'commander'
import { type FanMode, initialize, initNames, initStd, moments, type NamedOptions } from '../index'
import { writeCsv } from '../io/csv'
import { writeNpy } from '../io/npy'
import { writeSafetensors } from '../io/safetensors'
import { plain, short } from '../report/number-text'
import { OK, UsageError } from './exit-code'
import { integerFrom, knownName, namesHelp, nonNegative, seed, shape } from './flags'
import { matrixText } from './matrix-text'
import { requireWritable, writeFile } from './output-file'
import { sampleCheck } from './sample-check'
import type { Session } from './session'
import { type GlobalFlags, terminal } from './terminal'

const EXAMPLES = `Examples:
  evenkeel init 3x4 --init he-normal --seed 1
  evenkeel init 64x128 --init he-normal --seed 42 --out w.npy
  evenkeel init 64x3x7x7 --layout OIHW --init he-uniform --stream conv1.weight --out conv1.safetensors

The shape is out x in, as of a layer with 128 inputs and 64 outputs: 64x128.
`

const FORMATS: Record<string, (shape: readonly number[], values: Float32Array, name: string) => Uint8Array | string> = {
  '.npy': writeNpy,
  '.csv': writeCsv,
  '.safetensors': (shape, data, name) => writeSafetensors([{ name, dtype: 'F32', shape, data }]),
}

interface InitFlags extends GlobalFlags {
  init: string
  seed: number | bigint
  stream?: string
  layout?: string
  groups?: number
  mode?: FanMode
  gain?: number
  activation?: string
  out?: string
  values?: boolean
}

export function addInit(program: Command, session: Session): void {
  program
    .command('init')
    .summary('weights to .npy, .csv, .safetensors or stdout')
    .argument('<shape>', 'sizes with x between them, as in 64x128', shape)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', namesHelp('Initializations', initNames))
    .option('--init <name>', 'initialization', knownName('initialization', initNames), 'he-normal')
    .option('--seed <n>', 'integer in [0, 2^64 - 1]', seed, 0)
    .option('--stream <name>', 'which of the streams of the seed; also the name in a .safetensors file')
    .option('--layout <letters>', 'what each axis is, as in OI, IO, OIHW or HWIO')
    .option('--groups <n>', 'groups of a convolution', integerFrom(1))
    .addOption(
      new Option('--mode <fan>', 'the fan of the variance').choices(['fanIn', 'fanOut', 'fanAvg', 'fanGeoAvg']),
    )
    .option('--gain <g>', 'factor of the standard deviation', nonNegative)
    .option('--activation <name>', 'take the gain of this activation')
    .option('--out <file>', 'write a .npy, .csv or .safetensors file')
    .option('--values', 'print all values on stdout, as .csv, and the check on stderr')
    .action((shape: number[], _, command: Command) => {
      session.exitCode = run(shape, command.optsWithGlobals<InitFlags>(), session)
    })
}

function run(shape: number[], flags: InitFlags, { host }: Session): number {
  const io = terminal(host, flags)
  const write = flags.out === undefined ? undefined : writer(flags.out)
  const options = drawOptions(flags)
  const wantedStd = initStd(flags.init, shape, options)
  const values = initialize(flags.init, shape, { ...options, seed: flags.seed, stream: flags.stream })
  if (write) write(shape, values, flags.stream || 'weight')

  const { mean, std } = moments(values)
  if (flags.json) {
    const seed = typeof flags.seed === 'bigint' ? String(flags.seed) : flags.seed
    const all = flags.values ? { values: Array.from(values) } : {}
    io.print(JSON.stringify({ shape, init: flags.init, seed, wantedStd, std, mean, ...all }))
    return OK
  }
  const check = [
    `${flags.init} weights of shape ${shape.join(' x ')}, seed ${flags.seed}`,
    `wanted sigma = ${plain(wantedStd)}`,
    `found  sigma = ${plain(std)}${sampleCheck(values, wantedStd)}`,
    `mean = ${short(mean, 4)}`,
  ].join('\n')
  if (flags.values) {
    io.say(check)
    host.stdout.write(writeCsv(shape, values))
    return OK
  }
  io.print(check)
  const matrix = matrixText(shape, values, io.columns)
  if (matrix !== undefined) io.print(`\n${matrix}`)
  else if (flags.out === undefined)
    io.say(`${values.length} values are too many to show: write them with --out w.npy, or print all with --values.`)
  if (flags.out !== undefined) io.say(`The weights are in ${flags.out}.`)
  return OK
}

/** Only the options that were given: a name that does not take one of them refuses it. */
function drawOptions({ layout, groups, mode, gain, activation }: InitFlags): NamedOptions {
  const given = Object.entries({ layout, groups, mode, gain, activation }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

/** Writes weights to the path in the format of its ending; a path that cannot be written is refused now. */
function writer(path: string): (shape: readonly number[], values: Float32Array, name: string) => void {
  const format = FORMATS[extname(path).toLowerCase()]
  if (format === undefined)
    throw new UsageError(`--out expected a name that ends in ${Object.keys(FORMATS).join(', ')}, got '${path}'`)
  requireWritable(path)
  return (shape, values, name) => writeFile(path, format(shape, values, name))
}
