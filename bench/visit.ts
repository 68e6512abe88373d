import { wrongResult } from './check-result'
import { median } from './median'
import { OURS, type Participant } from './participants'
import type { Servant } from './servant'
import { CEILING, type Work } from './works'

/** One after the other, within seconds: the samples of everybody who did a work. */
export interface Visit {
  round: number
  /** Medians of the register-only loop, before and after the others. */
  probes: number[]
  ours: number[]
  /** Of the loop that bounds the work. */
  ceiling?: number[]
  peers: Record<string, number[]>
}

/** Least part of the register-only loop's best speed at which the processor counts as ours alone. */
const QUIET = 0.9

/** The visits in which nobody else had the core's other half: before and after them the register-only loop ran as it can. */
export function quiet(visits: readonly Visit[], best: number): Visit[] {
  return visits.filter(({ probes }) => Math.max(...probes) <= best / QUIET)
}

/** What is measured from: the quiet visits, or all where none was. */
export function calmest(visits: readonly Visit[], best: number): readonly Visit[] {
  const calm = quiet(visits, best)
  return calm.length > 0 ? calm : visits
}

/** Seconds of the register-only loop at its best. */
export function bestProbe(visits: readonly Visit[]): number {
  return Math.min(...visits.flatMap(({ probes }) => probes))
}

/** Asks everybody of a crew in turn; nothing where evenkeel itself has no right result. */
export async function visitWork(
  crew: readonly Servant[],
  probe: Servant,
  work: Work,
  round: number,
  failures: string[],
): Promise<Visit | undefined> {
  const asked = async (servant: Servant, task: string) => {
    const { name } = servant.participant
    const samples = await rightSamples(servant, task, work)
    if (typeof samples !== 'string') return samples
    failures.push(`${name}: ${task}: ${samples}`)
    return undefined
  }
  const us = crew.find(({ participant }) => participant.name === OURS)
  if (!us) return undefined
  const before = await asked(probe, CEILING.task)
  const bound = work.ceiling === undefined || work.ceiling === CEILING.task ? undefined : await asked(us, work.ceiling)
  const ours = await asked(us, work.task)
  const peers: Visit['peers'] = {}
  for (const servant of crew.filter((one) => one !== us)) {
    const samples = await asked(servant, taskFor(servant.participant, work))
    if (samples) peers[servant.participant.name] = samples
  }
  const after = await asked(probe, CEILING.task)
  if (!before || !ours || !after) return undefined
  const ceiling = work.ceiling === CEILING.task ? [...before, ...after] : bound
  return { round, probes: [median(before), median(after)], ours, ceiling, peers }
}

/** Samples of a right result, or what went wrong. */
async function rightSamples(servant: Servant, task: string, work: Work): Promise<number[] | string> {
  const answer = await servant.ask(task, work)
  if (typeof answer === 'string') return answer
  if (!(median(answer.samples) > 0)) return 'expected a time above 0: the machine is too busy to measure'
  const [kind, numbers] = parsed(task)
  return wrongResult(kind, numbers, answer.result) ?? answer.samples
}

/** What a participant is given of a work. */
export function taskFor({ name }: Participant, work: Work): string {
  return name === OURS ? work.task : (work.peersTask ?? work.task)
}

/** `kind,n,n,...` in its parts. */
export function parsed(task: string): [kind: string, numbers: number[]] {
  const [kind, ...numbers] = task.split(',')
  return [kind, numbers.map(Number)]
}
