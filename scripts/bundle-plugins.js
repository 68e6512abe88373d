// esbuild plugins of the entries beside the main one.
import { resolve } from 'node:path'

/** Where a bundle's kernels come from: src/wasm/embedded.HOST.ts in place of src/wasm/embedded.ts, HOST = slim, workerd or edge; .wasm files are left to the host. */
export function kernelsFrom(host) {
  return {
    name: `kernels-from-${host}`,
    setup(build) {
      build.onResolve({ filter: /^\.\/embedded$/ }, () => ({ path: resolve(`src/wasm/embedded.${host}.ts`) }))
      build.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }))
    },
  }
}

/** For an entry that uses the main entry's file beside it, and not a copy of it. */
export const besideIndex = {
  name: 'beside-index',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/index$/ }, () => ({ path: './index.js', external: true }))
  },
}
