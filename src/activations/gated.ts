/** z times a gate that opens from 0 to 1. */
import { plain } from './activation'
import { normalCdf, normalDensity } from './erf'
import { logistic } from './sigmoidal'

/** z Phi(z). Hendrycks & Gimpel 2016. */
export const gelu = plain(
  'gelu',
  1.5335304411955353,
  [],
  (z) => z * normalCdf(z),
  (z) => normalCdf(z) + z * normalDensity(z),
)

const ROOT = Math.sqrt(2 / Math.PI)
const CUBIC = 0.044715

/** z/2 (1 + tanh(sqrt(2/pi)(z + 0.044715 z^3))), written with the logistic so that the lower tail keeps its digits. */
export const geluTanh = plain(
  'gelu-tanh',
  1.533580521666147,
  [],
  (z) => z * logistic(2 * ROOT * (z + CUBIC * z ** 3)),
  (z) => {
    const u = 2 * ROOT * (z + CUBIC * z ** 3)
    return logistic(u) + z * logistic(u) * logistic(-u) * 2 * ROOT * (1 + 3 * CUBIC * z * z)
  },
)

function swish(name: string, gain: number, steepness: number) {
  return plain(
    name,
    gain,
    [],
    (z) => z * logistic(steepness * z),
    (z) => logistic(steepness * z) * (1 + steepness * z * logistic(-steepness * z)),
  )
}

/** z/(1 + e^-z). */
export const silu = swish('silu', 1.676532470331091, 1)

/** z/(1 + e^(-1.702 z)). */
export const quickGelu = swish('quick-gelu', 1.5394587622988314, 1.702)

/** tanh(softplus(z)) and its complement 1 - tanh^2, from e^-|z| alone so that neither overflows nor cancels. */
function mishGate(z: number): { gate: number; rest: number } {
  const t = Math.exp(-Math.abs(z))
  const top = z >= 0 ? 1 + 2 * t : t * (t + 2)
  const bottom = top + (z >= 0 ? 2 * t * t : 2)
  const root = (2 * (1 + t) * (z >= 0 ? t : 1)) / bottom
  return { gate: top / bottom, rest: root * root }
}

/** z tanh(ln(1 + e^z)). Misra 2019. */
export const mish = plain(
  'mish',
  1.486847581273208,
  [],
  (z) => z * mishGate(z).gate,
  (z) => {
    const { gate, rest } = mishGate(z)
    return gate + z * rest * logistic(z)
  },
)

/** z max(0, min(6, z + 3))/6. Howard et al. 2019. */
export const hardswish = plain(
  'hardswish',
  1.7366572127665416,
  [-3, 3],
  (z) => (z <= -3 ? 0 : z >= 3 ? z : (z * (z + 3)) / 6),
  (z) => (z <= -3 ? 0 : z >= 3 ? 1 : (2 * z + 3) / 6),
)
