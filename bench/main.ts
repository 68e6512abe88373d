import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Environment, environmentOf, nodeToMeasure, understands } from './environment'
import { measureAll } from './measure'
import { ourselves, peers, WIDE_FLAG } from './participants'
import { resultsMarkdown } from './results'
import { ceilingSpeed, type FullRow, type Row, rowOf, type Summary, summary } from './rows'
import { ceilingText, environmentText, rowText } from './text'
import { bestProbe, calmest } from './visit'
import { WORKS } from './works'

const NAMES = [...new Set(WORKS.map((work) => work.name))]
const USAGE = `npm run bench -- [--only NAME,...] [--rounds N] [--json] [--write] [--wide] [--trial]
  --only NAME,...  only these rows: ${NAMES.join(', ')}
  --rounds N       rounds with processes of their own, 2 by default, some five minutes each; more for a noisy hour
  --json           one object on stdout: { environment, ceiling, rows }; with npm run -s
  --write          writes bench/RESULTS.md, or bench/RESULTS-wide.md
  --wide           V8's experimental revectorizer for evenkeel, and for the wasm peers beside what they do without it
  --trial          one short round, to see that all runs; its numbers mean nothing
EVENKEEL_BENCH_NODE=path measures under another Node than the one of bench/node_modules.`

const FULL = { budget: 0.06, visits: 4, rounds: 2 }
const TRIAL = { budget: 0.01, visits: 1, rounds: 1 }

process.exitCode = await run(process.argv.slice(2))

async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const options = parse(args)
  if (typeof options === 'string') {
    console.error(options)
    return 2
  }
  const node = nodeToMeasure()
  const refusal = refused(node.path, options.wide)
  if (refusal) {
    console.error(refusal)
    return 2
  }
  const { found, missing } = peers(node.path, options.wide)
  const environment = environmentOf(node.path, options.wide, found, missing)
  console.error(`Measuring under Node ${environment.node}: ${node.why}.`)
  if (!options.json) console.log(environmentText(environment))

  const works = WORKS.filter(({ name }) => options.only.includes(name))
  const participants = [...ourselves(node.path, options.wide), ...found]
  const { visits, failures } = await measureAll(
    participants,
    works,
    options.trial ? TRIAL : { ...FULL, rounds: options.rounds },
  )
  const all = [...visits.values()].flat()
  if (all.length > 0) {
    const best = bestProbe(all)
    const ceiling = summary(calmest(all, best).map(({ round, probes }) => ({ round, samples: probes })))
    const rows = works.flatMap((work) => (visits.has(work) ? [rowOf(work, visits.get(work)!, best)] : []))
    report(options, environment, ceiling, rows)
  }
  for (const failure of new Set(failures)) console.error(`FAILED ${failure}`)
  return works.every((work) => visits.has(work)) ? 0 : 1
}

/** Why nothing can be measured under this Node. */
function refused(node: string, wide: boolean): string | undefined {
  if (!understands(node, '--no-warnings')) return `bench: EVENKEEL_BENCH_NODE expected the path of a Node, got ${node}`
  if (wide && !understands(node, WIDE_FLAG))
    return `bench: --wide expected a Node that has ${WIDE_FLAG} (24 or later), got one that refuses it`
  return undefined
}

function report(options: Options, environment: Environment, ceiling: Summary, rows: readonly FullRow[]): void {
  if (options.json) {
    const gflops = ceilingSpeed(ceiling.median)
    console.log(JSON.stringify({ environment, ceiling: gflops, rows: rows.map(plain) }, null, 2))
  } else console.log([`\n${ceilingText(ceiling)}\n`, ...rows.map(rowText)].join('\n'))
  if (options.write)
    writeResults(options.wide ? 'bench/RESULTS-wide.md' : 'bench/RESULTS.md', environment, ceiling, rows)
}

function plain({ name, case: label, unit, value, ratios }: FullRow): Row {
  return { name, case: label, unit, value, ratios }
}

interface Options {
  only: string[]
  rounds: number
  json: boolean
  write: boolean
  wide: boolean
  trial: boolean
}

/** The options, or what is wrong with them. */
function parse(args: string[]): Options | string {
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string' },
        rounds: { type: 'string' },
        json: flag,
        write: flag,
        wide: flag,
        trial: flag,
      },
    })
    const only = values.only?.split(',') ?? NAMES
    const unknown = only.find((name) => !NAMES.includes(name))
    if (unknown !== undefined) return `bench: --only expected one of ${NAMES.join(', ')}, got ${unknown}`
    const rounds = Number(values.rounds ?? FULL.rounds)
    if (!(Number.isInteger(rounds) && rounds >= 1))
      return `bench: --rounds expected an integer >= 1, got ${values.rounds}`
    if (values.write && (values.trial || values.only))
      return 'bench: --write expected a whole run, got --trial or --only'
    return { only, rounds, json: values.json, write: values.write, wide: values.wide, trial: values.trial }
  } catch (error) {
    return `bench: ${(error as Error).message}\n${USAGE}`
  }
}

function writeResults(path: string, environment: Environment, ceiling: Summary, rows: readonly FullRow[]): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  writeFileSync(path, resultsMarkdown(environment, ceiling, rows, before))
  console.error(`Wrote ${path}.`)
}
