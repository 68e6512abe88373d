import { createInterface } from 'node:readline'
import { sample, type Timing } from './timing'

/** What one case of work gives: seconds per operation (bytes for `memory`), and numbers that show its result is right. */
export interface Answer {
  samples: number[]
  result: number[]
}

/** Does one case of one kind of work: the numbers after the kind in `kind,n,n,...`. */
export type Worker = (numbers: number[], timing: Timing) => Promise<Answer>

/**
 * The life of one measured process: takes a budget in seconds from the command line and cases `kind,n,n,...` from stdin, a line each, and
 * prints one line of JSON a case. A native peer speaks the same protocol (peers/protocol.h, peers/protocol.py).
 */
export async function serve([budget]: readonly string[], workers: Record<string, Worker>): Promise<void> {
  for await (const work of createInterface({ input: process.stdin })) {
    const [kind, ...numbers] = work.split(',')
    const answer = await workers[kind](numbers.map(Number), { budget: Number(budget) })
    console.log(JSON.stringify({ case: work, ...answer }))
  }
}

/** Runs body once for its result, then times it. */
export async function checkedSample(
  body: () => unknown,
  result: () => number[] | Promise<number[]>,
  timing: Timing,
): Promise<Answer> {
  await body()
  return { result: await result(), samples: await sample(body, timing) }
}
