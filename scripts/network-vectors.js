// What PyTorch finds for the networks of tests/networks/reference-documents.ts, into tests/networks/vectors.json.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

const python = process.argv[2] ?? 'python3'
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'))
try {
  const bundle = join(folder, 'documents.mjs')
  await build({ entryPoints: ['tests/networks/reference-documents.ts'], bundle: true, format: 'esm', outfile: bundle })
  const { DOCUMENTS, exported } = await import(bundle)
  const files = Object.keys(DOCUMENTS).map((name) => {
    const path = join(folder, `${name}.safetensors`)
    writeFileSync(path, exported(name))
    return path
  })
  const args = ['scripts/check_network.py', '--vectors', 'tests/networks/vectors.json', ...files]
  process.stdout.write(execFileSync(python, args, { encoding: 'utf8' }).replaceAll(`${folder}/`, ''))
} finally {
  rmSync(folder, { recursive: true })
}
