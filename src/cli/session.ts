import { OK } from './exit-code'
import type { Host } from './terminal'

/** One run of the command line: where it writes, and what the process will return. */
export interface Session {
  readonly host: Host
  exitCode: number
}

export function session(host: Host): Session {
  return { host, exitCode: OK }
}
