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

/**
 * For a bundle that carries the kernels: their text comes last. Gzip looks back 32 KB, less than the text is long: in the midst of the
 * code it would hide one part from the other, at a kilobyte's cost. A function can be called before its place.
 */
export function kernelsLast(kernels) {
  return {
    footer: { js: `function evenkeelKernels(){return${kernels}}` },
    plugins: [
      {
        name: 'kernels-last',
        setup(build) {
          const contents = 'export function kernelText() { return evenkeelKernels() }'
          build.onLoad({ filter: /src\/wasm\/bytes\.ts$/ }, () => ({ contents }))
        },
      },
    ],
  }
}
