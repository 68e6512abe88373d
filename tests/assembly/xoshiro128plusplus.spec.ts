import { splitmix64 } from '../../assembly/random/splitmix64'
import { seedLanes, xoshiro128plusplus } from '../../assembly/random/xoshiro128plusplus'

const state: usize = memory.data(256, 16)
const words: usize = memory.data(4096, 16)

// https://docs.rs/rand_xoshiro: reference_xoshiro128plusplus, made with the authors' C program from state 1, 2, 3, 4
const REFERENCE: u32[] = [
  641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
]

function sameStateInEveryLane(): void {
  for (let word = 0; word < 4; word++)
    for (let lane = 0; lane < 16; lane++) store<u32>(state + ((<usize>(16 * word + lane)) << 2), word + 1)
}

describe('xoshiro128plusplus', () => {
  it('gives the ten published words from state 1, 2, 3, 4 in each of its 16 lanes', () => {
    sameStateInEveryLane()
    xoshiro128plusplus(words, 10, state)
    for (let step = 0; step < 10; step++)
      for (let lane = 0; lane < 16; lane++)
        expect(load<u32>(words + ((<usize>(16 * step + lane)) << 2))).toBe(REFERENCE[step])
  })

  it('goes on from the state it left: 4 steps and 6 steps are 10 steps', () => {
    sameStateInEveryLane()
    xoshiro128plusplus(words, 4, state)
    xoshiro128plusplus(words + 256, 6, state)
    for (let step = 0; step < 10; step++) expect(load<u32>(words + ((<usize>step) << 6))).toBe(REFERENCE[step])
  })
})

describe('splitmix64', () => {
  it('gives the published words from state 1234567', () => {
    // https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64
    splitmix64(words, 5, 1234567)
    const published: u64[] = [
      6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
    ]
    for (let i = 0; i < 5; i++) expect(load<u64>(words + ((<usize>i) << 3))).toBe(published[i])
  })

  it('seeds lane 5 with its outputs 10 and 11, low half first', () => {
    splitmix64(words, 32, 42)
    seedLanes(state, 42)
    for (let word = 0; word < 4; word++)
      expect(load<u32>(state + ((<usize>(16 * word + 5)) << 2))).toBe(load<u32>(words + 80 + ((<usize>word) << 2)))
  })
})
