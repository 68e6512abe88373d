// Sends the raw words of one stream to Debian's dieharder and prints its table: node scripts/dieharder.js [--seed N] [dieharder options].
// The stream is that of the numeric contract, block after block of 4096 words: seed 20261123 unless given, name 'dieharder'.
// What came of it is in dieharder-results.md.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { instantiateSync } from '@assemblyscript/loader'

const NAME = 'dieharder'
const BLOCKS_AT_ONCE = 64

if (spawnSync('dieharder', ['-h']).error) {
  console.error("dieharder: expected the program dieharder, got none; install Debian's package dieharder")
  process.exit(1)
}
const given = process.argv.slice(2)
const seed = BigInt(given[0] === '--seed' ? given.splice(0, 2)[1] : 20261123)
// 5, 6, 7 and 14 are the tests that dieharder itself marks suspect or not to be used
const tests = given.length > 0 ? given : ['-a', '-k', '2']
const child = spawn('dieharder', ['-g', '200', ...tests], { stdio: ['pipe', 'inherit', 'inherit'] })
child.stdin.on('error', () => {})
child.on('close', (code) => process.exit(code ?? 1))

const { exports: kernels } = instantiateSync(readFileSync('build/release.wasm'))
const name = new TextEncoder().encode(NAME)
const namePtr = kernels.allocate(name.length) >>> 0
new Uint8Array(kernels.memory.buffer, namePtr, name.length).set(name)
const key = kernels.streamKey(namePtr, name.length, seed)
const state = kernels.allocate(256) >>> 0
const words = kernels.allocate(BLOCKS_AT_ONCE * 16384) >>> 0

let block = 0n
while (child.exitCode === null) {
  for (let i = 0; i < BLOCKS_AT_ONCE; i++) {
    kernels.seedLanes(state, kernels.blockSeed(key, block++))
    kernels.xoshiro128plusplus(words + 16384 * i, 256, state)
  }
  const bytes = Buffer.from(new Uint8Array(kernels.memory.buffer, words, BLOCKS_AT_ONCE * 16384))
  if (!child.stdin.write(bytes)) await new Promise((resolve) => child.stdin.once('drain', resolve))
}
