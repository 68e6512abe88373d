import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { environment, type Participant } from './participants'
import type { Answer } from './serve'
import type { Work } from './works'

const TIMEOUT_MS = 120_000

/** A process of a participant: started when it is first asked, so that nothing else starts meanwhile, and waiting between questions (serve.ts). */
export class Servant {
  private process: Running | undefined
  private readonly seconds = new Map<Work, number>()

  constructor(
    readonly participant: Participant,
    private readonly args: readonly string[],
  ) {}

  /** What a work has taken until now. */
  secondsOf(work: Work): number {
    return this.seconds.get(work) ?? 0
  }

  /** Does a task of a work; what went wrong where that failed. */
  async ask(task: string, work: Work): Promise<Answer | string> {
    const start = performance.now()
    const answer = await this.answer(task)
    this.seconds.set(work, this.secondsOf(work) + (performance.now() - start) / 1000)
    return answer
  }

  private async answer(task: string): Promise<Answer | string> {
    this.process ??= started(this.participant, this.args)
    const { child, lines } = this.process
    child.stdin.write(`${task}\n`)
    const timer = setTimeout(() => child.kill(), TIMEOUT_MS)
    try {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) return reason(this.process)
        if (value.startsWith('{')) return JSON.parse(value)
      }
    } finally {
      clearTimeout(timer)
    }
  }

  stop(): void {
    this.process?.child.stdin.end()
  }
}

interface Running {
  child: ChildProcessWithoutNullStreams
  lines: AsyncIterator<string>
  errors: string[]
  closed: Promise<unknown>
}

function started({ command: [path, ...fixed], env }: Participant, args: readonly string[]): Running {
  const child = spawn(path, [...fixed, ...args], { env: environment(env) })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text) => errors.push(text))
  // a process that ended is known by its stdout
  for (const source of [child, child.stdin]) source.on('error', (error) => errors.push(`\n${error}`))
  const closed = new Promise((resolve) => child.once('close', resolve))
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), errors, closed }
}

/** Why a process ended. */
async function reason({ child, errors, closed }: Running): Promise<string> {
  await closed
  const line = errors
    .join('')
    .trim()
    .split('\n')
    .findLast((line) => line.includes('rror'))
  return line ?? child.signalCode ?? `exit code ${child.exitCode}`
}
