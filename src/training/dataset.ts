import { integer, oneOf, options, wrongKind, wrongValue } from '../check'
import type { Batch } from '../network/spec'
import type { LossName } from './loss'
import { type Spirals, spirals } from './spirals'
import { type TeacherStudent, teacherStudent } from './teacher-student'

/** What a network learns: samples x features, and a label or a row of targets for each sample. */
export interface Dataset {
  /** Row-major. */
  features: Float32Array
  rows: number
  columns: number
  targets:
    | { kind: 'labels'; labels: Int32Array; classes: number }
    | { kind: 'values'; values: Float32Array; outputs: number }
}

/** Data of the user's own: `targets` has one row a sample; for softmax-cross-entropy one column, labels 0, 1, ... */
export interface OwnData {
  kind: 'own'
  features: Batch
  targets: Batch
}

/** A task by its generator, or data of one's own. */
export type DataOptions = Spirals | TeacherStudent | OwnData
const KINDS = ['spirals', 'teacher-student', 'own'] as const satisfies readonly DataOptions['kind'][]

const MAX_CLASSES = 1 << 16

/** Units of the last layer. */
export function outputsOf({ targets }: Dataset): number {
  return targets.kind === 'labels' ? targets.classes : targets.outputs
}

/** The loss that fits what a task has when none is named. */
export function usualLoss(data: DataOptions | null): LossName {
  return data?.kind === 'teacher-student' ? 'mean-square' : 'softmax-cross-entropy'
}

/** The samples of a task. @throws TypeError or RangeError naming the option */
export function dataset(where: string, given: unknown, loss: LossName): Dataset {
  if (typeof given !== 'object' || given === null) wrongKind(where, 'data', 'an object with a kind', given)
  const kind = oneOf(where, 'data.kind', (given as { kind?: unknown }).kind, KINDS)
  const made =
    kind === 'spirals'
      ? spirals(where, given)
      : kind === 'teacher-student'
        ? teacherStudent(where, given)
        : own(where, given, loss)
  const wanted = made.targets.kind === 'labels' ? 'softmax-cross-entropy' : 'mean-square'
  if (loss !== wanted) wrongValue(where, 'loss', `'${wanted}' for data of kind '${kind}'`, loss)
  return made
}

function own(where: string, given: object, loss: LossName): Dataset {
  const { features, targets } = options<OwnData>(`${where}: data`, given, ['kind', 'features', 'targets'])
  const x = checkedTable(where, 'data.features', features)
  const y = checkedTable(where, 'data.targets', targets)
  if (y.rows !== x.rows) wrongValue(where, 'data.targets.rows', `${x.rows}, one for each row of features`, y.rows)
  const { data: values, columns: outputs } = y
  if (loss === 'mean-square') return { ...named(x), targets: { kind: 'values', values, outputs } }
  if (outputs !== 1)
    wrongValue(where, 'data.targets.columns', "1, the label of each sample (or the loss 'mean-square')", outputs)
  return { ...named(x), targets: { kind: 'labels', ...labels(where, values) } }
}

function named({ data, rows, columns }: ReturnType<typeof checkedTable>): Omit<Dataset, 'targets'> {
  return { features: data, rows, columns }
}

function labels(where: string, values: Float32Array): { labels: Int32Array; classes: number } {
  const whole = Int32Array.from(values, (value, i) =>
    integer(where, `data.targets row ${i + 1}`, value, 0, MAX_CLASSES - 1),
  )
  const classes = whole.reduce((a, b) => Math.max(a, b), 0) + 1
  if (classes < 2) wrongValue(where, 'data.targets', 'labels of at least 2 classes', 'one class alone')
  return { labels: whole, classes }
}

/** A table of finite numbers, rounded to f32. */
export function checkedTable(
  where: string,
  argument: string,
  given: unknown,
): { data: Float32Array; rows: number; columns: number } {
  const batch = options<Batch>(`${where}: ${argument}`, given, ['data', 'rows', 'columns', 'name'])
  if (!(batch.data instanceof Float32Array || batch.data instanceof Float64Array))
    return wrongKind(where, `${argument}.data`, 'a Float32Array or Float64Array', batch.data)
  const rows = integer(where, `${argument}.rows`, batch.rows, 1)
  const columns = integer(where, `${argument}.columns`, batch.columns, 1)
  if (batch.data.length !== rows * columns)
    wrongValue(
      where,
      `${argument}.data.length`,
      `${rows} rows x ${columns} columns = ${rows * columns}`,
      batch.data.length,
    )
  const data = Float32Array.from(batch.data)
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    const at = `${argument} row ${Math.floor(bad / columns) + 1}, column ${(bad % columns) + 1}`
    wrongValue(where, at, 'a finite number within f32', batch.data[bad])
  }
  return { data, rows, columns }
}
