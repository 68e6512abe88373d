/** The standard deviations of Xavier and He that teaching notes show. */

import { initStd } from '../index'
import type { Table } from '../report/table'

/** The fan-ins of the table. */
export const FAN_INS = [4, 16, 64, 256]

export interface Deviations {
  fanIn: number
  xavierSimple: number
  heNormal: number
  ratio: number
}

export function standardDeviations(fanIn: number): Deviations {
  const xavierSimple = initStd('xavier-simple', [1, fanIn])
  const heNormal = initStd('he-normal', [1, fanIn])
  return { fanIn, xavierSimple, heNormal, ratio: heNormal / xavierSimple }
}

export function deviationTable(rows: readonly Deviations[]): Table {
  return {
    title: 'Standard deviation of the weights of a layer',
    head: ['fan_in', 'Xavier 1/sqrt(fan_in)', 'He sqrt(2/fan_in)', 'He/Xavier'],
    rows: rows.map(({ fanIn, xavierSimple, heNormal, ratio }) => [
      String(fanIn),
      xavierSimple.toPrecision(3),
      heNormal.toPrecision(3),
      ratio.toFixed(3),
    ]),
  }
}
