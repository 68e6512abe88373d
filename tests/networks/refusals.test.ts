import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { propagateNetwork } from '../../src/networks/experiment'
import type { NetworkExperimentOptions } from '../../src/networks/spec'

const conv = (options: object, input: unknown = [16, 8, 8]) => ({
  input,
  layers: [{ kind: 'conv', channels: 4, kernel: 3, ...options }],
})

test.each([
  [
    conv({ groups: 3 }),
    "propagateNetwork: network.layers[0].groups expected a divisor of 16, the input's channels, got 3",
  ],
  [conv({ groups: 8 }), 'propagateNetwork: network.layers[0].channels expected a multiple of 8, the groups, got 4'],
  [
    conv({ kernel: 9, padding: 'none' }),
    "propagateNetwork: network.layers[0].kernel expected at most 8, the input's size without padding, got 9",
  ],
  [
    conv({ kernel: 19, padding: 'circular' }),
    "propagateNetwork: network.layers[0].kernel expected at most 17 to be padded by 'circular' from a size of 8, got 19",
  ],
  [
    conv({ padding: 'reflect' }, [16, 1, 8]),
    "propagateNetwork: network.layers[0].kernel expected at most 1 to be padded by 'reflect' from a size of 1, got 3",
  ],
  [
    conv({ padding: 'same' }),
    "propagateNetwork: network.layers[0].padding expected one of zero, circular, reflect, none, got 'same'",
  ],
  [
    conv({ dilation: 2 }),
    "propagateNetwork: network.layers[0]: options expected only kind, channels, kernel, stride, padding, groups, init, bias, stream, got 'dilation'",
  ],
  [
    conv({ kernel: [3, 3, 3] }),
    'propagateNetwork: network.layers[0].kernel expected an integer >= 1, or 2 of them, got [3, 3, 3]',
  ],
  [
    conv({}, [16]),
    'propagateNetwork: network.layers[0] expected an input of [channels, length] or [channels, height, width], got [16]',
  ],
  [
    conv({ init: 'he-norml' }),
    /^propagateNetwork: network\.layers\[0\]\.init expected .*got 'he-norml'; did you mean 'he-normal'\?$/,
  ],
  [
    {
      input: [8],
      layers: [
        { kind: 'dense', units: 8 },
        { kind: 'residual', layers: [{ kind: 'dense', units: 4 }] },
      ],
    },
    "propagateNetwork: network.layers[1].layers expected an output of the input's size [8], got [4]",
  ],
  [
    { input: [8], layers: [{ kind: 'residual', layers: [{ kind: 'dense', units: 0 }] }] },
    'propagateNetwork: network.layers[0].layers[0].units expected an integer in [1, 16777216], got 0',
  ],
  [
    { input: [8], layers: [{ kind: 'denze', units: 4 }] },
    /layers\[0\]\.kind expected one of dense, .*; did you mean 'dense'\?$/,
  ],
  [{ input: [8], layers: [] }, 'propagateNetwork: network.layers expected an array of layers, not empty, got []'],
  [{ input: [], layers: [{ kind: 'dense', units: 4 }] }, /network\.input expected \[features\], .*, got \[\]$/],
  [
    { input: [1 << 18], layers: [{ kind: 'dense', units: 1 << 12, init: 'orthogonal' }] },
    /network expected at most 4 GiB of values and weights, got 4\.\d GiB; take a smaller batch$/,
  ],
])('an impossible network is refused with the path of its layer: %j', (network, message) => {
  expect(() => propagateNetwork(network as never)).toThrow(message)
})

test('any small document gives finite numbers or a refusal of the grammar', () => {
  const size = fc.integer({ min: 1, max: 6 })
  const flat = fc.oneof(
    fc.record({ kind: fc.constant('dense'), units: size }),
    fc.record({
      kind: fc.constant('conv'),
      channels: size,
      kernel: size,
      stride: fc.integer({ min: 1, max: 3 }),
      padding: fc.constantFrom('zero', 'circular', 'reflect', 'none'),
      groups: fc.integer({ min: 1, max: 2 }),
    }),
    fc.record({ kind: fc.constant('activation'), name: fc.constantFrom('relu', 'tanh', 'gelu', 'no-such') }),
    fc.record({ kind: fc.constantFrom('layerNorm', 'rmsNorm', 'batchNorm') }),
  )
  const layer = fc.oneof(
    { weight: 4, arbitrary: flat },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('residual'), layers: fc.array(flat, { minLength: 1, maxLength: 3 }) }),
    },
  )
  const document = fc.record({
    input: fc.array(size, { minLength: 1, maxLength: 3 }),
    layers: fc.array(layer, { minLength: 1, maxLength: 4 }),
  })
  const options: NetworkExperimentOptions = { batch: 3, backward: true }
  fc.assert(
    fc.property(document, (network) => {
      let run: ReturnType<typeof propagateNetwork>
      try {
        run = propagateNetwork(network as never, options)
      } catch (error) {
        expect((error as Error).message).toMatch(/^propagateNetwork: .* expected .*, got /)
        return
      }
      for (const { forward, backward } of run.layers)
        expect([forward.secondMoment, forward.mean, forward.std, backward!.secondMoment].every(Number.isFinite)).toBe(
          true,
        )
    }),
    { seed: 1, numRuns: 300 },
  )
})
