import { spawnSync } from 'node:child_process'

export interface Result {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the built command line as a process of its own, stdout and stderr as pipes. */
export function evenkeel(...args: string[]): Result {
  return run(args, {})
}

export function run(args: readonly string[], env: NodeJS.ProcessEnv): Result {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: undefined, ...env },
    timeout: 60_000,
    maxBuffer: 1 << 28,
  })
  if (error) throw error
  return { code: status, stdout, stderr }
}

/** The one JSON object on stdout of a run that must succeed. */
export function json<T>(...args: string[]): T {
  const { code, stdout, stderr } = evenkeel(...args, '--json')
  if (code !== 0) throw new Error(`evenkeel ${args.join(' ')} exited with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}
