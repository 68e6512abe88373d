/** How far a sample's standard deviation lies from the wanted one, in standard errors. */

import { moments } from '../index'
import { short } from '../report/number-text'

// below this many values their own kurtosis says less than the normal's
const ENOUGH = 100
const NORMAL_KURTOSIS = 3

/** Standard error of the standard deviation of n independent values: sigma sqrt((kurtosis - 1)/(4 n)). */
export function standardError(values: Float32Array, sigma: number): number {
  return sigma * Math.sqrt((kurtosis(values) - 1) / (4 * values.length))
}

/** ', 0.5 standard errors of 0.00098 away'; nothing where the wanted is 0. */
export function sampleCheck(values: Float32Array, wantedStd: number): string {
  const error = standardError(values, wantedStd)
  if (!(error > 0)) return ''
  const away = Math.abs(moments(values).std - wantedStd) / error
  return `, ${away.toFixed(1)} standard errors of ${short(error)} away`
}

function kurtosis(values: Float32Array): number {
  if (values.length < ENOUGH) return NORMAL_KURTOSIS
  const { mean, std } = moments(values)
  if (std === 0) return NORMAL_KURTOSIS
  let sum = 0
  for (const value of values) sum += ((value - mean) / std) ** 4
  return sum / values.length
}
