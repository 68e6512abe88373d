export * from './index'
export { init } from './wasm/init'
export type { KernelSource } from './wasm/source'
