import debug from './debug.wasm'
// the package's own entry for Workers: it throws where its kernels are not found
import { heNormal } from './index.workerd.js'
import release from './release.wasm'
import { runGolden } from './suite.js'

export default {
  fetch() {
    heNormal([2, 2])
    return new Response(JSON.stringify([release, debug].map(runGolden)))
  },
}
