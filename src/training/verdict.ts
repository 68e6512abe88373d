import type { Race, RaceRate, RaceRun } from './result'

/** Who trains, at which rates, and how well, in words. */
export function raceVerdict(runs: readonly RaceRun[], threshold: number): Race['verdict'] {
  const trained = runs.filter(({ trains }) => trains > 0).length
  const code = trained === runs.length ? 'all-train' : trained > 0 ? 'some-train' : 'none-trains'
  return { code, text: `${runs.map((run) => `${run.init} ${runVerdict(run, threshold)}`).join('. ')}.` }
}

/** Whether one run trains and where: what follows its name. */
export function runVerdict({ trains, rates, window, bestAccuracy, bestRate }: RaceRun, threshold: number): string {
  if (rates.every(hasDiverged)) return `diverges at ${rates.length === 1 ? bestRate : `all ${rates.length} rates`}`
  const accuracy = bestAccuracy.toFixed(3)
  if (rates.length === 1)
    return trains > 0
      ? `trains at ${bestRate}, accuracy ${accuracy}`
      : `does not train at ${bestRate}: its accuracy is ${accuracy}, below ${threshold}`
  const best = `${accuracy} at ${bestRate}`
  if (trains === 0) return `trains at none of ${rates.length} rates: its best accuracy is ${best}, below ${threshold}`
  const where =
    window.lowest === window.highest ? `${window.lowest}` : `${window.lowest} to ${window.highest} without a gap`
  return `trains at ${trains} of ${rates.length} rates (${where}), best accuracy ${best}`
}

/** Whether no seed came to the end: there is no accuracy then. */
export function hasDiverged({ diverged, accuracies }: RaceRate): boolean {
  return diverged === accuracies.length
}
