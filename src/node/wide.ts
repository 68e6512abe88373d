import { spawnSync } from 'node:child_process'
import { setFlagsFromString } from 'node:v8'
import { propagate } from '../index'
import { useWideTiles } from '../wasm/instance'

/** V8's experimental pass that fuses two adjacent 128-bit operations into one of 256 bits; it changes no bit of a product or a sum. */
export const WIDE_FLAG = '--experimental-wasm-revectorize'

/** Enough runs of the self-test for the engine to have compiled the kernels with the flag. */
const RUNS = 40

/** FNV-1a of the self-test's numbers, as every engine gives them without the flag. */
const RECORDED = 0xd40f3557

/** Whether this Node has V8's experimental flag for 256-bit vectors: 24 and later have it, 20 has not. */
export function hasWide(): boolean {
  return spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' }).stdout.includes(WIDE_FLAG)
}

/**
 * Lets the kernels use 256-bit vectors, by an experimental flag of V8 set for the whole process; to be called before anything else.
 * No number changes: a small experiment is run until the engine has compiled the kernels, and its bits are compared with recorded ones.
 * @throws Error where the engine has no such flag, or when the bits are others
 */
export function enableWide(): void {
  if (!hasWide())
    throw new Error(
      `enableWide: Node expected ${WIDE_FLAG} (24 and later), got Node ${process.versions.node}; leave it out: the numbers are the same`,
    )
  setFlagsFromString(WIDE_FLAG)
  useWideTiles(true)
  for (let run = 0; run < RUNS; run++)
    if (selfTest() !== RECORDED)
      throw new Error(
        'enableWide: self-test expected the recorded numbers, got others: this V8 breaks the promise of equal bits; leave it out',
      )
}

/** FNV-1a, 32 bit, of what one small experiment measures. */
export function selfTest(): number {
  const { seeds } = propagate({ depth: 4, width: 97, batch: 24, seed: 7, backward: true })
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(JSON.stringify(seeds))) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
