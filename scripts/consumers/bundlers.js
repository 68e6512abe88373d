// The bundlers of build/consumers, each as its own documentation has it: page.js into out/NAME/page.js.
import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Each tool bundles and returns its name; page(name) is the page of what it made. */
export async function bundlers(folder) {
  const require = createRequire(`${folder}/package.json`)
  const load = (name) => import(pathToFileURL(require.resolve(name)).href)
  const out = (name) => {
    mkdirSync(`${folder}/out/${name}`, { recursive: true })
    copyFileSync(`${folder}/index.html`, `${folder}/out/${name}/index.html`)
    return `${folder}/out/${name}`
  }
  const vite = await load('vite')
  const quiet = { root: folder, logLevel: 'error', configFile: false, clearScreen: false }
  const tools = {
    async esbuild(entry = 'page.js', host = 'esbuild') {
      const { build } = await load('esbuild')
      const outfile = `${out(host)}/${entry}`
      const conditions = host === 'workerd' ? ['workerd'] : []
      const external = ['*.wasm']
      await build({ entryPoints: [`${folder}/${entry}`], outfile, bundle: true, format: 'esm', conditions, external })
      return host
    },
    async rollup() {
      const { rollup } = await load('rollup')
      const { nodeResolve } = await load('@rollup/plugin-node-resolve')
      const bundle = await rollup({ input: `${folder}/page.js`, plugins: [nodeResolve()] })
      await bundle.write({ file: `${out('rollup')}/page.js`, format: 'es' })
      return 'rollup'
    },
    async webpack() {
      const webpack = require('webpack')
      const output = { path: out('webpack'), filename: 'page.js' }
      const compiler = webpack({ mode: 'production', context: folder, entry: './page.js', output })
      const stats = await new Promise((done, fail) =>
        compiler.run((error, result) => (error ? fail(error) : done(result))),
      )
      if (stats.hasErrors()) throw new Error(stats.toString('errors-only'))
      return 'webpack'
    },
    async 'vite build'() {
      const outDir = `${folder}/out/vite`
      await vite.build({ ...quiet, base: './', build: { outDir, emptyOutDir: true } })
      return 'vite'
    },
  }
  return {
    tools,
    page: (name) => `out/${name}/index.html`,
    /** Calls `visit` with the address of Vite's development server. */
    async dev(visit) {
      const server = await vite.createServer({ ...quiet, server: { port: 0, host: '127.0.0.1' } })
      await server.listen()
      try {
        return await visit(server.resolvedUrls.local[0])
      } finally {
        await server.close()
      }
    },
  }
}
