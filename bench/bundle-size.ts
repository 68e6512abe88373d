import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Answer } from './serve'

/** Bytes, minified and gzipped, that a page loads for what `source` exports, with the WebAssembly files that are fetched beside it. */
export async function bundleSize(source: string, fetched: readonly string[]): Promise<Answer> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    nodePaths: ['bench/node_modules'],
    logLevel: 'silent',
  })
  const parts = [outputFiles[0].contents, ...fetched.map((file) => readFileSync(file))]
  return {
    samples: [parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0)],
    result: [parts.length],
  }
}
