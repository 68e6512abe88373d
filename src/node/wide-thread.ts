import { useWideTiles } from '../wasm/instance'
import { WIDE } from './wide-variable'

/** For a thread to begin with: V8's flag holds for all threads of the process, the tiles are each instance's own. */
export function widenThread(): void {
  if (process.env[WIDE] === '1') useWideTiles(true)
}
