// Finds a Chromium for the browser tests, or gets one and says so: Debian's package when root, else Playwright's own download.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Path of an executable Chromium. @throws Error saying what was tried */
export function findOrGetChromium() {
  return process.env.EVENKEEL_CHROMIUM ?? onPath() ?? playwrightsOwn() ?? get()
}

function onPath() {
  for (const name of NAMES) {
    const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
    if (status === 0) return stdout.trim()
  }
  return undefined
}

function playwrightsOwn() {
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined
}

function get() {
  const root = process.getuid?.() === 0
  if (root && spawnSync('sh', ['-c', 'command -v apt-get']).status === 0) {
    console.log("No Chromium found: installing Debian's package chromium for the browser tests.")
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    execFileSync('apt-get', ['update', '-q'], { stdio: ['ignore', 'ignore', 'inherit'], env })
    const packages = ['install', '-y', '-q', '--no-install-recommends', 'chromium']
    execFileSync('apt-get', packages, { stdio: ['ignore', 'ignore', 'inherit'], env })
    const found = onPath()
    if (found) return found
  }
  console.log('No Chromium found: downloading the one of Playwright for the browser tests.')
  execFileSync(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium'], { stdio: 'inherit' })
  const found = playwrightsOwn()
  if (found) return found
  throw new Error('test: expected a Chromium, got none; install one and name it in EVENKEEL_CHROMIUM')
}
