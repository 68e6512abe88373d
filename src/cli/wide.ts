import { spawnSync } from 'node:child_process'
import { setFlagsFromString } from 'node:v8'
import { propagate } from '../index'
import { UsageError } from './exit-code'

/** V8's experimental pass that fuses two adjacent 128-bit operations into one of 256 bits; it changes no bit of a product or a sum. */
const FLAG = '--experimental-wasm-revectorize'

/** Enough runs of the self-test for the engine to have compiled the kernels with the flag. */
const RUNS = 40

/** FNV-1a of the self-test's numbers, as every engine gives them without the flag. */
const RECORDED = 0xd40f3557

/**
 * Lets the kernels use 256-bit vectors. To be called before the first kernel runs.
 * @throws UsageError where the engine has no such flag, Error when the self-test's numbers are not the recorded ones
 */
export function enableWide(): void {
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  if (!stdout.includes(FLAG))
    throw new UsageError(
      `--wide needs V8's ${FLAG}, which Node ${process.versions.node} does not have; use Node 24 or later, or leave --wide out: the numbers are the same`,
    )
  setFlagsFromString(FLAG)
  for (let run = 0; run < RUNS; run++)
    if (selfTest() !== RECORDED)
      throw new Error(
        'wide: self-test expected the recorded numbers, got others: this V8 breaks the promise of equal bits; leave --wide out',
      )
}

/** FNV-1a, 32 bit, of what one small experiment measures. */
export function selfTest(): number {
  const { seeds } = propagate({ depth: 4, width: 97, batch: 24, seed: 7, backward: true })
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(JSON.stringify(seeds))) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
