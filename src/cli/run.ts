/** The command line as a function: arguments in, exit code out. */

import { Command, CommanderError } from 'commander'
import { OutOfMemoryError } from '../index'
import { FormatError } from '../io/format-error'
import { WIDE } from '../node/wide-variable'
import { addCompare } from './compare'
import { addCoordCheck } from './coord-check'
import { BAD_FILE, BAD_USAGE, FileError, INTERNAL, OK, UsageError } from './exit-code'
import { addInit } from './init'
import { addInspect } from './inspect'
import { addLab } from './lab'
import { addPropagate } from './propagate'
import { addRace } from './race'
import { type Session, session } from './session'
import type { Host } from './terminal'
import { addTheory } from './theory'
import { addVerify } from './verify'
import { VERSION } from './version'
import { goWide } from './wide'

const EXAMPLES = `Examples:
  evenkeel compare                                    He against Xavier by layer
  evenkeel init 64x128 --init he-normal --out w.npy   weights, sigma checked
  evenkeel theory --table                             sigma of Xavier and He

evenkeel shows what weight initialization does to the signal and the gradient of
a deep network.
`

const EXIT_CODES = `
Exit codes: 0 ok, 1 --check found a verdict other than 'stable', inspect a fault
or verify a difference, 2 bad usage, 3 a file cannot be read or written,
4 internal error, 130 interrupted by Ctrl-C: what was finished is printed.
Data goes to stdout, all else to stderr.`

export async function run(argv: readonly string[], host: Host): Promise<number> {
  const current = session(host, argv)
  try {
    await program(current).parseAsync([...argv], { from: 'user' })
    return current.exitCode
  } catch (error) {
    return explain(error, host)
  }
}

function program(current: Session): Command {
  const { stdout, stderr } = current.host
  const program = new Command('evenkeel')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--json', 'print one JSON object')
    .option('-q, --quiet', 'say nothing on stderr but errors')
    .option('--no-color', 'no colour; so does the environment variable NO_COLOR')
    .option('--wide', 'faster by an experimental flag of V8 (Node 24 and later), same numbers; so does EVENKEEL_WIDE=1')
    .hook('preAction', (_, action) => {
      if (action.optsWithGlobals().wide || process.env[WIDE] === '1') goWide()
    })
    .addHelpText('before', EXAMPLES)
    .addHelpText('after', EXIT_CODES)
    .configureHelp({ showGlobalOptions: true, helpWidth: Math.min(stdout.columns ?? 80, 100) })
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) })
    .exitOverride()
    .helpCommand(false)
  for (const add of [
    addCompare,
    addPropagate,
    addInit,
    addInspect,
    addTheory,
    addVerify,
    addRace,
    addCoordCheck,
    addLab,
  ])
    add(program, current)
  addHelp(program)
  return program
}

/** commander's own answers an unknown name with the whole help, and no word of what is wrong. */
function addHelp(program: Command): void {
  program
    .command('help [command]')
    .summary('display help for command')
    .action((name?: string) => {
      const asked = name === undefined ? program : program.commands.find((command) => command.name() === name)
      if (asked === undefined) program.error(`error: unknown command '${name}'`)
      asked.help()
    })
}

/** Says on stderr what went wrong, and returns the exit code for it. */
function explain(error: unknown, { stderr }: Host): number {
  // commander has printed its own errors
  if (error instanceof CommanderError) return error.exitCode === 0 ? OK : BAD_USAGE
  if (!(error instanceof Error)) throw error
  const code = exitCode(error)
  const detail =
    code === INTERNAL && !(error instanceof OutOfMemoryError) ? `internal error: ${error.stack}` : error.message
  stderr.write(`error: ${detail}\n`)
  return code
}

function exitCode(error: Error): number {
  if (error instanceof FormatError || error instanceof FileError) return BAD_FILE
  return error instanceof UsageError || isRefusal(error) ? BAD_USAGE : INTERNAL
}

/** A refusal of the library has its grammar: 'function: argument expected what, got value'. */
function isRefusal(error: Error): boolean {
  return (
    (error instanceof TypeError || error instanceof RangeError) && /^\w+: .* expected .*, got /s.test(error.message)
  )
}
