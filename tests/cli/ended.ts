import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** The whole lines of a file. */
export const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1)

/** Starts the command and signals it once the file has so many whole lines; its exit code, or the signal that ended it. */
export async function ended(args: readonly string[], file: string, count: number, signal: NodeJS.Signals) {
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { stdio: ['ignore', 'pipe', 'ignore'] })
  let stdout = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  const exit = new Promise<number | string | null>((done) => child.once('close', (code, by) => done(code ?? by)))
  while (child.exitCode === null && !(existsSync(file) && linesOf(file).length >= count))
    await new Promise((wake) => setTimeout(wake, 10))
  child.kill(signal)
  return { how: await exit, stdout }
}
