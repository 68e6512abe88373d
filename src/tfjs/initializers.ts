import { options as checkOptions, wrongKind } from '../check'
import { initialize, type NamedOptions } from '../index'
import { checkedLayer, type Layer, layoutOf } from './layer'
import { baseClass, type Config, type InitializerOf, type TensorFlow } from './tensorflow'

export type { InitializerOf, Layer, TensorFlow }

/** The options of the initializer of that name; the layout and transposedness follow from `layer`. */
export interface KernelOptions extends Omit<NamedOptions, 'layout' | 'out' | 'transposed' | 'groups' | 'activation'> {
  /** The gain of this activation, by name. */
  activation?: string
  /** What the kernel belongs to; to be given for rank >= 3. A matrix is a dense layer's (in, out) unless said otherwise. */
  layer?: Layer
}

type Kernel = (name: string, options?: KernelOptions) => object

const OPTIONS = ['seed', 'stream', 'layer', 'mode', 'gain', 'activation', 'stride'] as const

const kernels = new WeakMap<TensorFlow, Kernel>()

/**
 * Evenkeel's initializers as TensorFlow.js's layers take them:
 * const init = initializers(tf); tf.layers.dense({ units: 64, kernelInitializer: init('he-normal', { seed: 42, stream: 'fc1' }) }).
 * A kernel gets the values that initialize(name, shape, { ...options, layout }) gives for TensorFlow.js's layout of the layer. They are a
 * function of (seed, stream): give each layer a stream of its own. Saved models hold name and options, and load after initializers(tf).
 * @param tf TensorFlow.js 4 as the caller imported it
 * @returns a function from a name of initNames to an initializer; what it throws for a name, option or shape is of the usual grammar
 */
export function initializers<TF extends TensorFlow>(
  tf: TF,
): (name: string, options?: KernelOptions) => InitializerOf<TF> {
  if (typeof tf?.initializers?.zeros !== 'function')
    wrongKind('initializers', 'tf', 'TensorFlow.js, as of `import * as tf from "@tensorflow/tfjs"`', tf)
  const known = kernels.get(tf) ?? register(tf)
  kernels.set(tf, known)
  return known as (name: string, options?: KernelOptions) => InitializerOf<TF>
}

function register(tf: TensorFlow): Kernel {
  class EvenkeelInitializer extends baseClass(tf) {
    static readonly className = 'Evenkeel'
    readonly #name: string
    readonly #options: KernelOptions

    constructor(name: string, options: KernelOptions) {
      super()
      const { layer } = checkOptions<KernelOptions>('initializers', options, OPTIONS)
      if (layer !== undefined) checkedLayer('initializers', layer)
      this.#name = name
      this.#options = options
    }

    static fromConfig(cls: typeof EvenkeelInitializer, config: Config): EvenkeelInitializer {
      // TensorFlow.js slips in an entry of its own
      const { init, customObjects: _, ...rest } = config
      const { seed } = rest
      return new cls(init as string, { ...rest, ...(typeof seed === 'string' && { seed: BigInt(seed) }) })
    }

    apply(shape: number[], dtype: string = 'float32'): unknown {
      if (dtype !== 'float32') wrongKind('initializers', 'dtype', 'float32', dtype)
      const { layer, ...rest } = this.#options
      const layout = layoutOf('initializers', layer, shape.length)
      // with stride 1 the fans are the same either way, and laws without fans take no such option
      const transposed = layer === 'transposed' && rest.stride !== undefined && { transposed: true }
      const values = initialize(this.#name, shape, { ...rest, ...transposed, ...(layout !== undefined && { layout }) })
      return tf.tensor(values, shape, 'float32')
    }

    getConfig(): Config {
      const { seed } = this.#options
      const config = { init: this.#name, ...this.#options }
      return (typeof seed === 'bigint' ? { ...config, seed: String(seed) } : config) as Config
    }
  }
  tf.serialization.registerClass(EvenkeelInitializer)
  return (name, options = {}) => new EvenkeelInitializer(name, options)
}
