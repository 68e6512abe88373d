const word = new DataView(new ArrayBuffer(8))

/** 2^exponent for any integer exponent, exactly where it is a double, else 0 or Infinity. Trap: Math.pow may differ between engines. */
export function powerOfTwo(exponent: number): number {
  if (exponent > 1023) return Number.POSITIVE_INFINITY
  if (exponent < -1074) return 0
  if (exponent < -1022) return powerOfTwo(exponent + 100) * powerOfTwo(-100)
  word.setUint32(0, (exponent + 1023) << 20)
  word.setUint32(4, 0)
  return word.getFloat64(0)
}

/** floor(log2 x) of a positive normal double, from its bits. */
export function binaryExponent(x: number): number {
  word.setFloat64(0, x)
  return ((word.getUint16(0) >> 4) & 2047) - 1023
}
