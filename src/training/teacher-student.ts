import { integer, options, withDefault } from '../check'
import { recipe } from '../initializers/names'
import { activationKernel } from '../network/activation-kernel'
import { packRows } from '../network/panels'
import { fillNormal } from '../random/draw'
import { type Seed, seedWord } from '../random/stream'
import { inArena } from '../wasm/instance'
import type { Dataset } from './dataset'
import { drawsOf, initialParameters, parameterPlan } from './parameters'
import { passForward } from './passes'

/** Values of a small random ReLU network, to be learned from its inputs and outputs. */
export interface TeacherStudent {
  kind: 'teacher-student'
  /** Inputs, >= 1; default 10. */
  features?: number
  /** Hidden units of the teacher, >= 1; default 16. */
  hidden?: number
  /** Outputs, >= 1; default 1. */
  outputs?: number
  /** Default 600. */
  samples?: number
  /** Default 0. */
  seed?: Seed
}

/**
 * Inputs are standard normals, stream 'teacher.input', row-major; targets are those of a He-initialized ReLU network
 * features -> hidden -> outputs with the weights that initialize('he-normal') gives for the seed and layers.1.weight, layers.2.weight.
 */
export function teacherStudent(where: string, given: object): Dataset {
  const names = ['kind', 'features', 'hidden', 'outputs', 'samples', 'seed']
  const known = options<TeacherStudent>(`${where}: data`, given, names)
  const columns = integer(where, 'data.features', withDefault(known.features, 10), 1, 1 << 20)
  const hidden = integer(where, 'data.hidden', withDefault(known.hidden, 16), 1, 1 << 16)
  const outputs = integer(where, 'data.outputs', withDefault(known.outputs, 1), 1, 1 << 16)
  const rows = integer(where, 'data.samples', withDefault(known.samples, 600), 2, 1 << 24)
  const seed = seedWord(where, known.seed)
  const features = fillNormal(new Float32Array(rows * columns), { seed, stream: 'teacher.input' })
  return inArena((arena) => {
    const plan = parameterPlan([columns, hidden, outputs])
    const parameters = initialParameters(arena, plan, drawsOf(plan, recipe('he-normal')), seed)
    const rowsPtr = arena.allocate(4 * features.length)
    arena.f32(rowsPtr, features.length).set(features)
    const x = packRows(arena, rowsPtr, columns, rows, 'zero')
    const z = passForward(arena, plan, parameters, activationKernel(where, 'relu'), x)[2].h
    const transposed = arena.allocate(4 * outputs * rows)
    arena.kernels.unpackPanels(transposed, z.ptr, outputs, rows, 4 * rows)
    const ptr = arena.allocate(4 * outputs * rows)
    arena.kernels.transpose(ptr, 4 * outputs, transposed, 4 * rows, outputs, rows)
    const values = arena.f32(ptr, outputs * rows).slice()
    return { features, rows, columns, targets: { kind: 'values', values, outputs } }
  })
}
