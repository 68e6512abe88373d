import type { NetworkDocument } from '../networks/document'
import type { LossName } from './loss'
import type { LsuvLayer } from './lsuv'
import type { OptimizerName } from './optimizer'

/** What a race found. Plain data; losses that are not finite are null. */
export interface Race {
  schemaVersion: 1
  /** Null for a race of one's own making. */
  preset: string | null
  config: RaceConfig
  /** In the order in which the initializations were named. */
  runs: RaceRun[]
  verdict: {
    /** Whether every initialization trains at some rate, some do, or none does. */
    code: 'all-train' | 'some-train' | 'none-trains'
    text: string
  }
}

/** The race as it was run, every default filled in. */
export interface RaceConfig {
  /** [features, width, ..., outputs]; of a network document the values of one sample before and after each layer. */
  widths: number[]
  depth: number
  /** Null for a network document, whose layers have their own. */
  activation: string | null
  /** The document; null for a chain by depth and width. */
  network: NetworkDocument | null
  /** The document's layers in the order of the signals, those of a residual branch before the residual; null for a chain. */
  layers: { path: string; kind: string }[] | null
  loss: LossName
  optimizer: OptimizerName
  /** Of SGD; 0 with Adam. */
  momentum: number
  batch: number
  steps: number
  /** 'spirals', 'teacher-student' or 'own', and how many samples. */
  data: string
  samples: number
  seed: number | string
  seeds: number
  /** A rate trains when its accuracy is at least this. */
  threshold: number
  /** What stepsToLoss counts up to. */
  targetLoss: number
}

/** One initialization at every rate. */
export interface RaceRun {
  init: string
  bestAccuracy: number
  /** The rate of the best accuracy, the lowest of equals. */
  bestRate: number
  /** The widest unbroken stretch of the swept rates that train; null and 0 where none does. */
  window: { lowest: number | null; highest: number | null; decades: number }
  /** How many rates train. */
  trains: number
  /** The fewest steps to the target loss over the rates, null where none gets there. */
  stepsToLoss: number | null
  /** Mean of h^2 in each layer before training (of a document of each layer's output), over all samples, of the last layer z^2; over seeds as exp(mean(log)); null where not finite. */
  signalBefore: (number | null)[]
  /** Mean of (dL/dz)^2 in each layer before training (of a document by each layer's output), over all samples, L the loss of one sample; over seeds as exp(mean(log)). */
  gradientBefore: (number | null)[]
  /** What LSUV did to each layer of the first seed's network; null without it. */
  lsuv: LsuvLayer[] | null
  /** In ascending order. */
  rates: RaceRate[]
}

/** One initialization at one learning rate, over all seeds. */
export interface RaceRate {
  lr: number
  /** Share of all samples whose label has the largest output, after training; with 'mean-square' 1 - loss/variance of the targets, at least 0. Mean over seeds. */
  accuracy: number
  /** Each seed's own. */
  accuracies: number[]
  /** Seeds whose loss ceased to be finite; their accuracy is 0. */
  diverged: number
  /** The first step whose mean loss over the last 10 steps is at most the target, null where none is. */
  stepsToLoss: number | null
  /** As signalBefore; null where a seed diverged. */
  signalAfter: (number | null)[] | null
  /** As gradientBefore; null where a seed diverged. */
  gradientAfter: (number | null)[] | null
  /** The loss of each step's batch before the step; mean over seeds. */
  losses: (number | null)[]
}
