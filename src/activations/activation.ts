/** A nonlinearity as the theory needs it: the function, its derivative, where it bends, and the gain that keeps its second moment at 1. */
export interface Activation {
  /** As a user may type it again: 'relu', 'leaky-relu:0.2'. */
  readonly name: string
  /** The name without its parameter: 'leaky-relu'; 'custom' for a user's function. */
  readonly family: string
  /** Slope or alpha of a parametrised family, else null. */
  readonly parameter: number | null
  /** The activation. */
  readonly f: (z: number) => number
  /** f'(z); at a kink, one of the two one-sided derivatives. */
  readonly derivative: (z: number) => number
  /** Ascending z where f or one of its first two derivatives jumps. */
  readonly kinks: readonly number[]
  /** 1/sqrt(E f(z)^2) for z ~ N(0, 1); null for a user's function, whose gain the theory integrates. */
  readonly gain: number | null
  /** The slope a of a positively homogeneous f (f(z) = z for z >= 0, a z below); null for every other f. */
  readonly negativeSlope: number | null
}

/** A user's own activation: the function, and what is known of it. */
export interface CustomActivation {
  /** The activation, finite for every finite z. */
  readonly f: (z: number) => number
  readonly name?: string
  /** f'(z); differentiated numerically between kinks when not given. */
  readonly derivative?: (z: number) => number
  /** z where f or one of its first two derivatives jumps; searched for in [-16, 16] when not given. */
  readonly kinks?: readonly number[]
}

/** A name ('gelu', 'leaky-relu:0.2'), a function of one number, or a record. */
export type ActivationSpec = string | ((z: number) => number) | CustomActivation | Activation

/** An activation without parameter and without a homogeneous form. */
export function plain(
  name: string,
  gain: number,
  kinks: readonly number[],
  f: (z: number) => number,
  derivative: (z: number) => number,
): Activation {
  return { name, family: name, parameter: null, f, derivative, kinks, gain, negativeSlope: null }
}
