export { fillNormal, fillUniform, type NormalOptions, type UniformOptions } from './random/draw'
export type { Seed, StreamOptions } from './random/stream'
export { type Moments, moments } from './stats/moments'
export { OutOfMemoryError } from './wasm/out-of-memory-error'
