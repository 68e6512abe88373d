// Runs the as-pect specs, then the vitest suites in Node and in Chromium, and ends in one line that counts all tests.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { findOrGetChromium } from './chromium.js'

const assembly = runAssembly()
const vitest = runVitest()
const passed = assembly.passed + vitest.passed
const failed = assembly.failed + vitest.failed
console.log(`\n${passed} passed, ${failed} failed, ${vitest.skipped} skipped`)
process.exitCode = failed === 0 && passed > 0 && assembly.ok && vitest.ok ? 0 : 1

function runAssembly() {
  const config = ['--config', 'tests/assembly/as-pect.config.js', '--as-config', 'tests/assembly/as-pect.asconfig.json']
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/@as-pect/cli/bin/asp.js', ...config], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const text = stripVTControlCharacters(stdout)
  console.log(text)
  const [, passes, total] = /\[Tests\]: (\d+) \/ (\d+)/.exec(text) ?? [0, 0, 0]
  return { passed: Number(passes), failed: Number(total) - Number(passes), ok: status === 0 && Number(total) > 0 }
}

function runVitest() {
  mkdirSync('build', { recursive: true })
  const args = [
    'run',
    '--project',
    'node',
    '--project',
    'chromium',
    '--reporter=default',
    '--reporter=json',
    '--outputFile=build/vitest.json',
    ...process.argv.slice(2),
  ]
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, EVENKEEL_CHROMIUM: findOrGetChromium() },
  })
  const report = JSON.parse(readFileSync('build/vitest.json', 'utf8'))
  const skipped = report.numPendingTests + report.numTodoTests
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped, ok: status === 0 }
}
