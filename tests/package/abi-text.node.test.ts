import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const text = readFileSync('assembly/README.md', 'utf8')

test('assembly/README.md names every export of dist/kernels.wasm', async () => {
  const module = await WebAssembly.compile(readFileSync('dist/kernels.wasm'))
  const names = WebAssembly.Module.exports(module).map(({ name }) => name)
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test('the example in assembly/README.md is the file that the tests run', () => {
  expect(text).toContain(`\`\`\`js\n${readFileSync('tests/package/raw-module-example.js', 'utf8')}\`\`\``)
})
