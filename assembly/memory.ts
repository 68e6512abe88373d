// The arena: the only file that invents addresses.
//
//   0            1024            __heap_base                            memory.size
//   |  (unused)  |  static data  |  arena: grows upward  ->  top  |  free  |
//                 tables and      allocate() hands out 64-byte
//                 block scratch   aligned stretches; release()
//                                 drops all above a mark
//
// Nothing is collected: the wrapper marks, allocates, runs, copies its results out and releases.

/** Bytes of a cache line: no two stretches share one. */
const LINE: usize = 64
const PAGE: usize = 65536

let top: usize = alignUp(__heap_base)

function alignUp(address: usize): usize {
  return (address + (LINE - 1)) & ~(LINE - 1)
}

/** The present end of the arena, to be handed to release() later. */
export function mark(): usize {
  return top
}

/** Drops every stretch allocated since mark() returned `to`. */
export function release(to: usize): void {
  assert(to >= __heap_base && to <= top)
  top = to
}

/** Address of `bytes` fresh, not cleared, 64-byte aligned bytes; 0 when memory cannot grow that far. */
export function allocate(bytes: usize): usize {
  const start = top
  const end = <u64>start + <u64>bytes + <u64>LINE
  const have = <u64>memory.size() * <u64>PAGE
  if (end > have) {
    const pages = (end - have + <u64>PAGE - 1) / <u64>PAGE
    if (pages > 65536 || memory.grow(<i32>pages) < 0) return 0
  }
  top = alignUp(start + bytes)
  return start
}
