const REACH = 16
const CELL = 1 / 16
const FINEST = 2 ** -14
// A jump of f'' by J leaves about J/10 here, a smooth f only FINEST f'''/6.
const THRESHOLD = 5e-3

/**
 * |third divided difference| times width^3 over [a, a + width]: falls as width^3 where f is smooth, as width^2, width or not at all
 * over a jump of f'', f' or f. Trap: with equally spaced points a kink in the middle leaves 0.
 */
function roughness(f: (z: number) => number, a: number, width: number): number {
  return Math.abs(-8 * f(a) + (64 / 3) * f(a + width / 4) - 16 * f(a + width / 2) + (8 / 3) * f(a + width))
}

/** A multiple of 1/1000 within reach of z, else z: kinks are written by people. */
function tidy(z: number): number {
  const round = Math.round(z * 1000) / 1000
  return Math.abs(round - z) <= FINEST ? round : z
}

/** Follows the roughest part of [start, start + CELL] down to FINEST; undefined as soon as f proves smooth there. */
function descend(f: (z: number) => number, start: number): number | undefined {
  let a = start
  let width = CELL
  while (width > FINEST) {
    width /= 2
    // one window is blind to a kink at 0.4 of it: neighbours are a quarter apart
    const candidates = [0, 0.25, 0.5, 0.75, 1].map((shift) => a + shift * width)
    const rough = candidates.map((c) => roughness(f, c, width))
    const most = Math.max(...rough)
    a = candidates[rough.indexOf(most)]
    if (most < THRESHOLD * width * width * Math.max(1, Math.abs(f(a)))) return undefined
  }
  return a + width / 2
}

/** The z in [-16, 16] where f, f' or f'' jumps, ascending, to about 1e-4 (exact for multiples of 1/1000). */
export function findKinks(f: (z: number) => number): number[] {
  const found: number[] = []
  // cells overlap by half, so that a kink on a border is inside one
  for (let start = -REACH; start < REACH; start += CELL / 2) {
    const place = descend(f, start)
    if (place === undefined) continue
    const z = tidy(place)
    if (!found.some((other) => Math.abs(other - z) < 2 * FINEST)) found.push(z)
  }
  return found.sort((x, y) => x - y)
}
