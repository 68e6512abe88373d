import type { FanMode } from './variance-scaling'

/** An initializer of this library by name, with the options that fix it: plain data. */
export interface InitSpec {
  /** A name as of initNames, such as 'he-normal' or 'uniform:0.2'. */
  init: string
  gain?: number
  mode?: FanMode
}

/** What another library does when nobody asks for an initializer. */
export interface Preset {
  name: string
  /** The library and the version read. */
  library: string
  weight: InitSpec
  /** Biases, with the fans of their weight. */
  bias: InitSpec
  /** What is peculiar about it, in one sentence. */
  note: string
  source: string
}

/** kaiming_uniform_(a = sqrt 5): gain sqrt(2 / (1 + 5)), a bound of 1 / sqrt(fanIn). */
const PYTORCH: InitSpec = { init: 'lecun-uniform', gain: Math.sqrt(1 / 3) }

/** Standard deviation of a normal cut at 2 sigma, in sigmas: what is left of a stddev that is not corrected for the cut. */
const UNCORRECTED = 0.8796256610342398

const NO_BIAS: InitSpec = { init: 'zeros' }
const TFJS_NOTE = 'Truncates at 2 sigma without correcting for it: the variance is 0.774 of the named one.'
const TFJS_SOURCE = 'https://github.com/tensorflow/tfjs/blob/master/tfjs-layers/src/initializers.ts'

/** The defaults of other libraries in this library's terms: the same distribution, not the same numbers. */
export const presets: readonly Preset[] = [
  {
    name: 'pytorch-linear',
    library: 'PyTorch 2.14, nn.Linear',
    weight: PYTORCH,
    bias: PYTORCH,
    note: 'Variance 1 / (3 fanIn): a ReLU layer keeps a sixth of the second moment.',
    source: 'https://github.com/pytorch/pytorch/blob/main/torch/nn/modules/linear.py',
  },
  {
    name: 'pytorch-conv',
    library: 'PyTorch 2.14, nn.Conv1d, 2d, 3d',
    weight: PYTORCH,
    bias: PYTORCH,
    note: 'Variance 1 / (3 fanIn) with the right fanIn for groups; transposed convolutions swap the fans, which this preset does not.',
    source: 'https://github.com/pytorch/pytorch/blob/main/torch/nn/modules/conv.py',
  },
  {
    name: 'torchvision-conv',
    library: 'torchvision, convolutions of ResNet',
    weight: { init: 'he-normal', mode: 'fanOut' },
    bias: NO_BIAS,
    note: "He by fanOut: it keeps the gradient. The signal changes with every layer's fanIn / fanOut, which BatchNorm takes back.",
    source: 'https://github.com/pytorch/vision/blob/main/torchvision/models/resnet.py',
  },
  {
    name: 'keras-dense',
    library: 'Keras 3.15, Dense and Conv',
    weight: { init: 'xavier-uniform' },
    bias: NO_BIAS,
    note: 'Glorot uniform whatever the activation.',
    source: 'https://github.com/keras-team/keras/blob/master/keras/src/layers/core/dense.py',
  },
  {
    name: 'flax-dense',
    library: 'Flax with JAX 0.10, Dense and Conv',
    weight: { init: 'truncated-lecun-normal' },
    bias: NO_BIAS,
    note: 'LeCun normal cut at 2 sigma, the variance corrected.',
    source: 'https://github.com/google/flax/blob/main/flax/linen/linear.py',
  },
  {
    name: 'tfjs-4',
    library: 'TensorFlow.js 4.22, dense and conv layers (glorotNormal)',
    weight: { init: 'truncated-xavier-normal', gain: UNCORRECTED },
    bias: NO_BIAS,
    note: TFJS_NOTE,
    source: TFJS_SOURCE,
  },
  {
    name: 'tfjs-4-he-normal',
    library: "TensorFlow.js 4.22, kernelInitializer 'heNormal'",
    weight: { init: 'truncated-he-normal', gain: Math.SQRT2 * UNCORRECTED },
    bias: NO_BIAS,
    note: TFJS_NOTE,
    source: TFJS_SOURCE,
  },
  {
    name: 'brain.js',
    library: 'brain.js 2, NeuralNetwork',
    weight: { init: 'uniform:0.2' },
    bias: { init: 'uniform:0.2' },
    note: 'The same range at every width, and no seed.',
    source: 'https://github.com/BrainJS/brain.js/blob/master/src/utilities/random-weight.ts',
  },
  {
    name: 'convnetjs',
    library: 'ConvNetJS, fully connected and convolution layers',
    weight: { init: 'lecun-normal' },
    bias: NO_BIAS,
    note: 'Variance 1 / fanIn, also under ReLU, whose biases start at 0.1.',
    source: 'https://github.com/karpathy/convnetjs/blob/master/src/convnet_vol.js',
  },
  {
    name: 'tf-playground',
    library: 'TensorFlow Playground',
    weight: { init: 'uniform:0.5' },
    bias: { init: 'constant:0.1' },
    note: 'The same range at every width; the biases hide a vanishing signal.',
    source: 'https://github.com/tensorflow/playground/blob/master/src/nn.ts',
  },
  {
    name: 'gpt2',
    library: 'GPT-2, conv1d',
    weight: { init: 'normal:0.02' },
    bias: NO_BIAS,
    note: 'The same sigma at every width; the paper divides that of residual outputs by sqrt(2 layers): the gpt2 rule of a plan.',
    source: 'https://github.com/openai/gpt-2/blob/master/src/model.py',
  },
]
