/** Box-Muller in f64 on the words of the contract: 16 radius words, 16 angle words -> 16 cosines, 16 sines. */
export function boxMuller(words: Uint32Array): { values: Float64Array; radii: Float64Array } {
  const values = new Float64Array(words.length)
  const radii = new Float64Array(words.length)
  for (let group = 0; group < words.length; group += 32)
    for (let lane = 0; lane < 16; lane++) {
      const i = group + lane
      const r = Math.sqrt(-2 * Math.log(((words[i] >>> 1) + 0.5) / 2 ** 31))
      const angle = ((Math.PI / 2) * ((words[i + 16] << 1) | 0)) / 2 ** 31
      const sign = words[i + 16] >>> 31 ? -1 : 1
      values[i] = sign * r * Math.cos(angle)
      values[i + 16] = r * Math.sin(angle)
      radii[i] = r
      radii[i + 16] = r
    }
  return { values, radii }
}
