/** The exact f32 values of IEEE 754 binary16 bit patterns (1 sign, 5 exponent, 10 fraction bits); a fresh array. */
export function widenFloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bits.length)
  const words = new Uint32Array(values.buffer)
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i] & 0x8000) << 16
    const exponent = (bits[i] >> 10) & 31
    const fraction = bits[i] & 1023
    // exponent 0: zeros and subnormals count in units of 2^-24, exact in f32; bias 15 becomes 127; 31 stays infinity or NaN
    if (exponent === 0) values[i] = (sign < 0 ? -fraction : fraction) * 5.9604644775390625e-8
    else words[i] = sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13)
  }
  return values
}

/** The exact f32 values of bfloat16 bit patterns, the upper halves of float32; a fresh array. */
export function widenBfloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(bits, (word) => word << 16).buffer)
}
