import { wrongKind } from '../check'
import type { Experiment } from '../network/result'

const EXPECTED = 'an experiment as propagate() returns it'

// Trap: every() passes over the holes of an array, which is why copies without holes are looked at.

/** The layers of an experiment that a caller hands back: at least one, each with its signal and theory. @throws TypeError */
export function givenLayers(where: string, argument: string, value: unknown): Experiment['layers'] {
  const { layers } = record(where, argument, value) as unknown as Experiment
  const whole =
    Array.isArray(layers) &&
    layers.length > 0 &&
    Array.from(layers).every((layer) => isRecord(layer?.forward) && isRecord(layer.theory))
  return whole ? layers : wrongKind(where, `${argument}.layers`, EXPECTED, layers)
}

/** An experiment that a caller hands back, as far as its configuration and its seeds go. @throws TypeError */
export function givenExperiment(where: string, argument: string, value: unknown): Experiment {
  const { config, seeds } = record(where, argument, value) as unknown as Experiment
  if (!isRecord(config)) wrongKind(where, `${argument}.config`, EXPECTED, config)
  const layers = givenLayers(where, argument, value)
  const moments = (list: unknown, len: number) =>
    Array.isArray(list) && list.length === len && Array.from(list).every((moment) => typeof moment === 'number')
  const whole =
    Array.isArray(seeds) &&
    seeds.length > 0 &&
    Array.from(seeds).every(
      (seed) =>
        moments(seed?.forwardSecondMoment, layers.length) &&
        moments(seed.backwardSecondMoment, config.backward ? layers.length : 0),
    )
  return whole ? (value as Experiment) : wrongKind(where, `${argument}.seeds`, EXPECTED, seeds)
}

function record(where: string, argument: string, value: unknown): object {
  return isRecord(value) ? value : wrongKind(where, argument, EXPECTED, value)
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
