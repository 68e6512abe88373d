// npm run test:package [name ...]: the packed tarball, installed and used as its users use it; one table, each row the same bits.
import { execFile, spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import Table from 'cli-table3'
import { bundlers } from './consumers/bundlers.js'
import { openChromium } from './consumers/page.js'
import { answer, freePort } from './engines/processes.js'

/** What tests/package/consumers/fingerprint.js gives in every engine. */
export const RECORDED = 'cfe9d11e'

const FOLDER = resolve('build/consumers')
const SOURCE = 'tests/package/consumers'
const run = promisify(execFile)
const inFolder = { cwd: FOLDER, timeout: 120_000 }

await install()
const { tools, page, dev } = await bundlers(FOLDER)
const chromium = await openChromium(FOLDER)
const HOSTS = {
  node: [process.execPath],
  deno: ['node_modules/@deno/linux-x64-glibc/deno', 'run', '--allow-read'],
  bun: ['node_modules/@oven/bun-linux-x64/bin/bun'],
}
const CONSUMERS = [
  ...Object.entries(tools).map(([name, bundle]) => [name, async () => chromium.title(page(await bundle()))]),
  ['vite dev', () => dev((url) => chromium.titleAt(url))],
  ['script type=module', () => chromium.title('script.html')],
  ['require() in Node', () => printed(process.execPath, '--no-warnings', 'required.cjs')],
  ['Deno', () => printed(...HOSTS.deno, 'process.js')],
  ['Bun', () => printed(...HOSTS.bun, 'process.js')],
  ...['node', 'deno', 'bun'].map((host) => [
    `evenkeel/parallel in ${host}`,
    () => printed(...HOSTS[host], 'parallel-process.js'),
  ]),
  ['workerd', inWorkerd],
  ...['59', '60', '70'].map((version) => [`types, TypeScript ${version.split('').join('.')}`, () => typed(version)]),
]

const wanted = process.argv.slice(2)
const table = new Table({ head: ['consumer', 'outcome'], style: { head: [], border: [] } })
let failures = 0
for (const [name, consume] of CONSUMERS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const outcome = await consume().catch((error) => `FAILED: ${String(error.stdout || error.message).slice(0, 200)}`)
  const right = outcome === RECORDED || outcome === 'compiles'
  if (!right) failures++
  table.push([name, outcome === RECORDED ? 'the recorded bits' : right ? outcome : `DIFFERS: ${outcome}`])
}
await chromium.close()
console.log(table.toString())
console.log(`${table.length - failures} passed, ${failures} failed`)
process.exitCode = failures === 0 && table.length > 0 ? 0 : 1

/** The tarball of this checkout, and the tools, once. */
async function install() {
  mkdirSync(FOLDER, { recursive: true })
  const [{ filename }] = JSON.parse(
    (await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', FOLDER], '.')).stdout,
  )
  const manifest = JSON.parse(readFileSync(`${SOURCE}/package.json`, 'utf8'))
  for (const file of [
    'fingerprint.js',
    'index.html',
    'page.js',
    'parallel-process.js',
    'process.js',
    'required.cjs',
    'script.html',
    'tsconfig.json',
    'types.ts',
    'worker.js',
    'workerd.capnp',
  ])
    cpSync(`${SOURCE}/${file}`, `${FOLDER}/${file}`)
  manifest.dependencies.evenkeel = `file:${filename}`
  writeFileSync(`${FOLDER}/package.json`, JSON.stringify(manifest, null, 2))
  console.error('Installing the tarball and the tools of tests/package/consumers into build/consumers.')
  rmSync(`${FOLDER}/node_modules/evenkeel`, { recursive: true, force: true })
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], FOLDER)
}

/** Trap: node_modules/.bin, first in the path of scripts, has an old npm that a test tool brings along. */
function npm(args, cwd) {
  const path = process.env.PATH.split(':').filter((entry) => !entry.includes('node_modules'))
  return run('npm', args, { cwd, env: { ...process.env, PATH: path.join(':') } })
}

async function printed(binary, ...args) {
  return (await run(binary, args, inFolder)).stdout.trim()
}

async function inWorkerd() {
  await tools.esbuild('worker.js', 'workerd')
  const address = `127.0.0.1:${await freePort()}`
  const binary = `${FOLDER}/node_modules/@cloudflare/workerd-linux-64/bin/workerd`
  const server = spawn(binary, ['serve', 'workerd.capnp', '--socket-addr', `http=${address}`], {
    cwd: FOLDER,
    stdio: 'ignore',
  })
  try {
    return await answer(`http://${address}/`, (response) => response.text())
  } finally {
    server.kill()
  }
}

async function typed(version) {
  await run(process.execPath, [`node_modules/typescript${version}/bin/tsc`, '--project', 'tsconfig.json'], inFolder)
  return 'compiles'
}
