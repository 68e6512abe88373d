/** Trends of ways that theory may have no formula for: the seeds alone say then how surely. */

import type { Band } from '../network/result'
import { short } from './number-text'
import { direction, type Place, type Trend, trend } from './trend'

/** What the seeds alone say of a way that theory has no formula for. */
export interface Confidence {
  /** Of what is left at its end. */
  left: Band | null
  /** Half of the 95 % interval of ln of the change over the deeper half. */
  reach: number
}

export interface MeasuredTrend extends Trend {
  /** The seeds' 95 % confidence of what is left; null with one. */
  leftInterval: Band | null
}

/** `from` and `to` are the places that bound the deeper half. */
export function measuredTrend(
  way: readonly Place[],
  from: number,
  to: number,
  seeds: number,
  { left, reach }: Confidence,
): MeasuredTrend {
  const own = trend(way, from, to, seeds)
  const found = { ...own, leftInterval: left, range: leftRange(own.leftBand, left) }
  if (!Number.isNaN(found.expectedLeft)) return found
  return { ...found, direction: direction(way[to].measured - way[from].measured, reach) }
}

/** Where theory's band is unknown, the seeds' own interval. */
function leftRange(leftBand: Band, leftInterval: Band | null): string {
  const range = (band: Band) => band.map((value) => short(value)).join(' to ')
  if (!leftBand.some(Number.isNaN)) return `95 % of such networks: ${range(leftBand)}`
  return leftInterval ? `theory has no band: 95 % confidence ${range(leftInterval)}` : 'theory has no band: one seed'
}
