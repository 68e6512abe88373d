// Engines that are a process: Node, Deno and Bun print the outcome, workerd answers with it.
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { NotInstalled } from './install.js'

const run = promisify(execFile)
const LIMIT = 60_000

/**
 * Vectors of 256 bits, and code that is compiled for them from the first call on. The release kernels alone: V8 14.6 of Node 26 ends with a
 * fatal error of its own when it compiles the debug kernels so.
 */
const WIDE = ['--experimental-wasm-revectorize', '--no-liftoff']

export const runInNode = (folder, name) => printed(folder, `node_modules/${name}/bin/node`, [])
export const runInWideNode = (folder, name) => printed(folder, `node_modules/${name}/bin/node`, WIDE, ['release.wasm'])
export const runInDeno = (folder) => printed(folder, 'node_modules/@deno/linux-x64-glibc/deno', ['run', '--allow-read'])
export const runInBun = (folder) => printed(folder, 'node_modules/@oven/bun-linux-x64/bin/bun', [])

async function printed(folder, path, flags, kernels = ['release.wasm', 'debug.wasm']) {
  const binary = present(folder, path)
  const args = [...flags, 'process.js', `${folder}/run/suite.js`, ...kernels]
  const { stdout } = await run(binary, args, { cwd: `${folder}/run`, timeout: LIMIT })
  return { version: await versionOf(binary), outcomes: JSON.parse(stdout) }
}

export async function runInWorkerd(folder) {
  const binary = present(folder, 'node_modules/@cloudflare/workerd-linux-64/bin/workerd')
  const address = `127.0.0.1:${await freePort()}`
  const args = ['serve', `${folder}/run/workerd.capnp`, '--socket-addr', `http=${address}`]
  const server = spawn(binary, args, { stdio: 'ignore' })
  try {
    return { version: await versionOf(binary), outcomes: await answer(`http://${address}/`) }
  } finally {
    server.kill()
  }
}

/** What `read` makes of the response at `url`, asked for until someone listens there. */
export async function answer(url, read = (response) => response.json()) {
  const end = Date.now() + LIMIT
  for (;;) {
    try {
      return await read(await fetch(url))
    } catch (error) {
      if (Date.now() > end || error instanceof SyntaxError) throw error
      await new Promise((done) => setTimeout(done, 100))
    }
  }
}

async function versionOf(binary) {
  const { stdout } = await run(binary, ['--version'])
  return /\d[\d.-]*\d/.exec(stdout)?.[0] ?? '?'
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

function present(folder, path) {
  const binary = `${folder}/${path}`
  if (!existsSync(binary)) throw new NotInstalled()
  return binary
}
