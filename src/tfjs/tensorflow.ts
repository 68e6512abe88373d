/** What evenkeel/tfjs uses of TensorFlow.js, which it is handed and never imports. */
export interface TensorFlow {
  /** tf.tensor. */
  tensor(values: Float32Array, shape: number[], dtype: 'float32'): unknown
  initializers: {
    /** Any initializer: the way to their base class, which is not exported. */
    zeros(): object
  }
  serialization: {
    /** tf.serialization.registerClass. */
    // biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js types the constructor it takes by its own abstract class
    registerClass(cls: any): unknown
  }
}

/** The Initializer of a TensorFlow.js, as its layers take it. */
export type InitializerOf<TF extends TensorFlow> = ReturnType<TF['initializers']['zeros']>

/** The options as model JSON holds them. */
export type Config = Record<string, string | number | number[]>

/** Its layers ask `instanceof`, and the class itself is not exported: the prototype of one that is exported leads to it. */
export function baseClass(tf: TensorFlow): new () => object {
  return Object.getPrototypeOf(tf.initializers.zeros().constructor)
}
