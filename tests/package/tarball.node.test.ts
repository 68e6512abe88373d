import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { theory } from '../../src/index'
import { networkSchema } from '../../src/networks/schema'
import { npm } from '../npm'

// The package as it would be published, from the dist/ of the last build.

let folder: string
let packed: { filename: string; files: { path: string }[] }
const paths = () => packed.files.map(({ path }) => path).sort()
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  packed = JSON.parse(npm(args))[0]
})

afterAll(() => rmSync(folder, { recursive: true }))

test('beside declarations the tarball holds exactly these files', () => {
  expect(paths().filter((path) => !path.startsWith('dist/types/'))).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'assembly/README.md',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/cli.js',
    'dist/index.edge.js',
    'dist/index.js',
    'dist/index.workerd.js',
    'dist/inspect.js',
    'dist/kernels.wasm',
    'dist/lab/icon.svg',
    'dist/lab/index.html',
    'dist/lab/main.js',
    'dist/lab/shared.js',
    'dist/lab/style.css',
    'dist/lab/worker.js',
    'dist/network.schema.json',
    'dist/networks.edge.js',
    'dist/networks.js',
    'dist/networks.workerd.js',
    'dist/node.js',
    'dist/parallel.js',
    'dist/parallel.node.js',
    'dist/race-task.js',
    'dist/seed-task.js',
    'dist/seed-worker.js',
    'dist/slim.js',
    'dist/tfjs.js',
    'dist/theory.js',
    'dist/training.edge.js',
    'dist/training.js',
    'dist/training.workerd.js',
    'dist/worker.js',
    'package.json',
  ])
})

test('each file of dist/types is the declaration of a file of src, and none is of the command line or the lab', () => {
  const declared = paths().flatMap((path) => /^dist\/types\/(.*)$/.exec(path)?.[1] ?? [])
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  expect(declared.length).toBeGreaterThan(20)
  expect(declared.filter((path) => !sources.includes(path.replace(/\.d\.ts$/, '.ts')))).toEqual([])
  expect(declared.filter((path) => /^(cli|lab)\//.test(path))).toEqual([])
})

test('the package has no dependency, no install script, and no file that names a folder of the machine or a source map', () => {
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies'])
    expect(manifest[kind]).toBeUndefined()
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    expect(manifest.scripts[script]).toBeUndefined()
  const telling = paths().filter((path) => {
    const text = readFileSync(path, 'latin1')
    return path.endsWith('.map') || text.includes(process.cwd()) || text.includes('sourceMappingURL=')
  })
  expect(telling).toEqual([])
})

test.each([
  ['parallel.node', ['OutOfMemoryError', 'propagateAsync', 'propagateNetworkAsync']],
  ['parallel', ['OutOfMemoryError', 'propagateAsync', 'propagateNetworkAsync']],
  ['inspect', ['OutOfMemoryError', 'inspect']],
  ['networks', ['OutOfMemoryError', 'exportNetwork', 'networkSeedsFor', 'propagateNetwork']],
])('dist/%s.js exports %j and nothing of its inside', (entry, names) => {
  const code = `console.log(Object.keys(await import('./dist/${entry}.js')).join())`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(printed.trim().split(',').sort()).toEqual(names)
})

test('publint has nothing to say', async () => {
  const { messages } = await publint({ pkgDir: '.', strict: true })
  expect(messages).toEqual([])
})

test('arethetypeswrong finds no problem in the types of any entry for ES modules', () => {
  const flags = [
    '--profile',
    'esm-only',
    '--exclude-entrypoints',
    './kernels.wasm',
    './network.schema.json',
    '--format',
    'ascii',
    '--no-color',
  ]
  const attw = ['node_modules/@arethetypeswrong/cli/dist/index.js', join(folder, packed.filename), ...flags]
  expect(() => execFileSync(process.execPath, attw, { encoding: 'utf8', stdio: 'pipe' })).not.toThrow()
})

test.each([
  ["a page that imports heNormal from 'evenkeel'", "export { heNormal } from './dist/index.js'", 40],
  ["a page that imports all of 'evenkeel'", "export * from './dist/index.js'", 64],
  ["a page that imports all of 'evenkeel/parallel'", "export * from './dist/parallel.js'", 64],
  ["a page that imports all of 'evenkeel/theory'", "export * from './dist/theory.js'", 15],
  ["a page that imports all of 'evenkeel/networks'", "export * from './dist/networks.js'", 64],
  ["a page that imports all of 'evenkeel/training'", "export * from './dist/training.js'", 56],
  ["a page that imports inspect from 'evenkeel/inspect'", "export { inspect } from './dist/inspect.js'", 56],
])('%s gets it minified and gzipped below the limit: %s, %d KB', async (_, contents, limit) => {
  const stdin = { contents, resolveDir: process.cwd() }
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, format: 'esm', write: false })
  expect(gzipSync(outputFiles[0].contents, { level: 9 }).length).toBeLessThan(limit * 1000)
})

test('require() of the main entry works in Node, as there is no top-level await', () => {
  const code = "console.log(require('evenkeel').heNormal([1, 1], { seed: 1 }).length)"
  // a package may import itself by its own name
  expect(execFileSync(process.execPath, ['--no-warnings', '-e', code], { encoding: 'utf8' }).trim()).toBe('1')
})

test('a refusal that nobody catches prints at most a line of 700 characters of the bundle above its message', () => {
  const code = "import { normal } from 'evenkeel'; normal([2], { std: 1 })"
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(stderr).toContain(
    "TypeError: normal: options expected only seed, stream, layout, out, mean, stddev, got 'std'",
  )
  expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThan(700)
})

test("'evenkeel/network.schema.json' is the schema that the checks of documents are tested against", () => {
  const code = "console.log(require.resolve('evenkeel/network.schema.json'))"
  const path = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim()
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(networkSchema)
})

test("'evenkeel/training' races, scales and checks widths with an instance of its own, and its weights are those of 'evenkeel'", () => {
  const code = `
    import { orthogonal } from 'evenkeel'
    import { coordCheck, lsuv, race, methodNames } from 'evenkeel/training'
    const { runs } = race({ depth: 4, width: 8, steps: 5, rates: [0.01], inits: ['he-normal', ...methodNames] })
    const { verdict } = coordCheck({ widths: [8, 16], seeds: 2, steps: 1, parametrization: 'mup' })
    const input = { data: new Float32Array(8).fill(1), rows: 2, columns: 4 }
    const { weights, layers } = lsuv({ widths: [4, 3], input, seed: 5 })
    const drawn = orthogonal([3, 4], { seed: 5, stream: 'layers.1.weight' })
    const same = drawn.every((w, i) => Math.fround(w * layers[0].scale) === weights[0][i])
    console.log(JSON.stringify({ runs: runs.length, losses: runs[0].rates[0].losses.length, code: verdict.code, same }))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(JSON.parse(printed)).toMatchObject({ runs: 7, losses: 5, same: true })
})

test("'evenkeel/slim' refuses to draw before init(), and after it draws the bits of 'evenkeel'", () => {
  const code = `
    import { readFileSync } from 'node:fs'
    import { heNormal } from 'evenkeel'
    import * as slim from 'evenkeel/slim'
    const refusal = (() => { try { slim.heNormal([2, 2]) } catch (error) { return error.message } })()
    slim.init(readFileSync(new URL(import.meta.resolve('evenkeel/kernels.wasm'))))
    const same = Buffer.compare(Buffer.from(slim.heNormal([64, 128]).buffer), Buffer.from(heNormal([64, 128]).buffer)) === 0
    console.log(JSON.stringify({ refusal, same }))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  expect(JSON.parse(printed)).toEqual({
    refusal:
      'kernels: init() expected before the first call of evenkeel/slim, got none; call init(bytes) with those of evenkeel/kernels.wasm',
    same: true,
  })
})

test("'evenkeel/theory' works where there is no WebAssembly, and gives the numbers of theory() in 'evenkeel'", () => {
  const code = `
    delete globalThis.WebAssembly
    const { fixedPoint, theory } = await import('evenkeel/theory')
    console.log(JSON.stringify([fixedPoint({ activation: 'tanh', sigmaW2: 2 }).q, theory('gelu')]))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  const [q, gelu] = JSON.parse(printed)
  expect(q.toFixed(12)).toBe('0.617964769769')
  expect(gelu).toEqual({ ...theory('gelu') })
})
