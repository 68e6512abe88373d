// The JSON Schema of network documents, as src/networks/schema.ts has it.
import { build } from 'esbuild'

/** The schema as the text of a file. */
export async function networkSchemaText() {
  const entry = { entryPoints: ['src/networks/schema.ts'], bundle: true, format: 'esm', write: false }
  const { outputFiles } = await build(entry)
  const { networkSchema } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  )
  return `${JSON.stringify(networkSchema, null, 2)}\n`
}
