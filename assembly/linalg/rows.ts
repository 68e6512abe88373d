// Rows of panels moved by a table of their numbers: what a convolution reads for one position of its output is such a table, whatever its
// padding, stride and groups.

/** out: count rows of 8; row i is row table[i] of in, or zeros where table[i] < 0. */
export function gatherRows(outPtr: usize, inPtr: usize, tablePtr: usize, count: i32): void {
  assert(count >= 0)
  for (let i = 0; i < count; i++) {
    const row = load<i32>(tablePtr + ((<usize>i) << 2))
    if (row < 0) memory.fill(outPtr, 0, 32)
    else {
      const from = inPtr + ((<usize>row) << 5)
      v128.store(outPtr, v128.load(from, 0), 0)
      v128.store(outPtr, v128.load(from, 16), 16)
    }
    outPtr += 32
  }
}

/** Row table[i] of out += row i of in, i ascending; rows with table[i] < 0 go nowhere. */
export function scatterRows(outPtr: usize, inPtr: usize, tablePtr: usize, count: i32): void {
  assert(count >= 0)
  for (let i = 0; i < count; i++) {
    const row = load<i32>(tablePtr + ((<usize>i) << 2))
    if (row >= 0) {
      const to = outPtr + ((<usize>row) << 5)
      v128.store(to, f32x4.add(v128.load(to, 0), v128.load(inPtr, 0)), 0)
      v128.store(to, f32x4.add(v128.load(to, 16), v128.load(inPtr, 16)), 16)
    }
    inPtr += 32
  }
}
