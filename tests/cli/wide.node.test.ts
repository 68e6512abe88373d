import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { selfTest } from '../../src/node/wide'

const hasFlag = (node: string) =>
  spawnSync(node, ['--v8-options'], { encoding: 'utf8' }).stdout?.includes('--experimental-wasm-revectorize') ?? false
// this Node, or those that `npm run test:engines` has fetched
const wideNode = [process.execPath, ...[24, 26].map((n) => `build/engines/node_modules/node${n}/bin/node`)].find(
  hasFlag,
)

const evenkeel = (args: readonly string[], node = process.execPath) =>
  spawnSync(node, ['dist/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, EVENKEEL_WIDE: '' },
  })

const RUN = ['propagate', '--depth', '4', '--width', '64', '--backward', '--json', '-q']
const RACE = ['race', '--depth', '3', '--width', '40', '--steps', '20', '--rates', '0.01,0.1', '--threads', '2']

test('the self-test of --wide gives the recorded numbers without the flag', () => {
  expect(selfTest()).toBe(0xd40f3557)
})

test.runIf(wideNode).each([[RUN], [[...RUN, '--seeds', '4', '--workers', '2']], [[...RACE, '--json', '-q']]])(
  '%j with --wide prints the very bytes that it prints without, its threads wide too',
  (run) => {
    const wide = evenkeel([...run, '--wide'], wideNode)
    expect(wide.stderr).toBe('')
    expect(wide.stdout).toBe(evenkeel(run).stdout)
  },
)

test.runIf(!hasFlag(process.execPath))(
  'where V8 has no revectorizer, --wide is refused with exit code 2 and a sentence that says so',
  () => {
    const { status, stderr } = evenkeel([...RUN, '--wide'])
    expect(status).toBe(2)
    expect(stderr).toBe(
      `error: --wide needs V8's --experimental-wasm-revectorize, which Node ${process.versions.node} does not have; use Node 24 or later, or leave --wide out: the numbers are the same\n`,
    )
  },
)
