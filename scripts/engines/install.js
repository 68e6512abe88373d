// Gets the engines: what npm has into a folder of their own, and Debian's browsers when root.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'

const DEBIAN = {
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  WebKitWebDriver: 'webkit2gtk-driver',
  'xvfb-run': 'xvfb',
  xauth: 'xauth',
}

/** Thrown for an engine that this machine does not have; anything else that an engine throws is a failure. */
export class NotInstalled extends Error {}

/** Installs tests/engines/package.json into `folder` unless it is there. Returns what could not be done, in words. */
export function installNpm(folder) {
  const wanted = readFileSync('tests/engines/package.json', 'utf8')
  if (existsSync(`${folder}/node_modules/puppeteer-core`) && readFileSync(`${folder}/package.json`, 'utf8') === wanted)
    return
  mkdirSync(folder, { recursive: true })
  cpSync('tests/engines/package.json', `${folder}/package.json`)
  console.error('Installing Node 20 to 26, Deno, Bun, workerd and puppeteer-core from npm into build/engines.')
  try {
    // their binaries are packages of their own: no script has to run
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    // Trap: node_modules/.bin, first in the path of scripts, has an old npm that a test tool brings along
    const path = process.env.PATH.split(delimiter).filter((entry) => !entry.includes('node_modules'))
    const env = { ...process.env, PATH: path.join(delimiter) }
    execFileSync('npm', ['install', ...flags], { cwd: folder, env })
  } catch (error) {
    return `npm could not install the engines: ${error.message.split('\n')[0]}`
  }
}

/** Installs the Debian browsers that are missing. Returns what could not be done, in words. */
export function installDebian() {
  const missing = Object.keys(DEBIAN).filter((command) => !onPath(command))
  if (missing.length === 0) return
  const packages = missing.map((command) => DEBIAN[command])
  if (process.getuid?.() !== 0 || !onPath('apt-get'))
    return `to be installed by root: apt-get install ${packages.join(' ')}`
  console.error(`Installing Debian's ${packages.join(', ')}.`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore', env })
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { stdio: 'ignore', env })
  } catch (error) {
    return `apt-get could not install ${packages.join(', ')}: ${error.message.split('\n')[0]}`
  }
}

function onPath(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
}
