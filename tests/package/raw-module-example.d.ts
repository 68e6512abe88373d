import type { Kernels } from '../../src/wasm/kernels'

export function heTimesOnes(kernels: Kernels, seed: bigint): { weights: Float32Array; outputs: Float32Array }
