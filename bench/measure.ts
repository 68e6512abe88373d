import { spawnSync } from 'node:child_process'
import { wrongResult } from './check-result'
import { median } from './median'
import { environment, type Participant } from './participants'

/** Samples of every task of a participant, one array a process. */
export type Samples = Map<string, number[][]>

export interface Measured {
  samples: Samples
  /** What went wrong: a process that failed, or a result that is not right: its times are then thrown away. */
  failures: string[]
}

export interface Effort {
  /** Seconds of sampling a task. */
  budget: number
  /** Rounds at most: 1 for a trial. */
  rounds: number
}

/** Tasks that share a process; every memory or start task has processes of its own. */
const GROUPS = [
  /^(multiplyAdd|product|matmul)/,
  /^(normal|normalCall|uniform|store)/,
  /^(relu|moments|read|readWrite),/,
  /^headline/,
  /^experiment/,
  /^orthogonal/,
  /^training/,
  /^memory/,
  /^start/,
  /^size/,
]

const TIMEOUT_MS = 120_000

/** Runs the tasks of all participants, in rounds, so that a machine that drifts drifts for all. */
export function measureAll(
  participants: readonly Participant[],
  tasks: readonly string[],
  { budget, rounds }: Effort,
): Map<string, Measured> {
  const all = new Map<string, Measured>()
  for (let round = 0; round < rounds; round++)
    for (const group of GROUPS)
      for (const participant of participants) {
        const own = tasks.filter((task) => group.test(task) && does(participant, task))
        if (round >= participant.processes || own.length === 0) continue
        const measured = all.get(participant.name) ?? { samples: new Map(), failures: [] }
        all.set(participant.name, measured)
        const start = performance.now()
        runProcess(participant, own, budget, measured)
        const seconds = ((performance.now() - start) / 1000).toFixed(1)
        console.error(`round ${round + 1}: ${participant.name}, ${own[0].split(',')[0]} and alike: ${seconds} s`)
      }
  return all
}

function does(participant: Participant, task: string): boolean {
  const [kind, ...numbers] = task.split(',')
  return participant.does(kind, numbers.map(Number))
}

function runProcess(participant: Participant, tasks: readonly string[], budget: number, measured: Measured): void {
  const [command, ...args] = participant.command
  const { status, signal, stdout, stderr } = spawnSync(command, [...args, String(budget), ...tasks], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: environment(participant.env),
  })
  for (const line of stdout.split('\n').filter((line) => line.startsWith('{'))) keep(JSON.parse(line), measured)
  if (status !== 0) {
    const reason =
      stderr
        .trim()
        .split('\n')
        .findLast((line) => line.includes('rror')) ??
      signal ??
      `exit code ${status}`
    measured.failures.push(`${tasks[0]} and on: ${reason}`)
  }
}

function keep(answer: { case: string; samples: number[]; result: number[] }, { samples, failures }: Measured): void {
  const [kind, ...numbers] = answer.case.split(',')
  const wrong =
    median(answer.samples) > 0
      ? wrongResult(kind, numbers.map(Number), answer.result)
      : 'expected a time above 0: the machine is too busy to measure'
  if (wrong) failures.push(`${answer.case}: ${wrong}`)
  else samples.set(answer.case, [...(samples.get(answer.case) ?? []), answer.samples])
}
