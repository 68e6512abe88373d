// What a plain loop reaches: the yardsticks of the bench. The memory is the library's own, imported.

/**
 * `steps` times 6 products x = x a and 6 sums y = y + b, twice over, each in an accumulator of its own with 4 lanes, all in registers:
 * 96 operations a step, and none waits for more than the last of its own kind. Returns a sum of all lanes, so that nothing is left out;
 * a = 1 keeps it finite and out of the subnormals.
 */
export function multiplyAdd(steps: i32, a: f32, b: f32): f32 {
  const va = f32x4.splat(a)
  const vb = f32x4.splat(b)
  let x0 = f32x4.splat(1)
  let x1 = f32x4.splat(2)
  let x2 = f32x4.splat(3)
  let x3 = f32x4.splat(4)
  let x4 = f32x4.splat(5)
  let x5 = f32x4.splat(6)
  let y0 = f32x4.splat(0)
  let y1 = f32x4.splat(1)
  let y2 = f32x4.splat(2)
  let y3 = f32x4.splat(3)
  let y4 = f32x4.splat(4)
  let y5 = f32x4.splat(5)
  for (let i = 0; i < steps; i++) {
    x0 = f32x4.mul(x0, va)
    y0 = f32x4.add(y0, vb)
    x1 = f32x4.mul(x1, va)
    y1 = f32x4.add(y1, vb)
    x2 = f32x4.mul(x2, va)
    y2 = f32x4.add(y2, vb)
    x3 = f32x4.mul(x3, va)
    y3 = f32x4.add(y3, vb)
    x4 = f32x4.mul(x4, va)
    y4 = f32x4.add(y4, vb)
    x5 = f32x4.mul(x5, va)
    y5 = f32x4.add(y5, vb)
    x0 = f32x4.mul(x0, va)
    y0 = f32x4.add(y0, vb)
    x1 = f32x4.mul(x1, va)
    y1 = f32x4.add(y1, vb)
    x2 = f32x4.mul(x2, va)
    y2 = f32x4.add(y2, vb)
    x3 = f32x4.mul(x3, va)
    y3 = f32x4.add(y3, vb)
    x4 = f32x4.mul(x4, va)
    y4 = f32x4.add(y4, vb)
    x5 = f32x4.mul(x5, va)
    y5 = f32x4.add(y5, vb)
  }
  x0 = f32x4.add(f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)), f32x4.add(x4, x5))
  y0 = f32x4.add(f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3)), f32x4.add(y4, y5))
  x0 = f32x4.add(x0, y0)
  return f32x4.extract_lane(x0, 0) + f32x4.extract_lane(x0, 1) + f32x4.extract_lane(x0, 2) + f32x4.extract_lane(x0, 3)
}

/** Writes `bytes` bytes from ptr on; bytes a multiple of 64. */
export function store(ptr: usize, bytes: usize): void {
  const value = f32x4.splat(1)
  for (const end = ptr + bytes; ptr < end; ptr += 64) {
    v128.store(ptr, value, 0)
    v128.store(ptr, value, 16)
    v128.store(ptr, value, 32)
    v128.store(ptr, value, 48)
  }
}

/** The exclusive or of `bytes` bytes from ptr on, folded to 32 bits; bytes a multiple of 64. */
export function read(ptr: usize, bytes: usize): i32 {
  let x0 = i32x4.splat(0)
  let x1 = x0
  let x2 = x0
  let x3 = x0
  for (const end = ptr + bytes; ptr < end; ptr += 64) {
    x0 = v128.xor(x0, v128.load(ptr, 0))
    x1 = v128.xor(x1, v128.load(ptr, 16))
    x2 = v128.xor(x2, v128.load(ptr, 32))
    x3 = v128.xor(x3, v128.load(ptr, 48))
  }
  x0 = v128.xor(v128.xor(x0, x1), v128.xor(x2, x3))
  return i32x4.extract_lane(x0, 0) ^ i32x4.extract_lane(x0, 1) ^ i32x4.extract_lane(x0, 2) ^ i32x4.extract_lane(x0, 3)
}

/** Inverts every bit of `bytes` bytes from ptr on, in place; bytes a multiple of 64. */
export function readWrite(ptr: usize, bytes: usize): void {
  for (const end = ptr + bytes; ptr < end; ptr += 64) {
    v128.store(ptr, v128.not(v128.load(ptr, 0)), 0)
    v128.store(ptr, v128.not(v128.load(ptr, 16)), 16)
    v128.store(ptr, v128.not(v128.load(ptr, 32)), 32)
    v128.store(ptr, v128.not(v128.load(ptr, 48)), 48)
  }
}
