/** 2^exponent for any integer exponent, exactly where it is a double, else 0 or Infinity. Trap: Math.pow may differ between engines. */
export function powerOfTwo(exponent: number): number {
  if (exponent > 1023) return Number.POSITIVE_INFINITY
  if (exponent < -1074) return 0
  if (exponent < -1022) return powerOfTwo(exponent + 100) * powerOfTwo(-100)
  return new Float64Array(new BigUint64Array([BigInt(exponent + 1023) << 52n]).buffer)[0]
}
