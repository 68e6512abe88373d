import { serve } from '../serve'

const start = performance.now()
const { heNormal }: typeof import('../../src/index') = await import(
  `${new URL('../../dist/index.js', import.meta.url)}`
)
const w = heNormal([64, 128], { seed: 1 })
const seconds = (performance.now() - start) / 1000

let squares = 0
for (const x of w) squares += x * x

// the published bundle, from import to the first 64 x 128 He matrix
await serve(process.argv.slice(2), {
  start: async () => ({ samples: [seconds], result: [squares / w.length / 0.125 ** 2] }),
})
