import { OK } from './exit-code'
import type { Host } from './terminal'

/** One run of the command line: where it writes, and what the process will return. */
export interface Session {
  readonly host: Host
  /** The arguments, as they were given. */
  readonly argv: readonly string[]
  exitCode: number
}

export function session(host: Host, argv: readonly string[]): Session {
  return { host, argv, exitCode: OK }
}
