/** `evenkeel lab`: serves the lab page on this machine, and on this machine only. */

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, InvalidArgumentError } from 'commander'
import { OK, UsageError } from './exit-code'
import type { Session } from './session'
import { type GlobalFlags, terminal } from './terminal'

const EXAMPLES = `Examples:
  evenkeel lab
  evenkeel lab --port 9000 --open
`

const HOST = '127.0.0.1'
const PORT = 8733

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
}

interface LabFlags extends GlobalFlags {
  port: number
  open?: boolean
}

export function addLab(program: Command, session: Session): void {
  program
    .command('lab')
    .summary('serves the lab page on localhost: see the signal live or die')
    .addHelpText('before', EXAMPLES)
    .option('--port <n>', 'port, 0 for any that is free', port, PORT)
    .option('--open', 'open the page in the browser')
    .action(async (_, command: Command) => {
      session.exitCode = await run(command.optsWithGlobals<LabFlags>(), session)
    })
}

async function run(flags: LabFlags, { host }: Session): Promise<number> {
  const io = terminal(host, flags)
  const server = createServer(answer(pageFiles()))
  const address = `http://${HOST}:${await listen(server, flags.port)}/`
  io.print(flags.json ? JSON.stringify({ schemaVersion: 1, url: address }) : address)
  io.say('The lab is there until you press Ctrl-C.')
  if (flags.open) openBrowser(address)
  await interrupted()
  server.close()
  server.closeAllConnections()
  return OK
}

/** The built page by path, read once: nothing else can be asked for. */
function pageFiles(): Map<string, Buffer> {
  const folder = fileURLToPath(new URL('./lab/', import.meta.url))
  if (!existsSync(folder)) throw new Error('the lab page is not built: run npm run build')
  const files = new Map(readdirSync(folder).map((name) => [`/${name}`, readFileSync(`${folder}/${name}`)]))
  files.set('/', files.get('/index.html')!)
  return files
}

function answer(files: ReadonlyMap<string, Buffer>): (request: IncomingMessage, response: ServerResponse) => void {
  return ({ url = '/', method, headers }, response) => {
    const path = url.split(/[?#]/)[0]
    const file = files.get(path)
    const end = (status: number, type: string, body: Buffer | string, more = {}) => {
      const length = Buffer.byteLength(body)
      response.writeHead(status, { ...HEADERS, 'Content-Type': type, 'Content-Length': length, ...more })
      response.end(method === 'HEAD' ? undefined : body)
    }
    const text = 'text/plain; charset=utf-8'
    // a name that points here from outside is not ours
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(headers.host ?? '')) end(403, text, 'localhost only\n')
    else if (method !== 'GET' && method !== 'HEAD') end(405, text, 'GET only\n', { Allow: 'GET, HEAD' })
    else if (file === undefined) end(404, text, 'not found\n')
    else end(200, TYPES[path === '/' ? '.html' : extname(path)] ?? 'application/octet-stream', file)
  }
}

function listen(server: Server, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES'
      reject(taken ? new UsageError(`--port expected a free port, got ${wanted}; --port 0 takes any`) : error)
    })
    server.listen(wanted, HOST, () => resolve((server.address() as AddressInfo).port))
  })
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

function openBrowser(address: string): void {
  const [command, ...before] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  // without a browser the printed address has to do
  spawn(command, [...before, address], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (value <= 65535) return value
  throw new InvalidArgumentError('Expected an integer in [0, 65535].')
}
