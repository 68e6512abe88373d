import { options as checkOptions, nearest, oneOf, show, withDefault, wrongKind, wrongValue } from '../check'
import { type BaseShape, drawAtBase } from './base-shape'
import { checkScaling, type DepthScaling, ROLES, type Role, roleFactor, type WidthScaling } from './depth-scaling'
import { type Draw, scaled } from './draw'
import { expectedStd } from './expected-std'
import { kernelOf, type Layout } from './layout'
import { materialise } from './materialise'
import { drawOf, type NamedOptions } from './names'
import { cast, DTYPES, type Dtype, type Numbers } from './precision'
import { elements, type Shape } from './shape'

/** One tensor of a plan: what it is called, how large it is, and how it starts. Also takes the options of its initializer. */
export interface PlanTensor extends Omit<NamedOptions, 'seed' | 'stream' | 'out' | 'activation'> {
  name: string
  shape: Shape
  /** A name as of initNames, such as 'he-normal' or 'normal:0.02'. */
  init: string
  /** By name, since a plan is JSON. */
  activation?: string
  /** Default: the tensor's name. No two tensors may share one. */
  stream?: string
  dtype?: Dtype
  /** What the tensor does, for the scaling rules that go by roles; default 'other'. */
  role?: Role
  /** Its shape in the base model of mup, null for an axis that does not grow with width. */
  baseShape?: BaseShape
}

/** How every tensor of a model starts: JSON, the same weights wherever it is drawn, one tensor at a time or all. */
export interface Plan {
  version: 1
  /** An integer 0 .. 2^64 - 1, as decimal digits in a string when beyond 2^53 - 1. */
  seed: number | string
  /** Of every tensor that does not say its own; default 'f32'. */
  dtype?: Dtype
  scaling?: DepthScaling
  tensors: readonly PlanTensor[]
}

/** A tensor with everything settled that is settled before drawing. */
export interface PlannedTensor {
  name: string
  shape: Shape
  init: string
  stream: string
  dtype: Dtype
  layout: Layout | undefined
  /** With the scaling rule applied. */
  draw: Draw
  /** Standard deviation that the values are to have. */
  stddev: number
  /** mup's multipliers for what the tensor computes and for its learning rate; only with a baseShape. */
  width?: WidthScaling
}

const PLAN_KEYS = ['version', 'seed', 'dtype', 'scaling', 'tensors']

/**
 * Every tensor of a plan, settled but not drawn. Checks the whole plan.
 * @throws TypeError or RangeError naming the tensor and the key: nothing is drawn from a plan with a mistake in it
 */
export function planned(plan: Plan): PlannedTensor[] {
  const known = checkOptions<Plan>('plan', plan, PLAN_KEYS)
  if (known.version !== 1) return wrongValue('plan', 'version', '1', known.version)
  planSeed(known.seed)
  if (!Array.isArray(known.tensors)) return wrongKind('plan', 'tensors', 'an array', known.tensors)
  const scaling = known.scaling === undefined ? undefined : checkScaling('plan', known.scaling)
  const dtype = oneOf('plan', 'dtype', withDefault(known.dtype, 'f32'), DTYPES)
  const tensors = Array.from(known.tensors, (tensor, i) => plannedTensor(`plan: tensors[${i}]`, tensor, scaling, dtype))
  for (const key of ['name', 'stream'] as const) refuseTwins(tensors, key)
  if (scaling !== undefined) refuseIdleRule(scaling, known.tensors)
  return tensors
}

/** The values of one tensor of a plan: the same bits as when all are drawn. Fresh memory, in the tensor's dtype. */
export function drawTensor(plan: Plan, name: string): Numbers {
  const tensors = planned(plan)
  const tensor = tensors.find((one) => one.name === name)
  if (tensor) return drawPlanned(tensor, planSeed(plan.seed))
  const near = nearest(
    String(name),
    tensors.map((one) => one.name),
  )
  throw new RangeError(
    `drawTensor: name expected that of a tensor of the plan, got ${show(name)}${near ? `; did you mean '${near}'?` : ''}`,
  )
}

/** All tensors of a plan in its order, each drawn when it is asked for. */
export function* drawPlan(plan: Plan): Generator<PlannedTensor & { values: Numbers }> {
  const seed = planSeed(plan.seed)
  for (const tensor of planned(plan)) yield { ...tensor, values: drawPlanned(tensor, seed) }
}

function drawPlanned({ name, draw, shape, stream, layout, dtype }: PlannedTensor, seed: bigint): Numbers {
  const values = materialise(`plan: tensor '${name}'`, draw, shape, { seed, stream, layout })
  return dtype === 'f32' ? values : cast(values, dtype)
}

function plannedTensor(
  where: string,
  tensor: PlanTensor,
  scaling: DepthScaling | undefined,
  planDtype: Dtype,
): PlannedTensor {
  if (typeof tensor !== 'object' || tensor === null) return wrongKind(where, 'tensor', 'an object', tensor)
  const { name, shape, init, stream = name, dtype = planDtype, role = 'other', baseShape, ...options } = tensor
  if (typeof name !== 'string' || name === '') return wrongKind(where, 'name', 'a non-empty string', name)
  if (typeof stream !== 'string') return wrongKind(where, 'stream', 'a string', stream)
  elements(where, shape)
  refuseDrawOptions(where, options)
  const does = oneOf(where, 'role', role, ROLES)
  const factor = scaling === undefined ? 1 : roleFactor(scaling, does)
  const plain = drawOf(where, init, shape, options, 'init')
  const layout = plain.known.layout
  const based =
    scaling?.rule === 'mup' && baseShape !== undefined
      ? drawAtBase(where, init, shape, baseShape, { ...options, layout })
      : { draw: plain.draw, width: undefined }
  const draw = scaled(based.draw, factor)
  return {
    name,
    shape: [...shape],
    init,
    stream,
    dtype: oneOf(where, 'dtype', dtype, DTYPES),
    layout,
    draw,
    stddev: expectedStd(draw, kernelOf(layout ?? 'OI', shape)),
    ...(based.width && { width: based.width }),
  }
}

/** Seed and destination are the plan's; an activation that is no name is not JSON. */
function refuseDrawOptions(where: string, options: object): void {
  for (const key of ['seed', 'out'])
    if (key in options)
      wrongValue(
        where,
        key,
        'none: the plan has one seed and draws fresh tensors',
        (options as Record<string, unknown>)[key],
      )
  const { activation } = options as { activation?: unknown }
  if (activation !== undefined && typeof activation !== 'string')
    wrongKind(where, 'activation', "a name such as 'relu'", activation)
}

function refuseTwins(tensors: readonly PlannedTensor[], key: 'name' | 'stream'): void {
  const seen = new Map<string, number>()
  tensors.forEach((tensor, i) => {
    const other = seen.get(tensor[key])
    if (other !== undefined)
      wrongValue(`plan: tensors[${i}]`, key, `another than that of tensors[${other}]`, tensor[key])
    seen.set(tensor[key], i)
  })
}

/** A rule that touches no tensor is a mistake in the roles. */
function refuseIdleRule(scaling: DepthScaling, tensors: readonly PlanTensor[]): void {
  const touched = tensors.some(({ role, baseShape }) =>
    scaling.rule === 'mup'
      ? baseShape !== undefined
      : role === 'residual-out' || (scaling.rule === 'fixup' && role !== undefined && role !== 'other'),
  )
  const fact = scaling.rule === 'mup' ? 'baseShape' : 'role'
  if (!touched) wrongValue('plan', 'scaling', `a rule that goes by the ${fact} of some tensor`, scaling.rule)
}

function planSeed(seed: unknown): bigint {
  const expected = 'an integer in [0, 2^64 - 1] (as decimal digits in a string beyond 2^53 - 1)'
  if (typeof seed !== 'number' && typeof seed !== 'string') return wrongKind('plan', 'seed', expected, seed)
  const exact = typeof seed === 'number' ? Number.isSafeInteger(seed) : /^\d{1,20}$/.test(seed)
  const word = exact ? BigInt(seed) : -1n
  return word >= 0n && word < 2n ** 64n ? word : wrongValue('plan', 'seed', expected, seed)
}
