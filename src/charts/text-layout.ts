/** Text without a browser to measure it: widths are estimated from a typical sans-serif face, on the wide side. */

// Mean advances of the widest common sans-serif face, in em: of words, of bold words, and of numbers with superscripts.
const ADVANCE = 0.56
export const BOLD_ADVANCE = 0.63
export const NUMBER_ADVANCE = 0.49

/** The width of a line in pixels, estimated. */
export function textWidth(text: string, fontSize: number, advance = ADVANCE): number {
  return [...text].length * fontSize * advance
}

/** Breaks text into lines no wider than `width` pixels; a word that is wider stands alone on its line. */
export function wrap(text: string, width: number, fontSize: number, advance = ADVANCE): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word
    if (line && textWidth(longer, fontSize, advance) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  if (line) lines.push(line)
  return lines
}

/** Shortens text to `most` characters, the last of them an ellipsis. */
export function shorten(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/**
 * Moves labels apart: the positions nearest to the wanted ones, in the same order, at least `gap` apart and inside [low, high].
 * Labels that do not fit keep the gap and run over `high`.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b)
  // pools of touching labels; each pool sits where its members' mean displacement is 0
  const pools: { members: number[]; start: number }[] = []
  for (const i of order) {
    let pool = { members: [i], start: wanted[i] }
    for (let before = pools.at(-1); before && before.start + before.members.length * gap > pool.start; ) {
      pools.pop()
      const members = [...before.members, ...pool.members]
      const mean = members.reduce((sum, m, k) => sum + wanted[m] - k * gap, 0) / members.length
      pool = { members, start: mean }
      before = pools.at(-1)
    }
    pools.push(pool)
  }
  const placed = new Array<number>(wanted.length)
  for (const pool of pools) for (const [k, i] of pool.members.entries()) placed[i] = pool.start + k * gap
  for (const [k, i] of [...order].reverse().entries())
    placed[i] = Math.min(placed[i], k === 0 ? high : placed[order[order.length - k]] - gap)
  for (const [k, i] of order.entries()) placed[i] = Math.max(placed[i], k === 0 ? low : placed[order[k - 1]] + gap)
  return placed
}
