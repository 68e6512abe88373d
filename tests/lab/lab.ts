/** The lab as a reader has it: the built page, served by the built command, in a real browser. */

import { type ChildProcess, spawn } from 'node:child_process'
import { type Browser, chromium, type Page } from 'playwright'

export interface Lab {
  url: string
  browser: Browser
  /** A fresh page at this fragment; it must end without an error, without a refused resource and without a word to anyone else. */
  open(hash?: string, options?: Options): Promise<Visit>
  close(): Promise<void>
}

export interface Options {
  theme?: 'light' | 'dark'
  width?: number
}

export interface Visit {
  page: Page
  /** Errors, refusals of the Content-Security-Policy and requests to other origins, so far. */
  faults(): Promise<string[]>
  close(): Promise<void>
}

const FLAGS = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
if (process.getuid?.() === 0) FLAGS.push('--no-sandbox')

export async function startLab(): Promise<Lab> {
  const { process: server, url } = await serve()
  const executablePath = process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: FLAGS })
  return {
    url,
    browser,
    open: (hash = '', options = {}) => visit(browser, url, hash, options),
    async close() {
      await browser.close()
      server.kill('SIGINT')
      await new Promise((resolve) => server.once('exit', resolve))
    },
  }
}

/** `evenkeel lab --port 0`, once it has printed its address. */
export async function serve(): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['dist/cli.js', 'lab', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text) => resolve(String(text).trim()))
    child.stderr.once('data', (text) => /error/.test(String(text)) && reject(new Error(String(text))))
  })
  return { process: child, url }
}

async function visit(browser: Browser, url: string, hash: string, options: Options): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: options.theme ?? 'light',
    viewport: { width: options.width ?? 1280, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    acceptDownloads: true,
  })
  const page = await context.newPage()
  const heard: string[] = []
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
  page.on('console', (message) => message.type() === 'error' && heard.push(`console: ${message.text()}`))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== new URL(url).origin && protocol !== 'blob:') heard.push(`request: ${request.url()}`)
  })
  await page.addInitScript(() => {
    const refused: string[] = []
    Object.assign(globalThis, { refused })
    document.addEventListener('securitypolicyviolation', (event) =>
      refused.push(`csp: ${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  await page.goto(url + hash)
  return {
    page,
    faults: async () => [
      ...heard,
      ...(await page.evaluate(() => (globalThis as unknown as { refused: string[] }).refused)),
    ],
    close: () => context.close(),
  }
}

/** Waits until everything on the page is measured. */
export async function measured(page: Page): Promise<void> {
  await page.waitForSelector('#signal[data-stage="full"] svg', { timeout: 30_000 })
}

/** Waits until what the change started is measured. */
export async function afterChange(page: Page, change: () => Promise<unknown>): Promise<void> {
  await page.evaluate(() => document.getElementById('signal')?.removeAttribute('data-stage'))
  await change()
  await measured(page)
}

/** Moves a slider as a drag does: an input event at each step. */
export async function drag(page: Page, id: string, positions: readonly number[]): Promise<void> {
  await page.locator(id).evaluate((range: HTMLInputElement, steps: readonly number[]) => {
    for (const step of steps) {
      range.value = String(step)
      range.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }, positions)
}
