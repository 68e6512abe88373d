import type { Parametrization } from './coord-spec'
import type { LossName } from './loss'
import type { OptimizerName } from './optimizer'

/** What a layer's weights do: take the features, join two layers that both grow with the width, or give the outputs. */
export type LayerRole = 'input' | 'hidden' | 'readout'

/** What a width-stability check found. Plain data. */
export interface CoordCheck {
  schemaVersion: 1
  config: CoordConfig
  /** One for each step and layer, steps ascending. */
  rows: CoordRow[]
  verdict: CoordVerdict
}

/** What the check says in words. */
export interface CoordVerdict {
  /** Whether every layer keeps its size, or some layer grows or shrinks with the width beyond what is expected. */
  code: 'width-stable' | 'grows-with-width' | 'shrinks-with-width'
  text: string
  /** What to change; empty when nothing needs changing. */
  fix: string
}

/** The check as it was run, every default filled in. */
export interface CoordConfig {
  parametrization: Parametrization
  /** Ascending. */
  widths: number[]
  /** Where muP is the standard parametrization. */
  baseWidth: number
  features: number
  outputs: number
  hiddenLayers: number
  activation: string
  init: string
  optimizer: OptimizerName
  momentum: number
  rate: number
  loss: LossName
  data: string
  batch: number
  steps: number
  seed: number | string
  seeds: number
}

/** One layer at one step: its size over the widths, and the slope of it. */
export interface CoordRow {
  /** 1: before any update; t: after t - 1 updates. */
  step: number
  /** 1 for the first. */
  layer: number
  role: LayerRole
  /** Mean of |z| over batch and units at each width, over seeds as exp(mean(log)); 0 where a seed's is, null where one is not finite. */
  sizes: (number | null)[]
  /** d log2 mean|z| / d log2 width, least squares for each seed, mean over seeds; null where a size is null or 0. */
  slope: number | null
  /** 95 % of Student's t over the seeds; null where the slope is. */
  interval: readonly [number, number] | null
  /** Where theory has the slope: exactly, or between two ends; null where it has no bound. */
  expected: readonly [number, number | null]
  /** 'flat' within 0.1 of 0; 'expected' where it is not flat and should not be; else what it does with the width. */
  finding: 'flat' | 'expected' | 'grows' | 'shrinks'
}
