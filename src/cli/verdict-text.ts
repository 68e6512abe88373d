/** A verdict on the terminal. */

import { type Experiment, type SeedsNeeded, seedsFor } from '../index'
import type { Reported } from '../report/html'
import { wrap } from './line-wrap'
import type { Style, Terminal } from './terminal'

const INDENT = '  '

/** 'he-normal: stable', and below it what happens and what to change. */
export function verdictText({ config, verdict }: Reported, terminal: Terminal): string {
  const style: Style = verdict.code === 'stable' ? 'green' : 'red'
  const head = `${terminal.style('bold', config.init)}: ${terminal.style(style, verdict.code)}`
  const body = [verdict.text, verdict.fix && `Fix: ${verdict.fix}`].filter(Boolean)
  return [
    head,
    ...body.flatMap((text) => wrap(text, terminal.columns - INDENT.length).map((line) => INDENT + line)),
  ].join('\n')
}

/** How many seeds bring the last layer's geometric mean to 10 %. */
export function seedsText(experiment: Experiment): string {
  return neededText(experiment.config.init, seedsFor(experiment))
}

/** The same of any network. */
export function neededText(init: string, { theory, measured }: SeedsNeeded): string {
  const counts = [theory && `${theory} by theory's spread`, measured && `${measured} by the measured one`].filter(
    Boolean,
  )
  return `${init}: a standard error of 10 % after the last layer takes, in seeds, ${counts.join(', ')}.`
}
