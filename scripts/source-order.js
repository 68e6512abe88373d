import { Transform } from 'assemblyscript/transform'

/**
 * Optimises the release build without moving an operation. V8 emits SIMD code in the order it is given, so the kernels are scheduled in
 * their source: operations that do not wait for each other stand side by side. Binaryen's -O3 nests every value that is used once
 * into its use (flatten, simplify-locals), which puts the operations of one chain behind each other and spills the others.
 */
const PASSES = [
  'duplicate-function-elimination',
  'remove-unused-module-elements',
  'inlining',
  'dce',
  'precompute',
  'optimize-instructions',
  'remove-unused-brs',
  'remove-unused-names',
  'merge-blocks',
  'rse',
  'vacuum',
  'coalesce-locals',
  'reorder-locals',
  'vacuum',
  'duplicate-function-elimination',
  'remove-unused-module-elements',
  'reorder-functions',
  'memory-packing',
]

/** Kernels whose operations stand in the order they are to run. */
const SCHEDULED = /^assembly\/(linalg\/(tile|multiply-vector)|sampling\/normal|stats|random\/xoshiro)/

const ELSEWHERE = [
  'simplify-locals',
  'local-cse',
  'simplify-locals',
  'precompute-propagate',
  'optimize-instructions',
  'remove-unused-brs',
  'merge-blocks',
  'vacuum',
  'coalesce-locals',
  'reorder-locals',
  'vacuum',
]

export default class SourceOrder extends Transform {
  afterCompile(module) {
    const { binaryen } = this
    binaryen.setOptimizeLevel(3)
    binaryen.setShrinkLevel(0)
    binaryen.setAlwaysInlineMaxSize(12)
    binaryen.setFlexibleInlineMaxSize(70)
    // a tile stays a function of its own: within the loops around it V8 has too few registers for its pointers
    binaryen.setOneCallerInlineMaxSize(100)
    binaryen.setAllowInliningFunctionsWithLoops(true)
    module.runPasses(PASSES)
    for (let i = 0; i < module.getNumFunctions(); i++) {
      const f = module.getFunctionByIndex(i)
      if (!SCHEDULED.test(binaryen.getFunctionInfo(f).name)) module.runPassesOnFunction(f, ELSEWHERE)
    }
  }
}
