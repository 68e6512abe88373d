export * from './index'
export { enableWide, hasWide } from './node/wide'
