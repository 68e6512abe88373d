import { enableWide, hasWide, WIDE_FLAG } from '../node/wide'
import { WIDE } from '../node/wide-variable'
import { UsageError } from './exit-code'

/** Lets the kernels use 256-bit vectors. @throws UsageError where the engine has no such flag */
export function goWide(): void {
  if (!hasWide())
    throw new UsageError(
      `--wide needs V8's ${WIDE_FLAG}, which Node ${process.versions.node} does not have; use Node 24 or later, or leave --wide out: the numbers are the same`,
    )
  enableWide()
  process.env[WIDE] = '1'
}
