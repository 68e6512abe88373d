import { init, type KernelSource } from '../../src/slim'
import { useWideTiles } from '../../src/wasm/instance'
import { fingerprint } from '../golden/fingerprint'
import { goldenRows } from '../golden/rows'

/** What an engine says of one build of the kernels. */
export interface Outcome {
  rows: number
  /** Names of the rows whose bits are not the recorded ones. */
  wrong: string[]
}

/** Draws and measures every golden row with these kernels, their products by two panels at a time where `wide`. */
export function runGolden(kernels: KernelSource, wide = false): Outcome {
  init(kernels)
  useWideTiles(wide)
  const wrong = goldenRows.filter(({ values, hash }) => fingerprint(values()) !== hash).map(({ name }) => name)
  return { rows: goldenRows.length, wrong }
}
