// Bundles the lab page: index.html and icon.svg as they are, the page and its worker sharing what both need.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Writes the page into `outdir`; returns esbuild's result. */
export async function bundleLab(outdir, options) {
  const result = await build({
    ...options,
    platform: 'browser',
    entryPoints: ['src/lab/main.ts', 'src/lab/worker.ts', 'src/lab/style.css'],
    outdir,
    splitting: true,
    chunkNames: 'shared',
    minify: true,
  })
  for (const file of ['index.html', 'icon.svg']) copyFileSync(join('src/lab', file), join(outdir, file))
  return result
}
