/** What one experiment returns: plain numbers, ready for JSON, for a table and for a chart. */

/** A stretch [low, high]. */
export type Band = readonly [number, number]

/** One number per layer beside its theory; moments are averaged over seeds as exp(mean(log)). */
export interface LayerResult {
  /** 1 for the first layer. */
  layer: number
  fanIn: number
  fanOut: number
  forward: {
    /** Mean over batch and units of h^2, after the activation; geometric mean over seeds. */
    secondMoment: number
    /** Standard deviation over seeds of ln secondMoment; 0 with one seed. */
    logStd: number
    /** Mean of h over batch, units and seeds. */
    mean: number
    /** Standard deviation of h over batch and units: sqrt(E h^2 - (E h)^2), averaged over seeds. */
    std: number
    /** Share of activations that are exactly 0. */
    zeroFraction: number
    /** Share of units that are 0 on every sample of the batch. */
    deadFraction: number
    /**
     * Share of activations at or beyond an end of a bounded activation, where |f'| is at most 1 - 0.97^2 = 0.0591 of its largest: |h| >= 0.97
     * of tanh, h outside [0.015, 0.985] of sigmoid, |h| = 1 of hardtanh, 0 and 6 of relu6; null for an activation without two such ends.
     */
    saturatedFraction: number | null
    /** Mean over pairs of samples of the cosine between their activations; null with one sample. */
    cosine: number | null
    /** Counts by binary exponent over all seeds: counts[i] is the number of h with 2^(low+i) <= |h| < 2^(low+i+1); zeros are in none. */
    histogram: { low: number; counts: number[] }
  }
  backward: {
    /** Mean over batch and units of (dL/dz)^2, z before the activation; geometric mean over seeds. */
    secondMoment: number
    logStd: number
    /** Frobenius norm of dL/dW, summed over the batch; geometric mean over seeds. */
    weightGradNorm: number
  } | null
  theory: {
    /** `band` holds 95 % of the seeds' second moments at this width and batch. */
    forward: { secondMoment: number; cosine: number | null; saturatedFraction: number | null; band: Band }
    backward: { secondMoment: number; weightGradNorm: number; band: Band }
  }
  /** How the seeds scatter, and how far theory is. */
  statistics: { forward: SeedStatistics; backward: SeedStatistics | null }
  /** How large the gradient is beside the weights; null where nothing was sent back. */
  ratios: WeightRatios | null
}

/** Frobenius norms over that of the weights, sqrt(fanIn fanOut Var w) by the initializer's law; null where the weights are all 0. */
export interface WeightRatios {
  /** |dL/dW| : |W|, L the probe loss summed over the batch; geometric mean over seeds. */
  gradient: number | null
  /** learningRate |dL/dW| : |W|, the first step of plain SGD on the probe loss; null without a learning rate. */
  update: number | null
}

/** The second moments of one layer over the seeds. */
export interface SeedStatistics {
  /** 95 % confidence interval of the geometric mean, by Student's t on the logarithms; null with one seed, or where one is 0 or not finite. */
  interval: Band | null
  median: number
  /** The seeds' own 2.5 % and 97.5 % quantiles, linear between them. */
  band: Band
  /** Standard errors, of theory's spread, from theory's mean of ln at this width and batch; null where either is not finite. */
  z: number | null
}

/** Each seed's own second moments, one number per layer. */
export interface SeedResult {
  seed: number | string
  forwardSecondMoment: number[]
  backwardSecondMoment: number[]
}

/** What the experiment says in words. */
export interface Verdict {
  /** 'stable', 'forward-vanishing', 'forward-exploding', ... : for programs. */
  code: string
  /** One sentence: what happens and why. */
  text: string
  /** One sentence: what to change; empty when nothing needs changing. */
  fix: string
}

/** The experiment as it was run, every default filled in. */
export interface ExperimentConfig {
  init: string
  activation: string
  /** [features, layer 1, ..., layer L]. */
  widths: number[]
  depth: number
  batch: number
  /** Standard deviation of the Gaussian biases; 0 means none. */
  bias: number
  /** Where the batch came from: 'normal' or the name of a file. */
  input: string
  /** Mean of x^2 over the batch, geometric mean over seeds. */
  inputSecondMoment: number
  /** Mean cosine between samples of the batch, or null with one sample. */
  inputCosine: number | null
  seed: number | string
  seeds: number
  backward: boolean
  /** 'weights' drew every weight; 'law' integrated Gaussian weights out, exactly. */
  engine: 'weights' | 'law'
  /** Present where the signal was left as float32 has it, and not brought back near 1 by powers of two. */
  rescale?: false
  /** The rate of the step that updateRatio is of, where one was given. */
  learningRate?: number
}

/** One experiment: the configuration, one row per layer, each seed's moments, and the verdict. */
export interface Experiment {
  schemaVersion: 1
  config: ExperimentConfig
  layers: LayerResult[]
  seeds: SeedResult[]
  /** Present where probes were asked for. */
  jacobian?: JacobianResult
  verdict: Verdict
}

/** A mean and its standard error: over seeds, or over the probes of a single one; null with a single number. */
export interface Estimate {
  value: number
  standardError: number | null
}

/** The spectrum of J J^T, J = dh_L/dx of the batch's first sample, n = its rows. */
export interface JacobianResult {
  /** Directions a seed; 0 where the Jacobian was formed. */
  probes: number
  /** tr J J^T / n. */
  m1: Estimate
  /** tr (J J^T)^2 / n. */
  m2: Estimate
  /** m2/m1^2 of the two values: 1 for an isometry. */
  spread: number
  /**
   * At infinite width, for equal layers of a homogeneous activation, and of other documents m1 alone where their second moments have a theory; null for
   * any other network.
   */
  theory: { m1: number; spread: number | null } | null
  /** Columns and rows of J. */
  inputs: number
  outputs: number
  /** Of J, descending, a list a seed; present where the Jacobian was formed. */
  singularValues?: number[][]
}
