// Gets the peers where they are missing, builds the bench into build/bench/, and runs it.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { build } from 'esbuild'

const OUT = 'build/bench'
const ENTRIES = {
  main: 'bench/main.ts',
  evenkeel: 'bench/evenkeel/main.ts',
  start: 'bench/evenkeel/start.ts',
  tfjs: 'bench/peers/tfjs.ts',
  'onnxruntime-web': 'bench/peers/onnxruntime-web.ts',
  stdlib: 'bench/peers/stdlib.ts',
  plain: 'bench/peers/plain.ts',
}
// the build of tfjs-core for Node leaves out what differentiates
const GRADIENTS = 'bench/node_modules/@tensorflow/tfjs-core/dist/register_all_gradients.js'

installPeers()
await buildBench()
const { status } = spawnSync(process.execPath, [`${OUT}/main.js`, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1

/** Without a registry the bench goes on with the peers that are there. */
function installPeers() {
  const installed = 'bench/node_modules/.package-lock.json'
  const lock = 'bench/package-lock.json'
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  console.error('Installing the peers of bench/package.json into bench/node_modules (once).')
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: 'bench',
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (npm.status !== 0) console.error('npm ci in bench/ failed: the bench runs without the peers that are missing.')
}

async function buildBench() {
  rmSync(OUT, { recursive: true, force: true })
  mkdirSync(OUT, { recursive: true })
  await build({
    entryPoints: existsSync(GRADIENTS) ? { ...ENTRIES, 'tfjs-gradients': GRADIENTS } : ENTRIES,
    outdir: OUT,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
    external: ['esbuild', '@tensorflow/*', '@stdlib/*', 'onnxruntime-web', './tfjs-gradients.js', '../../dist/*'],
  })
  // what is built finds the peers' packages as if it lay in bench/
  symlinkSync('../../bench/node_modules', `${OUT}/node_modules`, 'junction')
  const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory', '--use', 'abort=']
  execFileSync(
    process.execPath,
    ['node_modules/assemblyscript/bin/asc.js', 'bench/assembly/loops.ts', '--outFile', `${OUT}/loops.wasm`, ...flags],
    { stdio: 'inherit' },
  )
}
