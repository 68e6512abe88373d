import type { Panels } from '../network/panels'

/** W of a dense or convolution layer, its numbers in linear memory. Panels are units x batch; columns beyond the batch are carried along. */
export interface LinearMap {
  /** out = W x. */
  forward(out: Panels, x: Panels): void
  /** grad = W^T delta. */
  back(grad: Panels, delta: Panels): void
  /** dL/dW summed over the batch, written row-major at toPtr; delta is 0 beyond the batch. */
  gradient(toPtr: number, x: Panels, delta: Panels): void
  /** |dL/dW|_F^2 of that. */
  gradientSquare(x: Panels, delta: Panels): number
}
