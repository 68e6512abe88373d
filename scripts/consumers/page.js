import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { chromium } from 'playwright'
import { findOrGetChromium } from '../chromium.js'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }
const FLAGS = ['--disable-gpu', '--disable-background-networking', '--no-first-run']
const LIMIT = 60_000

/** A Chromium for pages of `folder`, whose title is 'waiting' until they are done. */
export async function openChromium(folder) {
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url, 'http://localhost').pathname)
    if (!existsSync(path)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' }).end(readFileSync(path))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const args = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS
  const browser = await chromium.launch({ executablePath: findOrGetChromium(), args })
  const titleAt = async (url) => {
    const tab = await browser.newPage()
    const errors = []
    tab.on('pageerror', (error) => errors.push(error.message))
    await tab.goto(url)
    const title = await settledTitle(tab, errors)
    await tab.close()
    return title
  }
  return {
    titleAt,
    title: (path) => titleAt(`http://127.0.0.1:${server.address().port}/${path}`),
    async close() {
      await browser.close()
      server.close()
    },
  }
}

/** Asked from outside: waitForFunction polls by eval, which a page's Content-Security-Policy may forbid. */
async function settledTitle(tab, errors) {
  const end = Date.now() + LIMIT
  while (Date.now() < end) {
    const title = await tab.title()
    if (title !== 'waiting') return title
    await new Promise((wake) => setTimeout(wake, 20))
  }
  throw new Error(errors[0] ?? `still waiting after ${LIMIT} ms`)
}
