import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { selfTest } from '../../src/node/wide'

const hasFlag = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' }).stdout.includes(
  '--experimental-wasm-revectorize',
)
const evenkeel = (...args: string[]) =>
  spawnSync(process.execPath, ['dist/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, EVENKEEL_WIDE: '' },
  })

const RUN = ['propagate', '--depth', '4', '--width', '64', '--backward', '--json', '-q']

test('the self-test of --wide gives the recorded numbers without the flag', () => {
  expect(selfTest()).toBe(0xd40f3557)
})

test.runIf(hasFlag)('propagate --wide prints the very bytes that propagate prints', () => {
  const wide = evenkeel(...RUN, '--wide')
  expect(wide.stderr).toBe('')
  expect(wide.stdout).toBe(evenkeel(...RUN).stdout)
})

test.runIf(!hasFlag)(
  'where V8 has no revectorizer, --wide is refused with exit code 2 and a sentence that says so',
  () => {
    const { status, stderr } = evenkeel(...RUN, '--wide')
    expect(status).toBe(2)
    expect(stderr).toBe(
      `error: --wide needs V8's --experimental-wasm-revectorize, which Node ${process.versions.node} does not have; use Node 24 or later, or leave --wide out: the numbers are the same\n`,
    )
  },
)
