import { runGolden } from './suite.js'

const outcomes = []
try {
  for (const path of ['release.wasm', 'debug.wasm'])
    outcomes.push(runGolden(await WebAssembly.compileStreaming(fetch(path))))
  document.body.textContent = JSON.stringify(outcomes)
} catch (error) {
  document.body.textContent = JSON.stringify({ error: String(error) })
}
document.title = 'done'
