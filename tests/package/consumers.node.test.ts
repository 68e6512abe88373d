import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium } from '../../scripts/consumers/page'
import { npm } from '../npm'

// What needs no further package of `npm run test:package`: the tarball unpacked where npm would put it, and used from there.

/** What tests/package/consumers/fingerprint.js gives in every engine. */
const RECORDED = 'cfe9d11e'
const FIXTURES = 'tests/package/consumers'

let folder: string
let chromium: Awaited<ReturnType<typeof openChromium>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
  const [{ filename }] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder]))
  const home = join(folder, 'node_modules/evenkeel')
  mkdirSync(home, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', home])
  const pages = ['fingerprint.js', 'index.html', 'page.js', 'process.js', 'required.cjs', 'script.html']
  for (const file of [...pages, 'parallel.html', 'parallel.js']) cpSync(`${FIXTURES}/${file}`, join(folder, file))
  cpSync(`${FIXTURES}/package.json`, join(folder, 'package.json'))
  chromium = await openChromium(folder)
})

afterAll(async () => {
  await chromium?.close()
  rmSync(folder, { recursive: true })
})

test('bundled by esbuild, the package gives the recorded bits in Chromium', async () => {
  const outfile = join(folder, 'out/page.js')
  await build({ entryPoints: [join(folder, 'page.js')], outfile, bundle: true, format: 'esm', minify: true })
  cpSync(join(folder, 'index.html'), join(folder, 'out/index.html'))
  expect(await chromium.title('out/index.html')).toBe(RECORDED)
})

test('imported by a script of type module, without a bundler, it gives the recorded bits in Chromium', async () => {
  expect(await chromium.title('script.html')).toBe(RECORDED)
})

test("on a page with a Content-Security-Policy that allows its own workers, 'evenkeel/parallel' gives the bits of propagate from two", async () => {
  expect(await chromium.title('parallel.html')).toBe('the bits of propagate')
})

test("in Node 'evenkeel/parallel' gives the bits of propagate from two threads, and the process ends", () => {
  const code = `
    import { propagate } from 'evenkeel'
    import { propagateAsync } from 'evenkeel/parallel'
    const network = { depth: 5, width: 40, batch: 9, seed: 3, seeds: 5, backward: true }
    const found = await propagateAsync(network, { workers: 2 })
    console.log(JSON.stringify(found) === JSON.stringify(propagate(network)))`
  const args = ['--input-type=module', '-e', code]
  expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 }).trim()).toBe('true')
})

test('require() loads it in Node, and it gives the recorded bits', () => {
  const printed = execFileSync(process.execPath, ['--no-warnings', 'required.cjs'], { cwd: folder, encoding: 'utf8' })
  expect(printed.trim()).toBe(RECORDED)
})
