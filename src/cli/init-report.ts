/** One tensor as `init` prints it: the standard deviation wanted and found, and the values where they fit or are asked for. */

import { moments } from '../index'
import { writeCsv } from '../io/csv'
import { plain, short } from '../report/number-text'
import { asFloat32, type DrawnTensor } from './init-file'
import { matrixText } from './matrix-text'
import { sampleCheck } from './sample-check'
import type { Session } from './session'
import { type GlobalFlags, terminal } from './terminal'

export interface ReportFlags extends GlobalFlags {
  out?: string
  values?: boolean
}

/** A tensor and what is said of it. */
export interface Reported {
  tensor: DrawnTensor
  /** 'he-normal weights of shape 3 x 4, seed 1'. */
  title: string
  wantedStd: number
  /** For --json, before the numbers found. */
  facts: object
}

export function report({ tensor, title, wantedStd, facts }: Reported, flags: ReportFlags, { host }: Session): void {
  const io = terminal(host, flags)
  const values = asFloat32(tensor)
  const { mean, std } = moments(values)
  if (flags.json) {
    const all = flags.values ? { values: Array.from(values) } : {}
    io.print(JSON.stringify({ ...facts, wantedStd, std, mean, ...all }))
    return
  }
  const check = [
    title,
    `wanted sigma = ${plain(wantedStd)}`,
    `found  sigma = ${plain(std)}${sampleCheck(values, wantedStd)}`,
    `mean = ${short(mean, 4)}`,
  ].join('\n')
  if (flags.values) {
    io.say(check)
    host.stdout.write(writeCsv(tensor.shape, values))
    return
  }
  io.print(check)
  const matrix = matrixText(tensor.shape, values, io.columns)
  if (matrix !== undefined) io.print(`\n${matrix}`)
  else if (flags.out === undefined)
    io.say(`${values.length} values are too many to show: write them with --out w.npy, or print all with --values.`)
  if (flags.out !== undefined) io.say(`The weights are in ${flags.out}.`)
}
