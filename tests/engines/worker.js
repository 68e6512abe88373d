import debug from './debug.wasm'
import release from './release.wasm'
import { runGolden } from './suite.js'

export default {
  fetch: () => new Response(JSON.stringify([release, debug].map(runGolden))),
}
