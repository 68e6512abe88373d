import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'

/** Runs the npm that came with Node. Trap: node_modules/.bin, first in the path of scripts, has an old one that a test tool brings along. */
export function npm(args: string[], options: ExecFileSyncOptions = {}): string {
  const path = process.env.PATH!.split(delimiter).filter((folder) => !folder.includes('node_modules'))
  const env = { ...process.env, PATH: path.join(delimiter) }
  return execFileSync('npm', args, { stdio: 'pipe', ...options, env, encoding: 'utf8' })
}
