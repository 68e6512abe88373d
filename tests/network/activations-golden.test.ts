import { expect, test } from 'vitest'
import { activationKernel } from '../../src/network/activation-kernel'
import { measure } from '../../src/network/measure'
import { inArena } from '../../src/wasm/instance'

// The numeric contract, as in tests/golden.test.ts: these bits are the same on every engine, and a changed row is value-breaking.

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest.subarray(0, 8), (b) => b.toString(16).padStart(2, '0')).join('')
}

/** 32768 finite z: -16 .. 16 by 1/512, then bit patterns of every magnitude. */
function inputs(): Float32Array {
  const z = new Float32Array(32768)
  const words = new Uint32Array(z.buffer)
  for (let i = 0; i < 16384; i++) z[i] = (i - 8192) / 512
  for (let i = 16384, state = 1; i < 32768; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    words[i] = state
    // clears an exponent bit of what would be infinite or NaN
    if (!Number.isFinite(z[i])) words[i] = state & 0xbfffffff
  }
  return z
}

/** f(z), then f'(z), their f32 bits. */
function bits(name: string): Uint8Array<ArrayBuffer> {
  return inArena((arena) => {
    const z = inputs()
    const kernel = activationKernel('golden', name)
    const [zPtr, gradPtr] = [arena.allocate(4 * z.length), arena.allocate(4 * z.length)]
    arena.f32(zPtr, z.length).set(z)
    arena.f32(gradPtr, z.length).fill(1)
    // a rectifier tells its derivative from h, of the sign of z
    kernel.backward(arena.kernels, gradPtr, zPtr, z.length)
    kernel.forward(arena.kernels, zPtr, z.length)
    return new Uint8Array(
      [zPtr, gradPtr].flatMap((ptr) => Array.from(new Uint8Array(arena.f32(ptr, z.length).slice().buffer))),
    )
  })
}

/** Each seed's second moments, forward and backward, through 6 layers. */
function experiment(name: string): Uint8Array<ArrayBuffer> {
  const { seeds } = measure('golden', {
    widths: [33, 100, 64, 90, 90, 90, 5],
    init: 'lecun-normal',
    activation: name,
    bias: 0.1,
    engine: 'weights',
    batch: 11,
    seed: 5,
    seeds: 2,
    backward: true,
  })
  const moments = seeds.flatMap((seed) => [...seed.forwardSecondMoment, ...seed.backwardSecondMoment])
  return new Uint8Array(new Float64Array(moments).buffer)
}

test.each([
  ['linear', '8a11dea5e5fcda46', '32a62c4032ac4877'],
  ['relu', '1bbffb23c8ed0acb', '22c9165258f965a8'],
  ['selu', '28c634776b7c2417', '433280473aa80ea3'],
  ['gelu', 'f6b343c153220428', 'a9e929ecf0900659'],
  ['gelu-tanh', '7b51a35c81275210', 'f9a112a36adf8c68'],
  ['silu', 'ae5c4709f85971ad', '9c74ec4ba6e22a52'],
  ['mish', '1f537610bc1210cc', 'aca66cc70e52fead'],
  ['hardswish', 'a6090f8a6e20d279', '669b6b5c554b81c0'],
  ['quick-gelu', 'ceefcf039dad0e02', 'abc4b2865a6ac623'],
  ['softplus', 'b4e766000b796751', '8013645a0eaeedce'],
  ['sigmoid', 'da5369b7538495c2', 'bcd9ffbaa1baa03f'],
  ['hardsigmoid', '7bb3d6dded124392', 'a4797c5833a66aa1'],
  ['tanh', '067d1c5c62a50df2', '5a2bd201e5cc97c9'],
  ['hardtanh', 'a7cd154492fcd578', 'f6fd9e81fea6736a'],
  ['softsign', 'd8f8222fec0c1e4e', '4c9cd219fae325df'],
  ['erf', '3d6b389f37c3b5d9', '86a7c45fd2a4940b'],
  ['sin', 'e7833d28d95d9bf8', '9e230fea5855c99d'],
  ['abs', 'db593b63a9a1a553', 'd4e39e9e51dfbed9'],
  ['relu6', 'b3172c7cc95a75f9', '22c9165258f965a8'],
  ['squared-relu', 'f7562bcd8071dba2', 'c83ad16a568e76e2'],
  ['leaky-relu', '622f21071c41e982', '3b5ae434b0d9400c'],
  ['prelu', 'b957d6742dd10005', '267a30f01e0b071a'],
  ['elu', 'de3ea831c6528d5c', 'bc054024262b9998'],
  ['leaky-relu:-0.5', 'f712ad8797eb73f8', 'a545a103fc3e9a85'],
  ['elu:2', '0d644e878c2e5fa7', 'fdb90dd2f7bd8ec1'],
] as const)(
  '%s: values and slopes at 32,768 z, and an experiment of 6 layers, hash to the recorded bits',
  async (name, kernel, network) => {
    expect([await sha256(bits(name)), await sha256(experiment(name))]).toEqual([kernel, network])
  },
)
