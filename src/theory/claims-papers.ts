/** Standard deviations that papers and teaching notes print, and the constants of the truncated normal. */
import { type Claim, claims, MPMATH, type Row, series } from './claim'
import { gain } from './gain'
import { truncatedNormalMoments } from './truncated-normal'

/** gain/sqrt(fan_in), the standard deviation of a weight. */
const std = (name: string, fanIn: number) => gain(name) / Math.sqrt(fanIn)
const FANS = [4, 16, 64, 256]
const XAVIER_STD = ['0.500', '0.250', '0.125', '0.0625']
const HE_STD = ['0.707', '0.354', '0.177', '0.088']
const VGG_CHANNELS: [number, string, string][] = [
  [64, '0.059', '0.058925565'],
  [128, '0.042', '0.041666667'],
  [256, '0.029', '0.029462783'],
  [512, '0.021', '0.020833333'],
]
const vgg = (channels: number) => std('relu', 9 * channels)
const attenuation = () => (vgg(64) * vgg(128) ** 2 * vgg(256) ** 2 * vgg(512) ** 4) / 0.01 ** 9
const truncated = (bound: number) => truncatedNormalMoments(-bound, bound)

export const paperClaims = (): Claim[] => [
  ...claims('closed form', 'exact', [
    ...FANS.map((n, i): Row => [`Xavier 1/sqrt(fan_in), fan_in = ${n}`, XAVIER_STD[i], () => std('linear', n)]),
    ...FANS.map((n, i): Row => [`He sqrt(2/fan_in), fan_in = ${n}`, HE_STD[i], () => std('relu', n)]),
    ['He over Xavier', '1.4142135623731', () => std('relu', 16) / std('linear', 16)],
    ['He: sigma of 4 -> 3', '0.7071', () => std('relu', 4)],
    ['He: sigma of 128 -> 64', '0.125', () => std('relu', 128)],
  ]),
  ...claims('closed form', 'He et al. 2015', [
    ...VGG_CHANNELS.map(
      ([c, printed]): Row => [`VGG-B: std of a 3 x 3 layer with ${c} channels, as printed`, printed, () => vgg(c)],
    ),
    ...VGG_CHANNELS.map(([c, , exact]): Row => [`VGG-B: std of a 3 x 3 layer with ${c} channels`, exact, () => vgg(c)]),
    ['VGG-B: attenuation from conv10 to conv2 at std 0.01', '16728.76', attenuation],
    ['VGG-B: the same, as printed', '1.7e4', attenuation],
  ]),
  ...claims('closed form', MPMATH, [
    ...series(
      [
        [1, '0.53956009375489690'],
        [1.5, '0.74264689843932641'],
        [2, '0.87962566103423978'],
        [2.5, '0.95459748634458'],
        [3, '0.98657839255811'],
        [4, '0.99946450180708'],
      ],
      (bound) => `normal cut at ±${bound} sigma: standard deviation`,
      (bound) => truncated(bound).std,
    ),
    ...series(
      [
        [1, '0.683'],
        [1.5, '0.866'],
        [2, '0.9545'],
        [2.5, '0.9876'],
        [3, '0.9973'],
        [4, '0.99994'],
      ],
      (bound) => `normal cut at ±${bound} sigma: acceptance`,
      (bound) => truncated(bound).acceptance,
    ),
  ]),
]
