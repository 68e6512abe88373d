import { type Measurement, measure } from '../network/measure'
import type { Experiment, LayerResult, WeightRatios } from '../network/result'
import type { NetworkOptions } from '../network/spec'
import { predictDense } from '../theory/predict-dense'
import { denseJacobian } from './jacobian-result'
import { seedStatistics } from './seed-statistics'
import { verdict } from './verdict'
import { weightRatios } from './weight-ratios'

/**
 * Sends a batch through a deep dense network under each seed, and lays theory beside what is measured.
 * z_l = W_l h_(l-1) + b_l, h_l = f(z_l), layers 1 .. depth, widths [features, units of layer 1, ...]; weights `layers.L.weight`
 * (fanOut x fanIn) are those that the initializer of the same name draws for that seed and stream, unless the engine 'law' integrates
 * them out: then the numbers are of the same distribution. With `backward`, a probe gradient of independent standard normals at z_depth
 * goes back.
 * Returns plain data. The same options give the same bits on every engine.
 * @throws TypeError or RangeError naming the option, OutOfMemoryError
 */
export function propagate(options: NetworkOptions): Experiment {
  return experimentOf(options, measure('propagate', options))
}

/** Theory and a verdict beside what was measured, on this thread or on others. */
export function experimentOf(options: NetworkOptions, measurement: Measurement): Experiment {
  const { config, seeds } = measurement
  const measured = { schemaVersion: 1 as const, config, layers: besideTheory(measurement, options), seeds }
  const probed = measurement.jacobian.length > 0 ? { jacobian: denseJacobian(measurement) } : {}
  return { ...measured, ...probed, verdict: verdict(measured) }
}

function besideTheory({ config, layers, seeds, weightVariances }: Measurement, options: NetworkOptions): LayerResult[] {
  const theory = predictDense({
    widths: config.widths,
    weightVariances,
    biasVariance: config.bias * config.bias,
    activation: options.activation ?? 'relu',
    inputSecondMoment: config.inputSecondMoment,
    inputCosine: config.inputCosine,
    batch: config.batch,
  })
  return layers.map((layer, i) => {
    const [forward, backward] = [theory.forward[i], theory.backward[i]]
    const values = (way: 'forwardSecondMoment' | 'backwardSecondMoment') => seeds.map((seed) => seed[way][i])
    return {
      ...layer,
      theory: { forward, backward },
      statistics: {
        forward: seedStatistics(values('forwardSecondMoment'), forward.band),
        backward: layer.backward && seedStatistics(values('backwardSecondMoment'), backward.band),
      },
      ratios: ratiosOf(layer, weightVariances[i], config.learningRate),
    }
  })
}

function ratiosOf(
  { fanIn, fanOut, backward }: Measurement['layers'][number],
  variance: number,
  rate: number | undefined,
): WeightRatios | null {
  return backward && weightRatios(backward.weightGradNorm, fanIn * fanOut * variance, rate)
}
