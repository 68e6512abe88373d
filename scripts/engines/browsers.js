// Engines that are a browser: each opens the page that runs the golden rows and reads its text when its title says done.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { chromium } from 'playwright'
import { findOrGetChromium } from '../chromium.js'
import { NotInstalled } from './install.js'
import { freePort } from './processes.js'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' }
const LIMIT = 60_000
const FLAGS = ['--disable-gpu', '--disable-background-networking', '--no-first-run']

/** The strictest policy under which WebAssembly runs at all. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

/** Serves the files of a folder on this machine, under the policy. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url, 'http://localhost').pathname)
    if (!existsSync(path)) return response.writeHead(404).end()
    const headers = { 'content-type': TYPES[extname(path)] ?? 'text/plain', 'content-security-policy': POLICY }
    response.writeHead(200, headers).end(readFileSync(path))
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { page: `http://127.0.0.1:${server.address().port}/page.html`, close: () => server.close() }
}

export async function runInChromium(page) {
  const args = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS
  const browser = await chromium.launch({ executablePath: chromiumHere(), args })
  try {
    const tab = await browser.newPage()
    await tab.goto(page)
    await tab.waitForFunction("document.title === 'done'", undefined, { timeout: LIMIT })
    return { version: browser.version(), outcomes: outcomesOf(await tab.textContent('body')) }
  } finally {
    await browser.close()
  }
}

function chromiumHere() {
  try {
    return findOrGetChromium()
  } catch {
    throw new NotInstalled()
  }
}

/** Over WebDriver BiDi. */
export async function runInFirefox(folder, page) {
  const { launch } = createRequire(`${folder}/package.json`)('puppeteer-core')
  const executablePath = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path))
  if (executablePath === undefined) throw new NotInstalled()
  const browser = await launch({ browser: 'firefox', executablePath, headless: true })
  try {
    const tab = await browser.newPage()
    await tab.goto(page)
    await tab.waitForFunction("document.title === 'done'", { timeout: LIMIT })
    const text = await tab.evaluate('document.body.textContent')
    return { version: /[\d.]+/.exec(await browser.version())[0], outcomes: outcomesOf(text) }
  } finally {
    await browser.close()
  }
}

/** By WebKitWebDriver, on a display that nobody sees. */
export async function runInWebKit(page) {
  const binary = ['4.1', '4.0', '6.0']
    .map(
      (version) =>
        `/usr/lib/${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-linux-gnu/webkit2gtk-${version}/MiniBrowser`,
    )
    .find((path) => existsSync(path))
  if (binary === undefined || !existsSync('/usr/bin/xvfb-run')) throw new NotInstalled()
  const port = await freePort()
  const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], { stdio: 'ignore', detached: true })
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) })
    const { value } = await response.json()
    if (value?.error) throw new Error(value.message || value.error)
    return value
  }
  try {
    await until(() => ask('GET', '/status').catch(() => undefined))
    const options = { binary: realpathSync(binary), args: ['--automation'] }
    const alwaysMatch = { 'webkitgtk:browserOptions': options }
    const { sessionId, capabilities } = await ask('POST', '/session', { capabilities: { alwaysMatch } })
    const session = `/session/${sessionId}`
    await ask('POST', `${session}/url`, { url: page })
    await until(async () => (await ask('GET', `${session}/title`)) === 'done')
    const script = { script: 'return document.body.textContent', args: [] }
    const text = await ask('POST', `${session}/execute/sync`, script)
    await ask('DELETE', session)
    return { version: capabilities.browserVersion, outcomes: outcomesOf(text) }
  } finally {
    process.kill(-driver.pid)
  }
}

async function until(done) {
  const end = Date.now() + LIMIT
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`no answer in ${LIMIT / 1000} s`)
    await new Promise((wake) => setTimeout(wake, 200))
  }
}

function outcomesOf(text) {
  const outcomes = JSON.parse(text)
  if (outcomes.error) throw new Error(outcomes.error)
  return outcomes
}
