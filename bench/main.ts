import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Environment, environmentOf, nodeToMeasure } from './environment'
import { measureAll } from './measure'
import { OURS, ourselves, peers } from './participants'
import { resultsMarkdown } from './results'
import { ceilingSpeed, type FullRow, type Row, rowOf, type Summary, summary } from './rows'
import { ceilingText, environmentText, rowText } from './text'
import { CEILING, WORKS } from './works'

const NAMES = [...new Set(WORKS.map((work) => work.name))]
const USAGE = `npm run bench -- [--only NAME,...] [--json] [--write] [--trial]
  --only NAME,...  only these rows: ${NAMES.join(', ')}
  --json           one object on stdout: { environment, ceiling, rows }
  --write          writes bench/RESULTS.md
  --trial          one short round, to see that all runs; its numbers mean nothing
EVENKEEL_BENCH_NODE=path measures under another Node than the one of bench/node_modules.`

const RESULTS = 'bench/RESULTS.md'
const FULL = { budget: 0.25, rounds: 3 }
const TRIAL = { budget: 0.01, rounds: 1 }

process.exitCode = run(process.argv.slice(2))

function run(args: string[]): number {
  const options = parse(args)
  if (typeof options === 'string') {
    console.error(options)
    return 2
  }
  const node = nodeToMeasure()
  const { found, missing } = peers(node.path)
  const environment = environmentOf(node.path, found, missing)
  console.error(`Measuring under Node ${environment.node}: ${node.why}.`)
  if (!options.json) console.log(environmentText(environment))

  const works = WORKS.filter(({ name }) => options.only.includes(name))
  const tasks = [CEILING, ...works].flatMap((work) => [work.task, work.ceiling ?? [], work.peersTask ?? []].flat())
  const participants = [...ourselves(node.path), ...found]
  const measured = measureAll(participants, [...new Set(tasks)], options.trial ? TRIAL : FULL)
  const ours = measured.get(OURS)
  const ceiling = ours && summary(ours, CEILING.task)
  if (ours && ceiling) {
    const theirs = found.flatMap(({ name }) => [[name, measured.get(name)] as const])
    report(
      options,
      environment,
      ceiling,
      works.flatMap((work) => rowOf(work, ours, theirs) ?? []),
    )
  }
  const failures = [...measured].flatMap(([name, { failures }]) => failures.map((failure) => `${name}: ${failure}`))
  for (const failure of new Set(failures)) console.error(`FAILED ${failure}`)
  return failures.length === 0 && ceiling ? 0 : 1
}

function report(options: Options, environment: Environment, ceiling: Summary, rows: readonly FullRow[]): void {
  if (options.json) {
    const gflops = ceilingSpeed(ceiling.median)
    console.log(JSON.stringify({ environment, ceiling: gflops, rows: rows.map(plain) }, null, 2))
  } else console.log([`\n${ceilingText(ceiling)}\n`, ...rows.map(rowText)].join('\n'))
  if (options.write) writeResults(resultsMarkdown(environment, ceiling, rows, readResults()))
}

function plain({ name, case: label, unit, value, ratios }: FullRow): Row {
  return { name, case: label, unit, value, ratios }
}

interface Options {
  only: string[]
  json: boolean
  write: boolean
  trial: boolean
}

/** The options, or what is wrong with them. */
function parse(args: string[]): Options | string {
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values } = parseArgs({
      args,
      options: { only: { type: 'string' }, json: flag, write: flag, trial: flag, help: flag },
    })
    const only = values.only?.split(',') ?? NAMES
    const unknown = only.find((name) => !NAMES.includes(name))
    if (values.help) return USAGE
    if (unknown !== undefined) return `bench: --only expected one of ${NAMES.join(', ')}, got ${unknown}`
    if (values.write && (values.trial || values.only))
      return 'bench: --write expected a whole run, got --trial or --only'
    return { only, json: values.json, write: values.write, trial: values.trial }
  } catch (error) {
    return `bench: ${(error as Error).message}\n${USAGE}`
  }
}

function readResults(): string {
  try {
    return readFileSync(RESULTS, 'utf8')
  } catch {
    return ''
  }
}

function writeResults(text: string): void {
  writeFileSync(RESULTS, text)
  console.error(`Wrote ${RESULTS}.`)
}
