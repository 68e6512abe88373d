/** Rows that are read side by side: their columns fill a cache line of out, and few enough are under way that none is lost before it is full. */
const BLOCK: i32 = 16

/** out: cols x rows (row stride outStride bytes) = transpose of a: rows x cols (row stride aStride bytes); they must not overlap. */
export function transpose(outPtr: usize, outStride: usize, aPtr: usize, aStride: usize, rows: i32, cols: i32): void {
  assert(rows >= 0 && cols >= 0 && outStride >= (<usize>rows) << 2 && aStride >= (<usize>cols) << 2)
  const wholeRows = rows & ~3
  const wholeCols = cols & ~3
  for (let block = 0; block < wholeRows; block += BLOCK) {
    const end = min(block + BLOCK, wholeRows)
    for (let j = 0; j < wholeCols; j += 4) {
      const to = outPtr + <usize>j * outStride
      for (let i = block; i < end; i += 4)
        transpose4x4(to + ((<usize>i) << 2), outStride, aPtr + <usize>i * aStride + ((<usize>j) << 2), aStride)
    }
  }
  element(outPtr, outStride, aPtr, aStride, wholeRows, rows, 0, cols)
  element(outPtr, outStride, aPtr, aStride, 0, wholeRows, wholeCols, cols)
}

function transpose4x4(outPtr: usize, outStride: usize, aPtr: usize, aStride: usize): void {
  const a = v128.load(aPtr)
  const b = v128.load(aPtr + aStride)
  const c = v128.load(aPtr + 2 * aStride)
  const d = v128.load(aPtr + 3 * aStride)
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(outPtr, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5))
  v128.store(outPtr + outStride, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7))
  v128.store(outPtr + 2 * outStride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5))
  v128.store(outPtr + 3 * outStride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7))
}

/** Rows i0 .. i1 - 1 and columns j0 .. j1 - 1 of a, one by one. */
function element(
  outPtr: usize,
  outStride: usize,
  aPtr: usize,
  aStride: usize,
  i0: i32,
  i1: i32,
  j0: i32,
  j1: i32,
): void {
  for (let i = i0; i < i1; i++)
    for (let j = j0; j < j1; j++)
      store<f32>(
        outPtr + <usize>j * outStride + ((<usize>i) << 2),
        load<f32>(aPtr + <usize>i * aStride + ((<usize>j) << 2)),
      )
}
