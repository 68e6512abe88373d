// Runs the golden rows in Node, Deno or Bun and prints what came out: process.js SUITE RELEASE.wasm DEBUG.wasm
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [suite, ...kernels] = process.argv.slice(2)
const { runGolden } = await import(pathToFileURL(suite).href)
const wide = process.execArgv.includes('--experimental-wasm-revectorize')
console.log(JSON.stringify(kernels.map((path) => runGolden(readFileSync(path), wide))))
