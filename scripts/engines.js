// npm run test:engines [name ...]: the golden rows, release and debug kernels, in every engine that can be had, as one table.
// Engines come from npm (into build/engines) and, for root, from Debian; one that cannot be had is said so, and fails nothing.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import Table from 'cli-table3'
import { build } from 'esbuild'
import { runInChromium, runInFirefox, runInWebKit, serve } from './engines/browsers.js'
import { installDebian, installNpm, NotInstalled } from './engines/install.js'
import { runInBun, runInDeno, runInNode, runInWideNode, runInWorkerd } from './engines/processes.js'

const FOLDER = resolve('build/engines')
const RUN = `${FOLDER}/run`

const ENGINES = [
  ...['node20', 'node22', 'node24', 'node26'].map((name) => [name, () => runInNode(FOLDER, name)]),
  ...['node24', 'node26'].map((name) => [`${name} --wide`, () => runInWideNode(FOLDER, name)]),
  ['deno', () => runInDeno(FOLDER)],
  ['bun', () => runInBun(FOLDER)],
  ['workerd', () => runInWorkerd(FOLDER)],
  ['chromium', (page) => runInChromium(page)],
  ['firefox', (page) => runInFirefox(FOLDER, page)],
  ['webkitgtk', (page) => runInWebKit(page)],
]

await bundle()
const notes = [installNpm(FOLDER), installDebian()].filter((note) => note !== undefined)
const wanted = process.argv.slice(2)
const server = await serve(RUN)
const results = []
for (const [name, run] of ENGINES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  results.push({ name, ...(await attempt(run)) })
}
server.close()
report()

async function attempt(run) {
  try {
    return await run(server.page)
  } catch (error) {
    if (error instanceof NotInstalled) return { missing: true }
    return { version: '', failure: String(error.message ?? error).split('\n')[0] }
  }
}

async function bundle() {
  mkdirSync(RUN, { recursive: true })
  const entry = { entryPoints: ['tests/engines/suite.ts'], outfile: `${RUN}/suite.js` }
  await build({ ...entry, bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' })
  for (const kernels of ['release.wasm', 'debug.wasm']) cpSync(`build/${kernels}`, `${RUN}/${kernels}`)
  for (const file of ['worker.js', 'workerd.capnp', 'page.html', 'page.js', 'process.js'])
    cpSync(`tests/engines/${file}`, `${RUN}/${file}`)
  cpSync('dist/index.workerd.js', `${RUN}/index.workerd.js`)
  writeFileSync(`${RUN}/package.json`, '{ "type": "module" }\n')
}

function report() {
  const table = new Table({ head: ['engine', 'version', 'release', 'debug'], style: { head: [], border: [] } })
  for (const { name, version, outcomes, failure, missing } of results) {
    if (outcomes) table.push([name, version, ...outcomes.map(said)])
    else table.push([name, { colSpan: 3, content: missing ? 'not installed' : `FAILED: ${failure.slice(0, 100)}` }])
  }
  console.log(table.toString())
  for (const note of notes) console.log(note)
  for (const { name, outcomes = [] } of results)
    for (const { wrong } of outcomes) for (const row of wrong) console.log(`${name}: other bits in ${row}`)
  const had = results.filter(({ missing }) => !missing)
  const same = had.filter(({ outcomes }) => outcomes?.every(({ rows, wrong }) => rows > 0 && wrong.length === 0))
  console.log(
    `${same.length} of ${had.length} engines give the recorded bits; ${results.length - had.length} not installed`,
  )
  process.exitCode = same.length === had.length && had.length > 0 ? 0 : 1
}

function said({ rows, wrong }) {
  return wrong.length === 0 ? `${rows} of ${rows} rows` : `${wrong.length} of ${rows} rows DIFFER`
}
