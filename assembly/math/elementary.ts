// Elementary functions for measured numbers: the host's differ between engines, these are inside the module.

/** ln x. */
export function log(x: f64): f64 {
  return Math.log(x)
}

/** e^x. */
export function exp(x: f64): f64 {
  return Math.exp(x)
}
