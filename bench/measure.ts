import { wrongResult } from './check-result'
import { median } from './median'
import { OURS, type Participant } from './participants'
import { Servant } from './servant'
import type { Work } from './works'

/** One after the other, within seconds: the samples of everybody who did a work. */
export interface Visit {
  round: number
  ours: number[]
  /** Of the loop that bounds the work, by evenkeel's process. */
  ceiling?: number[]
  peers: Record<string, number[]>
}

export interface Measured {
  visits: Map<Work, Visit[]>
  /** Who, at what, and what went wrong: a process that failed, or a result that is not right: its times are thrown away. */
  failures: string[]
}

export interface Effort {
  /** Seconds of sampling in one visit. */
  budget: number
  /** Visits to each work in a round. */
  visits: number
  /** Rounds, each with processes of its own. */
  rounds: number
}

/** Kinds that share processes; what is measured of a fresh process is asked for once. */
const GROUPS: readonly { kinds: readonly string[]; fresh?: boolean }[] = [
  { kinds: ['multiplyAdd', 'product', 'matmul'] },
  { kinds: ['normal', 'normalCall', 'uniform'] },
  { kinds: ['relu', 'moments'] },
  { kinds: ['headline'] },
  { kinds: ['experiment'] },
  { kinds: ['orthogonal'] },
  { kinds: ['training'] },
  { kinds: ['memory'], fresh: true },
  { kinds: ['start'], fresh: true },
  { kinds: ['size'], fresh: true },
]

/** A work that took somebody this many budgets of a visit is not asked of them again in the round. */
const MOST_BUDGETS = 20

/** Measures all works, so that a machine that drifts drifts for all: everybody's turn at a work comes within seconds. */
export async function measureAll(
  participants: readonly Participant[],
  works: readonly Work[],
  effort: Effort,
): Promise<Measured> {
  const measured: Measured = { visits: new Map(), failures: [] }
  for (let round = 0; round < effort.rounds; round++)
    for (const { kinds, fresh } of GROUPS) {
      const own = works.filter(({ task }) => kinds.includes(kindOf(task)))
      if (own.length === 0) continue
      const start = performance.now()
      await visitGroup(participants, own, kinds[0], round, fresh ? { ...effort, visits: 1 } : effort, measured)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      console.error(`round ${round + 1} of ${effort.rounds}: ${kinds.join(', ')}: ${seconds} s`)
    }
  return measured
}

async function visitGroup(
  participants: readonly Participant[],
  works: readonly Work[],
  group: string,
  round: number,
  { budget, visits }: Effort,
  measured: Measured,
): Promise<void> {
  const crew = participants
    .filter((one) => works.some((work) => does(one, taskFor(one, work))))
    .map((one) => new Servant(one, [String(budget), group]))
  const spent = new Map<string, number>()
  try {
    for (let i = 0; i < visits; i++)
      for (const work of works) {
        const left = crew.filter(({ participant }) => {
          const key = `${participant.name} ${work.task}`
          return does(participant, taskFor(participant, work)) && !((spent.get(key) ?? 0) > MOST_BUDGETS * budget)
        })
        const visit = await visitWork(left, work, round, measured.failures, spent)
        if (visit) measured.visits.set(work, [...(measured.visits.get(work) ?? []), visit])
      }
  } finally {
    for (const servant of crew) servant.stop()
  }
}

/** Nothing where evenkeel itself has no right result. */
async function visitWork(
  crew: readonly Servant[],
  work: Work,
  round: number,
  failures: string[],
  spent: Map<string, number>,
): Promise<Visit | undefined> {
  const asked = async (servant: Servant, task: string) => {
    const { name } = servant.participant
    const start = performance.now()
    const answer = await servant.ask(task)
    spent.set(`${name} ${work.task}`, (spent.get(`${name} ${work.task}`) ?? 0) + (performance.now() - start) / 1000)
    if (typeof answer === 'string') {
      failures.push(`${name}: ${task}: ${answer}`)
      return undefined
    }
    const wrong =
      median(answer.samples) > 0
        ? wrongResult(kindOf(task), numbersOf(task), answer.result)
        : 'expected a time above 0: the machine is too busy to measure'
    if (wrong) failures.push(`${name}: ${task}: ${wrong}`)
    return wrong ? undefined : answer.samples
  }
  const us = crew.find(({ participant }) => participant.name === OURS)
  if (!us) return undefined
  const ceiling = work.ceiling === undefined ? undefined : await asked(us, work.ceiling)
  const ours = await asked(us, work.task)
  if (!ours) return undefined
  const peers: Visit['peers'] = {}
  for (const servant of crew)
    if (servant !== us) {
      const samples = await asked(servant, taskFor(servant.participant, work))
      if (samples) peers[servant.participant.name] = samples
    }
  return { round, ours, ceiling, peers }
}

function taskFor({ name }: Participant, work: Work): string {
  return name === OURS ? work.task : (work.peersTask ?? work.task)
}

function does(participant: Participant, task: string): boolean {
  return participant.does(kindOf(task), numbersOf(task))
}

function kindOf(task: string): string {
  return task.split(',')[0]
}

function numbersOf(task: string): number[] {
  return task.split(',').slice(1).map(Number)
}
