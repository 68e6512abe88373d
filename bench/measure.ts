import { OURS, type Participant } from './participants'
import { Servant } from './servant'
import { bestProbe, parsed, quiet, taskFor, type Visit, visitWork } from './visit'
import type { Work } from './works'

export interface Measured {
  visits: Map<Work, Visit[]>
  /** Who, at what, and what went wrong: a process that failed, or a result that is not right: its times are thrown away. */
  failures: string[]
}

export interface Effort {
  /** Seconds of sampling in one visit. */
  budget: number
  /** Quiet visits to each work in a round; twice as many of all at most. */
  visits: number
  /** Rounds, each with processes of its own. */
  rounds: number
}

/** Kinds that share processes; what is measured of a fresh process is asked for once. */
const GROUPS: readonly Group[] = [
  { kinds: ['product', 'matmul'] },
  { kinds: ['normal', 'normalCall', 'uniform'] },
  { kinds: ['relu', 'moments'] },
  { kinds: ['headline'] },
  { kinds: ['experiment', 'seeds'] },
  { kinds: ['orthogonal'] },
  { kinds: ['training'] },
  { kinds: ['memory'], fresh: true },
  { kinds: ['start'], fresh: true },
  { kinds: ['size'], fresh: true },
]

interface Group {
  kinds: readonly string[]
  fresh?: boolean
}

/** Seconds a round that somebody may take for a work, in budgets of a visit. */
const MOST_BUDGETS = 20

/** Measures all works, so that a machine that drifts drifts for all: everybody's turn at a work comes within seconds. */
export async function measureAll(
  participants: readonly Participant[],
  works: readonly Work[],
  effort: Effort,
): Promise<Measured> {
  const measured: Measured = { visits: new Map(), failures: [] }
  for (let round = 0; round < effort.rounds; round++)
    for (const group of GROUPS) {
      const own = works.filter(({ task }) => group.kinds.includes(parsed(task)[0]))
      if (own.length === 0) continue
      const start = performance.now()
      await visitGroup(participants, own, group, round, effort, measured)
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      console.error(`round ${round + 1} of ${effort.rounds}: ${group.kinds.join(', ')}: ${seconds} s`)
    }
  return measured
}

async function visitGroup(
  participants: readonly Participant[],
  works: readonly Work[],
  { kinds, fresh }: Group,
  round: number,
  { budget, visits: wanted }: Effort,
  { visits, failures }: Measured,
): Promise<void> {
  const servants = () =>
    participants
      .filter((one) => works.some((work) => does(one, work)))
      .map((one) => new Servant(one, [String(budget), kinds[0]]))
  const probe = new Servant(participants.find(({ name }) => name === OURS)!, [String(budget / 4), 'probe'])
  const most = fresh ? 1 : wanted
  let crew = servants()
  for (let turn = 0; turn < 2 * most; turn++)
    for (const work of works) {
      const best = bestProbe([...visits.values()].flat())
      const before = visits.get(work) ?? []
      const own = before.filter((visit) => visit.round === round)
      if (quiet(own, best).length >= most) continue
      const able = crew.filter((one) => does(one.participant, work) && one.secondsOf(work) < MOST_BUDGETS * budget)
      const visit = await visitWork(able, probe, work, round, failures)
      if (visit) visits.set(work, [...before, visit])
      if (!fresh) continue
      for (const servant of crew) servant.stop()
      crew = servants()
    }
  for (const servant of [...crew, probe]) servant.stop()
}

function does(participant: Participant, work: Work): boolean {
  return participant.does(...parsed(taskFor(participant, work)))
}
