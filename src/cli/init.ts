/** `evenkeel init`: weights to a file or to stdout, and their standard deviation held against the wanted one. */

import { type Command, Option } from 'commander'
import { type FanMode, initialize, initNames, initStd, type NamedOptions } from '../index'
import { UsageError } from './exit-code'
import { integerFrom, knownName, namesHelp, nonNegative, seed, shape } from './flags'
import { fileWriter } from './init-file'
import { PLAN_HELP, runPlan } from './init-plan'
import { type ReportFlags, report } from './init-report'
import type { Session } from './session'

const EXAMPLES = `Examples:
  evenkeel init 3x4 --init he-normal --seed 1
  evenkeel init 64x128 --init he-normal --seed 42 --out w.npy
  evenkeel init 64x3x7x7 --layout OIHW --init he-uniform --stream conv1.weight --out conv1.safetensors
  evenkeel init --plan plan.json --out model.safetensors
  evenkeel init --plan plan.json --tensor fc1.weight --out fc1.npy

The shape is out x in, as of a layer with 128 inputs and 64 outputs: 64x128.
`

interface InitFlags extends ReportFlags {
  init: string
  seed: number | bigint
  stream?: string
  layout?: string
  groups?: number
  mode?: FanMode
  gain?: number
  activation?: string
  plan?: string
  tensor?: string
}

export function addInit(program: Command, session: Session): void {
  program
    .command('init')
    .summary('weights to .npy, .npz, .csv, .safetensors or stdout')
    .argument('[shape]', 'sizes with x between them, as in 64x128', shape)
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', PLAN_HELP)
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
    .option('--plan <file>', 'draw the tensors of a plan, a JSON file, instead of one of this shape')
    .option('--tensor <name>', 'with --plan: this one alone, with the bits that it has among all')
    .option('--out <file>', 'write a .npy, .npz, .csv or .safetensors file')
    .option('--values', 'print all values on stdout, as .csv, and the check on stderr')
    .action((shape: number[] | undefined, _, command: Command) => {
      const flags = command.optsWithGlobals<InitFlags>()
      const { plan } = flags
      if (plan !== undefined) {
        refuseBesidePlan(shape, command)
        runPlan({ ...flags, plan }, session)
      } else if (shape === undefined) throw new UsageError('init expected a shape, as in 64x128, or --plan plan.json')
      else if (flags.tensor !== undefined) throw new UsageError('--tensor expected --plan beside it')
      else run(shape, flags, session)
    })
}

function run(shape: number[], flags: InitFlags, session: Session): void {
  const name = flags.stream || 'weight'
  const dtype = 'f32'
  const write = flags.out === undefined ? undefined : fileWriter(flags.out, [{ name, dtype }])
  const options = drawOptions(flags)
  const wantedStd = initStd(flags.init, shape, options)
  const values = initialize(flags.init, shape, { ...options, seed: flags.seed, stream: flags.stream })
  const tensor = { name, dtype, shape, values } as const
  write?.([tensor])
  const title = `${flags.init} weights of shape ${shape.join(' x ')}, seed ${flags.seed}`
  const seed = typeof flags.seed === 'bigint' ? String(flags.seed) : flags.seed
  report({ tensor, title, wantedStd, facts: { shape, init: flags.init, seed } }, flags, session)
}

/** Only the options that were given: a name that does not take one of them refuses it. */
function drawOptions({ layout, groups, mode, gain, activation }: InitFlags): NamedOptions {
  const given = Object.entries({ layout, groups, mode, gain, activation }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

/** A plan says all that shape and these flags say. */
function refuseBesidePlan(shape: number[] | undefined, command: Command): void {
  if (shape !== undefined) throw new UsageError(`--plan expected no shape beside it, got ${shape.join('x')}`)
  for (const flag of ['init', 'seed', 'stream', 'layout', 'groups', 'mode', 'gain', 'activation'])
    if (command.getOptionValueSource(flag) === 'cli')
      throw new UsageError(`--plan expected no --${flag} beside it: the plan has its own`)
}
