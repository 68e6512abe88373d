/** `evenkeel init --plan`: all tensors of a plan, or one of them with the same bits. */

import { show } from '../check'
import { drawPlan, drawTensor, moments, type Plan, type PlannedTensor, planned } from '../index'
import { duplicateKey } from '../io/duplicate-keys'
import { malformed } from '../io/format-error'
import { plain, short } from '../report/number-text'
import { UsageError } from './exit-code'
import { asFloat32, type DrawnTensor, fileWriter } from './init-file'
import { type ReportFlags, report } from './init-report'
import { readBytes } from './input-file'
import { standardError } from './sample-check'
import type { Session } from './session'
import { terminal } from './terminal'
import { textTable } from './text-table'

export const PLAN_HELP = `
A plan is a JSON file: { "version": 1, "seed": 42, "tensors": [ ... ] }, each tensor with
  name, shape, init   as in { "name": "fc1.weight", "shape": [64, 128], "init": "he-normal" }
  layout, groups, transposed, stride, mode, gain, activation ...   as its initialization takes them
  dtype               f32 (default), f64, f16 or bf16: drawn in f32, rounded once
  stream              default: the name; a tensor's values depend on seed and stream alone
  role                residual, residual-out, readout or other, for "scaling"
  baseShape           its shape in the base model of muP, null for an axis that does not grow
and, beside the tensors, "dtype" for all of them and "scaling": { "rule": "gpt2", "layers": 12 },
{ "rule": "fixup", "branches": 16, "layersPerBranch": 2 } or { "rule": "mup" }.
A seed beyond 2^53 - 1 is written as digits in a string.`

export interface PlanFlags extends ReportFlags {
  plan: string
  tensor?: string
}

export function runPlan(flags: PlanFlags, session: Session): void {
  if (flags.values && flags.tensor === undefined)
    throw new UsageError('--values expected --tensor beside --plan: the values of one tensor')
  const plan = readPlan(flags.plan)
  const tensors = planned(plan)
  if (flags.tensor !== undefined) runTensor(plan, tensors, flags.tensor, flags, session)
  else runAll(plan, tensors, flags, session)
}

function runAll(plan: Plan, tensors: readonly PlannedTensor[], flags: PlanFlags, session: Session): void {
  const write = flags.out === undefined ? undefined : fileWriter(flags.out, tensors)
  const rows: Row[] = []
  const drawn: DrawnTensor[] = []
  for (const tensor of drawPlan(plan)) {
    rows.push(checked(tensor, tensor))
    if (write) drawn.push(tensor)
  }
  write?.(drawn)
  printAll(plan, rows, flags, session)
}

function runTensor(
  plan: Plan,
  tensors: readonly PlannedTensor[],
  name: string,
  flags: PlanFlags,
  session: Session,
): void {
  const wanted = tensors.filter((tensor) => tensor.name === name)
  const write = flags.out === undefined || wanted.length === 0 ? undefined : fileWriter(flags.out, wanted)
  const values = drawTensor(plan, name)
  const { shape, dtype, init, stream, stddev } = wanted[0]
  const tensor = { name, shape, dtype, values }
  write?.([tensor])
  const title = `${name}: ${init} weights of shape ${shape.join(' x ')}, ${dtype}, seed ${plan.seed}, stream ${show(stream)}`
  const facts = { name, shape, dtype, init, seed: plan.seed, stream }
  report({ tensor, title, wantedStd: stddev, facts }, flags, session)
}

interface Row {
  planned: PlannedTensor
  std: number
  mean: number
  /** Standard errors between found and wanted, undefined where the wanted is 0. */
  away: number | undefined
}

function checked(planned: PlannedTensor, tensor: DrawnTensor): Row {
  const values = asFloat32(tensor)
  const { std, mean } = moments(values)
  const error = standardError(values, planned.stddev)
  return { planned, std, mean, away: error > 0 ? Math.abs(std - planned.stddev) / error : undefined }
}

function printAll(plan: Plan, rows: readonly Row[], flags: PlanFlags, { host }: Session): void {
  const io = terminal(host, flags)
  if (flags.json) {
    const tensors = rows.map(({ planned: { name, shape, dtype, init, stream, stddev, width }, std, mean }) => ({
      name,
      shape,
      dtype,
      init,
      stream,
      wantedStd: stddev,
      std,
      mean,
      ...(width && { width }),
    }))
    io.print(JSON.stringify({ schemaVersion: 1, seed: plan.seed, tensors }))
    return
  }
  const values = rows.reduce((sum, { planned }) => sum + size(planned), 0)
  const title = `${rows.length} tensors, ${values} values, seed ${plan.seed}; away: standard errors between found and wanted sigma`
  const head = ['tensor', 'shape', 'dtype', 'init', 'wanted', 'found', 'away']
  const cells = rows.map(({ planned: { name, shape, dtype, init, stddev }, std, away }) => [
    name,
    shape.join(' x '),
    dtype,
    init,
    plain(stddev),
    plain(std),
    away === undefined ? '-' : short(away),
  ])
  io.print(textTable({ title, head, rows: cells }, io))
  io.say(flags.out === undefined ? 'Write them with --out model.safetensors.' : `The weights are in ${flags.out}.`)
}

function size({ shape }: PlannedTensor): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** The JSON of a plan file; what is in it is for the library to check. */
function readPlan(path: string): Plan {
  let text = ''
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readBytes(path))
    JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error
    return malformed(path, 'file', 'a plan as JSON in UTF-8', show(error.message))
  }
  const twice = duplicateKey(text)
  if (twice !== undefined) return malformed(path, 'plan', 'every key once', `${show(twice)} twice`)
  return JSON.parse(text)
}
